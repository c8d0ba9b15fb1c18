// List-objects on one target: a page of the objects it holds, in byte order (rest-api 2.6). Gateways merge such pages.
#pragma once

#include "ais-target/target_context.h"
#include "api/listing.h"

namespace ais::target {

/// GET /v1/buckets/<name> with a list message.
net::Task<Status> list_objects(TargetContext& target, net::HttpExchange& exchange);

/// How metadata becomes the fields of an entry.
struct EntryFormat {
  api::ListRequest::Wanted wanted;
  std::string time_layout;
  const std::vector<std::string>& locations;  // by mountpath index
};
/// Appends the entry's MessagePack map to the page.
void write_entry(codec::MsgpackWriter& out, const store::ObjectWalker::Entry& entry, const EntryFormat& format);

}  // namespace ais::target

// List-objects on one target: a page of the objects it holds, in byte order (docs/rest_api.md). Gateways merge such pages.
#pragma once

#include <string>
#include <vector>

#include "ais-target/node/target_context.h"
#include "api/listing.h"

namespace ais::target {

struct ListQuery {
  meta::Bucket bucket;  // exists, and may be listed
  api::ListRequest request;
};

/// A page, encoded as it goes over the wire (api::EncodedPage reads it).
struct ListingPage {
  std::string bytes;
  std::string last_name;  // "" at the end of the bucket
};

/// Page size and listing id are chosen where the request leaves them open. kNotImplemented, kInvalid, kNotRemoteBucket for flags;
/// kUnavailable, kMountpathFault, kInputOutput when a mountpath does not have the bucket, is away or cannot be read: names would be
/// missing.
async::Task<Result<ListingPage>> list(TargetContext& target, ListQuery query);

/// How metadata becomes the fields of an entry.
struct EntryFormat {
  api::ListRequest::Wanted wanted;
  std::string time_layout;
  const std::vector<std::string>& locations;  // by mountpath index
};
/// Appends the entry's MessagePack map to the page. A damaged object's has kEntryHeadFailed, asked for or not, and no properties.
/// `place`: 0, or why a read does not find the object where it is (kEntryMisplacedNode, kEntryMisplacedMountpath).
void write_entry(codec::MsgpackWriter& out, const disk::ObjectWalker::Entry& entry, const EntryFormat& format, uint16_t place);

}  // namespace ais::target

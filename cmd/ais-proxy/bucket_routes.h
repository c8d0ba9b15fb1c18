// /v1/buckets[/B]: create, destroy, list, look at and change buckets, and list their objects (docs/rest_api.md). Reads are answered
// from this gateway's snapshot; changes are made by the primary, to which other gateways forward the whole request.
#pragma once

#include <string>
#include <vector>

#include "ais-proxy/metadata_editor.h"
#include "ais-proxy/object_listing.h"
#include "ais-proxy/proxy_context.h"
#include "api/message.h"
#include "meta/bucket.h"

namespace ais::proxy {

class BucketRoutes {
 public:
  BucketRoutes(ProxyContext& context, MetadataEditor& editor) : context_(context), editor_(editor), listing_(context) {}

  async::Task<void> handle(net::HttpExchange& exchange);
  /// The same for a request whose bucket is named by another path (easy URL).
  async::Task<void> handle_as(net::HttpExchange& exchange, std::string raw_path, std::string raw_query);

 private:
  struct Call;
  async::Task<Status> serve(net::HttpExchange& exchange, Call& call);
  async::Task<Status> get(net::HttpExchange& exchange, Call& call);
  async::Task<Status> list_buckets(net::HttpExchange& exchange, const Call& call, std::string name);
  async::Task<Status> list_inventories(net::HttpExchange& exchange, const Call& call);
  async::Task<Status> list_objects(net::HttpExchange& exchange, Call& call, codec::JsonView value);
  async::Task<Status> head(net::HttpExchange& exchange, const Call& call);
  async::Task<Status> change(net::HttpExchange& exchange, Call& call);
  Status refuse_action(net::Method method, const meta::Bucket& bucket, std::string_view action, std::string_view expected) const;
  Result<DocumentEdit> edit_for(net::Method method, const meta::Bucket& bucket, const api::ActionMessage& message) const;

  ProxyContext& context_;
  MetadataEditor& editor_;
  ObjectListing listing_;
};

/// The buckets that a query asks for, as the JSON array of the wire; system buckets are hidden unless `with_system`. An empty
/// `provider` means all. `wanted` with a name: that bucket of its namespace; without: all of its namespace, where the global one stands
/// for every one (AIStore's rule).
std::string buckets_json(const meta::BucketMetadata& bmd, std::string_view provider, const meta::Bucket& wanted, bool with_system);

}  // namespace ais::proxy

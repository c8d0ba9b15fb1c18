// Listing the objects of a bucket: one page from all targets, merged (docs/rest_api.md). A page is complete or it is an error: a
// target that cannot answer fails the listing.
#pragma once

#include <string>
#include <vector>

#include "ais-proxy/page_merge.h"
#include "ais-proxy/proxy_context.h"
#include "api/listing.h"
#include "api/message.h"
#include "meta/bucket.h"

namespace ais::proxy {

class ObjectListing {
 public:
  explicit ObjectListing(ProxyContext& context) : context_(context) {}

  /// Answers GET /v1/buckets/B with the list request in `request`; the bucket is known to exist.
  async::Task<void> handle(net::HttpExchange& exchange, meta::Bucket bucket, api::ListRequest request);

 private:
  async::Task<Result<std::string>> list(const meta::Bucket& bucket, api::ListRequest& request);
  async::Task<Status> fetch(const std::vector<meta::Node>& nodes, const meta::Bucket& bucket, const api::ListRequest& request,
                            PageMerger& merger);
  async::Task<void> fetch_one(const meta::Node& node, const meta::Bucket& bucket, api::ListRequest request, size_t source,
                              PageMerger& merger, Status& failure);

  ProxyContext& context_;
};

}  // namespace ais::proxy

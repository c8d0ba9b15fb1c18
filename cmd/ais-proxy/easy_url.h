// Easy URLs: /ais/B[/O], /gs/B[/O], /az/B[/O] stand for /v1/buckets/B and /v1/objects/B/O of that provider; the provider alone
// lists its buckets.
#pragma once

#include <string>
#include <string_view>

#include "ais-proxy/bucket_routes.h"
#include "ais-proxy/object_redirect.h"
#include "ais-proxy/proxy_context.h"

namespace ais::proxy {

/// What an easy URL stands for.
struct EasyTarget {
  bool object = false;  // of /v1/objects, else of /v1/buckets
  std::string raw_path;
  std::string raw_query;
};
/// `raw_path` begins with "/<scheme>". A query that names a provider keeps it.
EasyTarget translate_easy_url(std::string_view raw_path, std::string_view raw_query);

class EasyUrl {
 public:
  EasyUrl(ProxyContext& context, BucketRoutes& buckets, ObjectRedirect& objects)
      : context_(context), buckets_(buckets), objects_(objects) {}
  async::Task<void> handle(net::HttpExchange& exchange);

 private:
  ProxyContext& context_;
  BucketRoutes& buckets_;
  ObjectRedirect& objects_;
};

}  // namespace ais::proxy

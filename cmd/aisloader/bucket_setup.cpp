#include "aisloader/bucket_setup.h"

#include "base/strings.h"

namespace ais::loader {

Result<std::unique_ptr<BucketSetup>> BucketSetup::connect(const Options& options) {
  std::unique_ptr<BucketSetup> setup(new BucketSetup(options));
  AIS_TRY(setup->loop_, net::EventLoop::create("setup"));
  setup->http_ = std::make_unique<net::HttpClient>(*setup->loop_, net::HttpClientOptions{});
  Result<api::ClusterClient> cluster = api::ClusterClient::create(*setup->http_, options.endpoint);
  if (!cluster.ok()) return cluster.status().with_context("--endpoint");
  setup->cluster_.emplace(std::move(cluster).value());
  return setup;
}

net::Task<Result<bool>> BucketSetup::ensure(bool may) {
  Result<meta::BucketProperties> props = co_await cluster_->head_bucket(options_.bucket);
  if (props.ok()) co_return false;
  if (props.status().http_status() != 404) co_return props.status();
  if (!may) {
    std::string text = options_.bucket.cname() + " does not exist, and there is nothing to read: say --numobjects or --pctput";
    co_return Status(Code::kNotFound, std::move(text));
  }
  std::string bucket_props = options_.bucket_props.empty() ? "null" : options_.bucket_props;
  Status created = co_await cluster_->create_bucket(options_.bucket, std::move(bucket_props));
  if (created.code() == Code::kBucketAlreadyExists) co_return false;
  if (!created.ok()) co_return created;
  co_return true;
}

net::Task<Result<NameList>> BucketSetup::list(std::string prefix, const std::atomic<bool>& stop) {
  api::ListRequest request;
  request.prefix = std::move(prefix);
  request.props = "name";
  request.flags = api::kListNameOnly;
  if (options_.list_cached) request.flags |= api::kListCached;
  NameList names;
  bool more = true;
  while (more && !names.truncated() && !stop.load(std::memory_order_relaxed)) {
    AIS_CO_TRY(api::EncodedPage page, co_await cluster_->list_page(options_.bucket, request));
    for (const api::EncodedPage::Item& item : page.items)
      if (!names.add(percent_encode(item.name, "/"))) break;
    more = page.continuation_token > request.continuation_token;
    request.uuid = page.uuid;
    request.continuation_token = page.continuation_token;
  }
  co_return names;
}

Result<std::vector<net::Url>> BucketSetup::gateways() {
  std::vector<net::Url> out = {cluster_->endpoint()};
  Result<meta::ClusterMap> map = net::run_task(*loop_, cluster_->cluster_map());
  if (map.ok()) peers_ = map->targets.size() + (options_.random_gateway ? map->proxies.size() : 1);
  if (!options_.random_gateway) return out;
  if (!map.ok()) return map.status().with_context("--randomproxy");
  out.clear();
  for (const auto& [id, node] : map->proxies) {
    if (!node.active()) continue;
    AIS_TRY(net::Url url, net::Url::parse(node.public_net.url()));
    out.push_back(std::move(url));
  }
  if (out.empty()) return Status(Code::kNotFound, "--randomproxy: the cluster map has no active gateway");
  return out;
}

Result<bool> BucketSetup::ensure_bucket(bool may) { return net::run_task(*loop_, ensure(may)); }
Result<NameList> BucketSetup::list_names(const std::string& prefix, const std::atomic<bool>& stop) {
  return net::run_task(*loop_, list(prefix, stop));
}
Status BucketSetup::destroy_bucket() { return net::run_task(*loop_, cluster_->destroy_bucket(options_.bucket)); }

}  // namespace ais::loader

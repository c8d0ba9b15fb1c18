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

net::Task<Result<bool>> BucketSetup::ensure() {
  Result<meta::BucketProperties> props = co_await cluster_->head_bucket(options_.bucket);
  if (props.ok()) co_return false;
  if (props.status().http_status() != 404) co_return props.status();
  Status created = co_await cluster_->create_bucket(options_.bucket);
  if (created.code() == Code::kBucketAlreadyExists) co_return false;
  if (!created.ok()) co_return created;
  co_return true;
}

net::Task<Result<std::vector<std::string>>> BucketSetup::list() {
  api::ListRequest request;
  request.prefix = options_.subdirectory;
  request.props = "name";
  request.flags = api::kListNameOnly;
  std::vector<std::string> names;
  while (true) {
    AIS_CO_TRY(api::EncodedPage page, co_await cluster_->list_page(options_.bucket, request));
    for (const api::EncodedPage::Item& item : page.items) names.push_back(percent_encode(item.name, "/"));
    bool advances = page.continuation_token > request.continuation_token;
    if (!advances || names.size() >= kNamesMax) break;
    request.uuid = page.uuid;
    request.continuation_token = page.continuation_token;
  }
  if (names.size() > kNamesMax) names.resize(kNamesMax);
  co_return names;
}

Result<bool> BucketSetup::ensure_bucket() { return net::run_task(*loop_, ensure()); }
Result<std::vector<std::string>> BucketSetup::list_names() { return net::run_task(*loop_, list()); }
Status BucketSetup::destroy_bucket() { return net::run_task(*loop_, cluster_->destroy_bucket(options_.bucket)); }

}  // namespace ais::loader

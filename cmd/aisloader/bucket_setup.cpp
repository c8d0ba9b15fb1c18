#include "aisloader/bucket_setup.h"

#include <algorithm>

#include "base/strings.h"
#include "cli/properties.h"

namespace ais::loader {
namespace {

constexpr Nanoseconds kFactsTimeout = std::chrono::seconds(3);  // of each question
constexpr Nanoseconds kMapTimeout = std::chrono::seconds(10);

}  // namespace

Result<std::unique_ptr<BucketSetup>> BucketSetup::connect(const Options& options, net::HttpClientOptions http_options) {
  std::unique_ptr<BucketSetup> setup(new BucketSetup(options, http_options));
  AIS_TRY(setup->loop_, net::EventLoop::create("setup"));
  setup->http_ = std::make_unique<net::HttpClient>(*setup->loop_, http_options);
  Result<api::ClusterClient> cluster = api::ClusterClient::create(*setup->http_, options.endpoint);
  if (!cluster.ok()) return cluster.status().with_context("--endpoint");
  setup->cluster_.emplace(std::move(cluster).value());
  setup->cluster_->set_timeout(options.timeout);
  return setup;
}

void BucketSetup::set_patience(Nanoseconds patience) {
  const Nanoseconds wanted = options_.timeout;
  cluster_->set_timeout(wanted.count() > 0 ? std::min(wanted, patience) : patience);
}

void BucketSetup::renew() {
  auto fresh = std::make_unique<net::HttpClient>(*loop_, http_options_);
  cluster_ = cluster_->over(*fresh);
  http_ = std::move(fresh);
}

async::Task<Result<bool>> BucketSetup::ensure(bool may) {
  Result<meta::BucketProperties> props = co_await cluster_->head_bucket(options_.bucket);
  if (props.ok()) co_return false;
  if (props.status().http_status() != 404) co_return props.status();
  if (!may) {
    std::string text = options_.bucket.cname() + " does not exist, so there is nothing to read: give --numobjects or --pctput";
    co_return Status(Code::kNotFound, std::move(text));
  }
  std::string bucket_props = options_.bucket_props.empty() ? "null" : options_.bucket_props;
  Status created = co_await cluster_->create_bucket(options_.bucket, std::move(bucket_props));
  if (created.code() == Code::kBucketAlreadyExists) co_return false;
  if (!created.ok()) co_return created;
  co_return true;
}

async::Task<Result<std::string>> BucketSetup::set_props() {
  AIS_CO_TRY(const codec::JsonDocument wanted, codec::JsonDocument::parse(options_.bucket_props));
  AIS_CO_TRY(const meta::BucketProperties now, co_await cluster_->head_bucket(options_.bucket));
  codec::JsonWriter now_text;
  now.write_json(now_text);
  AIS_CO_TRY(const codec::JsonDocument present, codec::JsonDocument::parse(now_text.take()));
  cli::Assignments changes;
  std::string told;
  for (const auto& [name, value] : cli::flatten(wanted.root())) {
    const cli::Assignments same = cli::in_section(cli::flatten(present.root()), name);
    if (same.size() == 1 && same[0].second == value) continue;
    changes.emplace_back(name, value);
    told += (told.empty() ? "" : ", ") + name + "=" + value;
  }
  if (changes.empty()) co_return std::string();
  AIS_CO_TRY(std::string json, cli::bucket_properties_json(changes));
  AIS_CO_RETURN_IF_ERROR(co_await cluster_->set_bucket_props(options_.bucket, std::move(json)));
  co_return told;
}

async::Task<Result<NameList>> BucketSetup::list(std::string prefix, const std::atomic<bool>& stop) {
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
    if (!api::advances(request, page)) co_return Status(Code::kUnexpectedStatus, "the listing of the bucket does not advance");
    more = !page.continuation_token.empty();
    request.uuid = page.uuid;
    request.continuation_token = page.continuation_token;
  }
  co_return names;
}

Result<std::vector<net::Url>> BucketSetup::gateways() {
  std::vector<net::Url> out = {cluster_->endpoint()};
  set_patience(kMapTimeout);
  Result<meta::ClusterMap> map = run(cluster_->cluster_map());
  cluster_->set_timeout(options_.timeout);
  if (map.code() == Code::kTimeout) return map.status();  // who is silent is not asked again
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

async::Task<ClusterFacts> BucketSetup::ask_facts() {
  ClusterFacts none;
  set_patience(kFactsTimeout);
  Result<meta::ClusterMap> map = co_await cluster_->cluster_map();
  if (!map.ok()) {
    none.missing = map.status().message();
    co_return none;
  }
  std::string missing;
  auto text = [&missing](Result<std::string> answer) {
    if (!answer.ok() && missing.empty()) missing = answer.status().message();
    return answer.ok() ? std::move(answer).value() : std::string();
  };
  const std::string gateway = text(co_await cluster_->daemon_query("node_status"));
  const std::string system = text(co_await cluster_->cluster_query("sysinfo"));
  const std::string nodes = text(co_await cluster_->cluster_query("node_stats"));
  ClusterFacts out = read_cluster_facts(*map, gateway, system, nodes);
  out.missing = std::move(missing);
  co_return out;
}

ClusterFacts BucketSetup::cluster_facts() {
  ClusterFacts out = run(ask_facts());
  cluster_->set_timeout(options_.timeout);
  return out;
}

Result<bool> BucketSetup::ensure_bucket(bool may) { return run(ensure(may)); }
Result<std::string> BucketSetup::set_bucket_props() {
  if (options_.bucket_props.empty()) return std::string();
  Result<std::string> told = run(set_props());
  return told.ok() ? told : Result<std::string>(told.status().with_context("--bprops"));
}
Result<NameList> BucketSetup::list_names(const std::string& prefix, const std::atomic<bool>& stop) { return run(list(prefix, stop)); }
Status BucketSetup::destroy_bucket() { return run(cluster_->destroy_bucket(options_.bucket)); }

}  // namespace ais::loader

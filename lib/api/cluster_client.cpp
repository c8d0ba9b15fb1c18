// ClusterClient: the cluster and its buckets. Objects: cluster_client_objects.cpp.
#include "api/cluster_client.h"

#include "api/names.h"
#include "api/query.h"
#include "base/strings.h"

namespace ais::api {
namespace {

constexpr size_t kAnswerMax = 256 << 20;  // a page, a map or a configuration; never an object

std::string bucket_target(const meta::Bucket& bucket) {
  std::string target = std::string(path::kBuckets) + "/" + bucket.name;
  const std::string query = QueryBuilder().add_bucket(bucket).take();
  return query.empty() ? target : target + "?" + query;
}

std::string what_target(std::string_view path, std::string_view what) {
  return std::string(path) + "?" + QueryBuilder().add(query::kWhat, what).take();
}

std::string config_target(std::string_view path, const std::vector<std::pair<std::string, std::string>>& values, bool transient) {
  QueryBuilder query;
  for (const auto& [name, value] : values) query.add(name, value);
  if (transient) query.add(query::kTransient, "true");
  return std::string(path) + "/" + std::string(action::kSetConfig) + "?" + query.take();
}

async::Task<Status> without_body(async::Task<Result<std::string>> call) {
  const auto answer = co_await std::move(call);
  co_return answer.status();
}

Result<std::vector<meta::Bucket>> read_buckets(const std::string& text) {
  AIS_TRY(const auto document, codec::JsonDocument::parse(text));
  std::vector<meta::Bucket> buckets;
  AIS_RETURN_IF_ERROR(document.root().for_each([&](std::string_view, codec::JsonView item) {
    meta::Bucket bucket;
    bucket.name = item["name"].string_or("");
    bucket.provider = item["provider"].string_or("ais");
    bucket.ns.uuid = item["namespace"]["uuid"].string_or("");
    bucket.ns.name = item["namespace"]["name"].string_or("");
    buckets.push_back(std::move(bucket));
    return Status();
  }));
  return buckets;
}

}  // namespace

Result<ClusterClient> ClusterClient::create(net::HttpClient& http, std::string_view endpoint) {
  std::string url(endpoint);
  if (url.find("://") == std::string::npos) url = "http://" + url;
  AIS_TRY(net::Url parsed, net::Url::parse(url));
  parsed.target = "/";
  return ClusterClient(http, std::move(parsed));
}

ClusterClient ClusterClient::over(net::HttpClient& http) const {
  ClusterClient other = *this;
  other.http_ = &http;
  return other;
}

async::Task<Result<std::string>> ClusterClient::exchange(net::Method method, std::string target, std::string headers, MessageBody body,
                                                         std::string node_id) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.method = method;
  request.target = std::move(target);
  request.headers = std::move(headers);
  request.body = body.bytes;
  request.timeout = timeout_;
  if (!body.bytes.empty()) request.add_header("Content-Type", body.content_type);
  AIS_CO_TRY(net::ClientResponse response, co_await http_->send_following(std::move(request)));
  std::string text;
  if (method != net::Method::kHead) {
    AIS_CO_TRY(text, co_await response.read_all(kAnswerMax));
  }
  if (response.status() >= 200 && response.status() <= 299) co_return text;
  if (method == net::Method::kHead) text = std::string(response.headers().get_or_empty(header::kError));
  if (!node_id.empty()) co_return status_from_relayed_error(response.status(), text, node_id);
  co_return status_from_error(response.status(), text);
}

async::Task<Result<std::string>> ClusterClient::call(net::Method method, std::string target, std::string headers, std::string body) {
  return call(method, std::move(target), std::move(headers), MessageBody{kJsonContentType, std::move(body)});
}

async::Task<Result<std::string>> ClusterClient::call(net::Method method, std::string target, std::string headers, MessageBody body) {
  return exchange(method, std::move(target), std::move(headers), std::move(body), "");
}

async::Task<Result<std::string>> ClusterClient::call_node(net::Method method, std::string node_id, std::string target, std::string body) {
  std::string headers = std::string(header::kNodeId) + ": " + node_id + "\r\n";
  MessageBody message{kJsonContentType, std::move(body)};
  return exchange(method, std::string(path::kReverse) + target, std::move(headers), std::move(message), std::move(node_id));
}

async::Task<Result<meta::ClusterMap>> ClusterClient::cluster_map() {
  AIS_CO_TRY(const std::string text, co_await daemon_query("smap"));
  co_return meta::ClusterMap::from_json(text);
}

async::Task<Result<std::string>> ClusterClient::daemon_query(std::string what) {
  return call(net::Method::kGet, what_target(path::kDaemon, what), "", "");
}

async::Task<Result<std::string>> ClusterClient::cluster_query(std::string what) {
  return call(net::Method::kGet, what_target(path::kCluster, what), "", "");
}

async::Task<Result<std::string>> ClusterClient::node_query(std::string node_id, std::string query) {
  return call_node(net::Method::kGet, std::move(node_id), "/daemon?" + query, "");
}

async::Task<Status> ClusterClient::set_cluster_config(std::vector<std::pair<std::string, std::string>> values, bool transient) {
  return without_body(call(net::Method::kPut, config_target(path::kCluster, values, transient), "", ""));
}

async::Task<Status> ClusterClient::reset_cluster_config() {
  return without_body(call(net::Method::kPut, std::string(path::kCluster), "", action_message(action::kResetConfig, "")));
}

async::Task<Status> ClusterClient::set_node_config(std::string node_id, std::vector<std::pair<std::string, std::string>> values,
                                                   bool transient) {
  return without_body(call_node(net::Method::kPut, std::move(node_id), config_target("/daemon", values, transient), ""));
}

async::Task<Status> ClusterClient::reset_node_config(std::string node_id) { return node_action(std::move(node_id), action::kResetConfig); }

async::Task<Status> ClusterClient::node_action(std::string node_id, std::string_view action) {
  std::string body = action_message(action, "");
  return without_body(call_node(net::Method::kPut, std::move(node_id), "/daemon", std::move(body)));
}

async::Task<Status> ClusterClient::remove_node(std::string node_id) {
  std::string target = std::string(path::kCluster) + "/daemon/" + percent_encode(node_id);
  return without_body(call(net::Method::kDelete, std::move(target), "", ""));
}

async::Task<Status> ClusterClient::health(bool readiness) {
  return without_body(call(net::Method::kGet, std::string(path::kHealth) + (readiness ? "?readiness=true" : ""), "", ""));
}

async::Task<Status> ClusterClient::create_bucket(meta::Bucket bucket, std::string props_json) {
  return without_body(call(net::Method::kPost, bucket_target(bucket), "", action_message(action::kCreateBucket, "", props_json)));
}

async::Task<Status> ClusterClient::destroy_bucket(meta::Bucket bucket) {
  return without_body(call(net::Method::kDelete, bucket_target(bucket), "", action_message(action::kDestroyBucket, "")));
}

async::Task<Result<std::vector<meta::Bucket>>> ClusterClient::list_buckets(std::string provider) {
  std::string target(path::kBuckets);
  if (!provider.empty()) target += "?" + QueryBuilder().add(query::kProvider, provider).take();
  std::string body = action_message(action::kList, "");
  AIS_CO_TRY(const std::string text, co_await call(net::Method::kGet, std::move(target), "", std::move(body)));
  co_return read_buckets(text);
}

async::Task<Result<meta::BucketProperties>> ClusterClient::head_bucket(meta::Bucket bucket) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.method = net::Method::kHead;
  request.target = bucket_target(bucket);
  AIS_CO_TRY(const net::ClientResponse response, co_await http_->send_following(std::move(request)));
  if (response.status() != 200) {
    co_return status_from_error(response.status(), response.headers().get_or_empty(header::kError));
  }
  AIS_CO_TRY(const auto document, codec::JsonDocument::parse(response.headers().get_or_empty(header::kBucketProps)));
  co_return meta::BucketProperties::read_json(document.root());
}

async::Task<Status> ClusterClient::set_bucket_props(meta::Bucket bucket, std::string props_json) {
  return without_body(call(net::Method::kPatch, bucket_target(bucket), "", action_message(action::kSetBucketProps, "", props_json)));
}

async::Task<Status> ClusterClient::reset_bucket_props(meta::Bucket bucket) {
  return without_body(call(net::Method::kPatch, bucket_target(bucket), "", action_message(action::kResetBucketProps, "")));
}

async::Task<Result<EncodedPage>> ClusterClient::list_page(meta::Bucket bucket, ListRequest request) {
  MessageBody body = action_body(action::kList, "", request.to_msgpack());
  std::string headers = "Accept: " + std::string(kMsgpackContentType) + "\r\n";
  std::string target = bucket_target(bucket);
  AIS_CO_TRY(std::string page, co_await call(net::Method::kGet, std::move(target), std::move(headers), std::move(body)));
  co_return EncodedPage::parse(std::move(page));
}

}  // namespace ais::api

#include "ais-proxy/object_listing.h"

#include <algorithm>
#include <utility>

#include "ais-proxy/node_call.h"
#include "api/names.h"
#include "api/query.h"
#include "async/parallel.h"
#include "sys/random.h"

namespace ais::proxy {

namespace {

constexpr size_t kListIdLength = 12;
constexpr size_t kListIdMin = 9, kListIdMax = 32;

// 0.8 of the protocol: clients check the id they get back.
Status settle_list_id(std::string& id) {
  if (id.empty()) {
    static thread_local sys::Random random;
    id = random.identifier(kListIdLength);
    return {};
  }
  const auto edge = [](char c) { return c == '-' || c == '_'; };
  const bool letters = std::all_of(id.begin(), id.end(), [&](unsigned char c) { return std::isalnum(c) || edge(static_cast<char>(c)); });
  if (!letters || id.size() < kListIdMin || id.size() > kListIdMax || edge(id.front()) || edge(id.back()))
    return Status(Code::kInvalid, "listing id is not valid");
  return {};
}

Result<std::vector<meta::Node>> nodes_to_ask(const meta::ClusterMap& smap, const std::string& pinned) {
  std::vector<meta::Node> nodes;
  if (!pinned.empty()) {
    const auto found = smap.targets.find(pinned);
    if (found == smap.targets.end()) {
      return make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", pinned.c_str(),
                         static_cast<unsigned long long>(smap.version));
    }
    nodes.push_back(found->second);
    return nodes;
  }
  for (const auto& [id, node] : smap.targets) {
    if (node.active()) nodes.push_back(node);
  }
  if (nodes.empty()) return Status(Code::kNoTargets, "no storage targets in the cluster map");
  return nodes;
}

std::string list_target(const meta::Bucket& bucket) {
  api::QueryBuilder query;
  query.add_bucket(bucket);
  std::string target = std::string(api::path::kBuckets) + "/" + bucket.name;
  if (const std::string text = query.take(); !text.empty()) target.append("?").append(text);
  return target;
}

// A bad request is the client's, in the target's words. A target that does not know the bucket has asked the primary: it was destroyed
// meanwhile. Anything else means that names would be missing. What a disk refuses will be refused again, so that stays 500; the rest may
// pass.
Status listing_failure(const meta::Node& node, const Status& cause) {
  const int status = cause.http_status();
  if (status == 400 || status == 501 || cause.code() == Code::kBucketNotFound) return cause;
  if (status == 500 && !is_retryable(cause.code())) return cause.with_context(node.display_name() + " cannot list");
  return Status(Code::kNodeUnavailable, node.display_name() + " cannot list: " + cause.message());
}

}  // namespace

async::Task<void> ObjectListing::handle(net::HttpExchange& exchange, meta::Bucket bucket, api::ListRequest request) {
  Result<std::string> page = co_await list(bucket, request);
  const bool as_msgpack = api::accepts_msgpack(exchange.request());
  if (page.ok() && !as_msgpack) {
    Result<api::EncodedPage> parsed = api::EncodedPage::parse(std::move(*page));
    page = parsed.ok() ? api::page_to_json(*parsed) : Result<std::string>(parsed.status());
  }
  context_.count(page.ok() ? ProxyMetric::kList : ProxyMetric::kErrList);
  if (!page.ok()) {
    co_await answer(api::respond_error(exchange, page.status(), context_.name));
  } else if (as_msgpack) {
    co_await answer(api::respond_msgpack(exchange, std::move(*page)));
  } else {
    co_await answer(api::respond_json(exchange, std::move(*page)));
  }
}

async::Task<Result<std::string>> ObjectListing::list(const meta::Bucket& bucket, api::ListRequest& request) {
  AIS_CO_RETURN_IF_ERROR(settle_list_id(request.uuid));
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  AIS_CO_TRY(const std::vector<meta::Node> nodes, nodes_to_ask(*smap, request.target));
  const uint64_t page_size = request.page_size == 0 ? api::kListPageMax : std::min(request.page_size, api::kListPageMax);
  PageMerger merger(nodes.size(), page_size, request.uuid, request.after());
  while (!merger.merge()) {
    request.page_size = names_per_target(merger.remaining(), nodes.size());
    AIS_CO_RETURN_IF_ERROR(co_await fetch(nodes, bucket, request, merger));
  }
  co_return merger.take();
}

async::Task<Status> ObjectListing::fetch(const std::vector<meta::Node>& nodes, const meta::Bucket& bucket, const api::ListRequest& request,
                                         PageMerger& merger) {
  const std::vector<size_t> hungry = merger.starving();
  std::vector<Status> failures(nodes.size());
  std::vector<async::Task<void>> tasks;
  for (const size_t source : hungry) {
    api::ListRequest own = request;
    own.continue_behind(merger.position_of(source));
    tasks.push_back(fetch_one(nodes[source], bucket, std::move(own), source, merger, failures[source]));
  }
  co_await async::when_all(std::move(tasks));
  for (const size_t source : hungry) {
    if (!failures[source].ok()) co_return listing_failure(nodes[source], failures[source]);
  }
  co_return Status();
}

async::Task<void> ObjectListing::fetch_one(const meta::Node& node, const meta::Bucket& bucket, api::ListRequest request, size_t source,
                                           PageMerger& merger, Status& failure) {
  NodeCall call;
  call.target = list_target(bucket);
  api::MessageBody message = api::action_body(api::action::kList, "", request.to_msgpack());
  call.headers = "Accept: application/msgpack\r\nContent-Type: " + std::string(message.content_type) + "\r\n";
  call.body = std::move(message.bytes);
  call.timeout = context_.daemon.cluster().snapshot().config->client.list_timeout.value;
  Result<std::string> body = co_await call_node_ok(context_, node.control_net, std::move(call));
  if (!body.ok()) {
    failure = body.status();
    co_return;
  }
  Result<api::EncodedPage> page = api::EncodedPage::parse(std::move(*body));
  failure = page.ok() ? merger.feed(source, std::move(*page)) : page.status();
}

}  // namespace ais::proxy

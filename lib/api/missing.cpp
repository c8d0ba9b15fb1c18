#include "api/missing.h"

#include <algorithm>

#include "api/message.h"
#include "base/strings.h"

namespace ais::api {
namespace {

using enum net::Method;

constexpr unsigned kEveryIntra = kGatewayIntra | kTargetIntra;

// Lists and queries of downloads, sorting jobs and ETLs are the gateway's own rows: there are none, which is an answer.
constexpr MissingRoute kRoutes[] = {
    {"/v1/ml", "GET", kGatewayPublic | kTargetPublic | kEveryIntra, "batch reading"},
    {"/v1/tokens", "POST, DELETE", kGatewayPublic | kGatewayIntra, "authentication"},
    {"/s3", "GET, HEAD, PUT, POST, DELETE", kGatewayPublic | kTargetPublic, "the S3 API", /*s3=*/true},
    {"/v1/download", "GET, POST, PUT, DELETE", kTargetIntra, "downloading"},
    {"/v1/sort", "GET, POST, PUT, DELETE", kTargetIntra, "sorting of shards"},
    {"/v1/etl", "GET, HEAD, PUT, POST, DELETE", kTargetIntra, "ETL"},
    {"/v1/xactions", "GET, PUT, DELETE", kTargetIntra, "running of jobs"},
    {"/v1/notifs", "PUT, POST", kGatewayIntra, "running of jobs"},
    {"/v1/ic", "GET, POST", kGatewayIntra, "running of jobs"},
    {"/v1/vote", "GET, PUT", kEveryIntra, "election of a primary"},
    {"/v1/txn", "POST", kTargetIntra, "changing of many objects"},
    {"/v1/ec", "GET, POST", kEveryIntra, "erasure coding"},
    {"/v1/objstream", "PUT", kTargetIntra, "streaming between targets"},
};

constexpr MissingAction kActions[] = {
    {ActionOn::kBucket, kGet, "summary-bck", "summarising of buckets"},
    {ActionOn::kBucket, kGet, "summary-shard", "indexing of shards"},
    {ActionOn::kBucket, kPost, "copy-bck", "copying of buckets"},
    {ActionOn::kBucket, kPost, "etl-bck", "ETL"},
    {ActionOn::kBucket, kPost, "copy-listrange", "copying of many objects"},
    {ActionOn::kBucket, kPost, "etl-listrange", "ETL"},
    {ActionOn::kBucket, kPost, "move-bck", "renaming of buckets"},
    {ActionOn::kBucket, kPost, "make-n-copies", "mirroring"},
    {ActionOn::kBucket, kPost, "ec-encode", "erasure coding"},
    {ActionOn::kBucket, kPost, "prefetch-listrange", "prefetching"},
    {ActionOn::kBucket, kPost, "rechunk", "chunked storage"},
    {ActionOn::kBucket, kPost, "index-shard", "indexing of shards"},
    {ActionOn::kBucket, kPost, "create-inventory", "bucket inventory"},
    {ActionOn::kBucket, kPost, "add-remote-bck", "backend support"},
    {ActionOn::kBucket, kPut, "archive", "archiving"},
    {ActionOn::kBucket, kDelete, "delete-listrange", "deleting of many objects"},
    {ActionOn::kBucket, kDelete, "evict-listrange", "eviction"},
    {ActionOn::kBucket, kDelete, "evict-remote-bck", "eviction"},
    {ActionOn::kBucket, kDelete, "destroy-inventory", "bucket inventory"},
    {ActionOn::kObject, kPost, "promote", "promoting of files"},
    {ActionOn::kObject, kPost, "blob-download", "downloading of blobs"},
    {ActionOn::kObject, kPost, "mpt-upload", "multipart upload"},
    {ActionOn::kObject, kPost, "mpt-complete", "multipart upload"},
    {ActionOn::kObject, kDelete, "mpt-abort", "multipart upload"},
    {ActionOn::kCluster, kPut, "start", "running of jobs"},
    {ActionOn::kCluster, kPut, "stop", "running of jobs"},
    {ActionOn::kCluster, kPut, "start-maintenance", "maintenance of nodes"},
    {ActionOn::kCluster, kPut, "stop-maintenance", "maintenance of nodes"},
    {ActionOn::kCluster, kPut, "decommission-node", "maintenance of nodes"},
    {ActionOn::kCluster, kPut, "shutdown-node", "shutting down over the network"},
    {ActionOn::kCluster, kPut, "rm-unsafe", "maintenance of nodes"},
    {ActionOn::kCluster, kPut, "shutdown", "shutting down over the network"},
    {ActionOn::kCluster, kPut, "decommission", "decommissioning of the cluster"},
    {ActionOn::kCluster, kPut, "clear-lcache", "clearing of the metadata cache"},
    {ActionOn::kCluster, kPut, "reload-creds", "backend support"},
    {ActionOn::kCluster, kPut, "bump-metasync", "election of a primary"},
    {ActionOn::kCluster, kPut, "proxy", "election of a primary"},
    {ActionOn::kCluster, kPut, "attach", "attaching of remote clusters"},
    {ActionOn::kCluster, kPut, "detach", "attaching of remote clusters"},
    {ActionOn::kCluster, kPut, "enable-bend", "backend support"},
    {ActionOn::kCluster, kPut, "disable-bend", "backend support"},
    {ActionOn::kCluster, kPut, "load-x509", "TLS"},
    {ActionOn::kCluster, kPost, "join-by-admin", "joining by an administrator"},
    {ActionOn::kNode, kGet, "ic_bundle", "running of jobs"},
    {ActionOn::kNode, kPut, "start-maintenance", "maintenance of nodes"},
    {ActionOn::kNode, kPut, "decommission-node", "maintenance of nodes"},
    {ActionOn::kNode, kPut, "decommission", "decommissioning of the cluster"},
    {ActionOn::kNode, kPut, "shutdown", "shutting down over the network"},
    {ActionOn::kNode, kPut, "shutdown-node", "shutting down over the network"},
    {ActionOn::kNode, kPut, "clear-lcache", "clearing of the metadata cache"},
    {ActionOn::kNode, kPut, "reload-creds", "backend support"},
    {ActionOn::kNode, kPut, "proxy", "election of a primary"},
    {ActionOn::kNode, kPut, "enable-bend", "backend support"},
    {ActionOn::kNode, kPut, "disable-bend", "backend support"},
    {ActionOn::kNode, kPut, "load-x509", "TLS"},
    {ActionOn::kNode, kPost, "primary-force", "election of a primary"},
    {ActionOn::kNode, kPost, "join-by-admin", "joining by an administrator"},
    {ActionOn::kTarget, kPut, "mountpaths", "changing of mountpaths"},
    {ActionOn::kTarget, kPost, "mountpaths", "changing of mountpaths"},
    {ActionOn::kTarget, kDelete, "mountpaths", "changing of mountpaths"},
};

constexpr MissingParameter kParameters[] = {
    {"archpath", "archiving"},
    {"archregx", "archiving"},
    {"archmode", "archiving"},
    {"archmime", "archiving"},
    {"etl_name", "ETL"},
    {"etl_pipeline", "ETL"},
    {"etl_args", "ETL"},
    {"etl_fqn", "ETL"},
    {"uploads", "multipart upload", /*without_value=*/true},
    {"uploadId", "multipart upload", /*without_value=*/true},
    {"partNumber", "multipart upload", /*without_value=*/true},
};

constexpr MissingHeader kHeaders[] = {{"Ais-Blob-", "downloading of blobs"}, {"Ais-Pine", "archiving"}};

constexpr std::string_view kJobKinds[] = {
    "rebalance",
    "lru",
    "lru-eviction",
    "cleanup-store",
    "cleanup",
    "resilver",
    "rechunk",
    "prefetch-listrange",
    "prefetch-objects",
    "ec-encode",
    "ec-bucket",
    "make-n-copies",
    "mirror",
    "blob-download",
    "load-lom-cache",
    "warm-up-metadata",
    "copy-bck",
    "copy-bucket",
    "etl-bck",
    "etl-bucket",
    "move-bck",
    "rename-bucket",
    "copy-listrange",
    "copy-objects",
    "etl-listrange",
    "etl-objects",
    "archive",
    "delete-listrange",
    "delete-objects",
    "evict-listrange",
    "evict-objects",
    "evict-remote-bck",
    "evict-remote-bucket",
    "promote",
    "promote-files",
    "index-shard",
    "shard-index",
    "create-inventory",
    "etl-inline",
    "download",
    "dsort",
    "ec-get",
    "ec-put",
    "ec-resp",
    "put-copies",
    "list",
    "get-batch",
    "summary-bck",
    "summary",
    "summary-shard",
    "shard-summary",
    "elect-primary",
    "election",
};

std::string_view path_of(ActionOn on) {
  switch (on) {
    case ActionOn::kBucket: return "/v1/buckets";
    case ActionOn::kObject: return "/v1/objects";
    case ActionOn::kCluster: return "/v1/cluster";
    case ActionOn::kNode: return "/v1/daemon";
    case ActionOn::kTarget: return "/v1/daemon (targets)";
  }
  return "";
}

std::string listeners_text(unsigned listeners) {
  std::string text;
  const auto add = [&](unsigned bit, const char* name) {
    if ((listeners & bit) != 0) text.append(text.empty() ? "" : ", ").append(name);
  };
  add(kGatewayPublic, "gateways");
  add(kTargetPublic, "targets");
  add(kGatewayIntra, "gateways (intra-cluster)");
  add(kTargetIntra, "targets (intra-cluster)");
  return text;
}

}  // namespace

std::span<const MissingRoute> missing_routes() { return kRoutes; }
std::span<const MissingAction> missing_actions() { return kActions; }
std::span<const MissingParameter> missing_parameters() { return kParameters; }
std::span<const MissingHeader> missing_headers() { return kHeaders; }

async::Task<Status> respond_missing(net::HttpExchange& exchange, const MissingRoute& route, const std::string& node) {
  const Status missing = missing_feature(route.feature);
  if (route.s3) co_return co_await respond_s3_error(exchange, missing, "NotImplemented");
  co_return co_await respond_error(exchange, missing, node);
}

Status refuse_action(ActionOn on, net::Method method, std::string_view action, std::string_view expected) {
  for (const MissingAction& row : kActions) {
    if (row.on == on && row.method == method && row.action == action)
      return missing_feature(std::string(action) + ": " + std::string(row.feature));
  }
  std::string text = "invalid action \"" + std::string(action) + "\"";
  if (!expected.empty()) text.append(" (expected one of [").append(expected).append("])");
  return Status(Code::kInvalid, std::move(text));
}

Status check_object_features(const net::HttpRequest& request, std::span<const std::pair<std::string_view, std::string_view>> parameters) {
  for (const auto& [raw_name, value] : parameters) {
    std::string decoded;
    std::string_view name = raw_name;
    if (name.find('%') != std::string_view::npos) name = decoded = percent_decode(raw_name).value_or("");
    for (const MissingParameter& row : kParameters) {
      if (name != row.name || (value.empty() && !row.without_value)) continue;
      return missing_feature(std::string(row.name) + ": " + std::string(row.feature));
    }
  }
  for (const net::Header& header : request.headers.all()) {
    for (const MissingHeader& row : kHeaders) {
      if (header.name.size() < row.prefix.size() || !equals_ignore_case(header.name.substr(0, row.prefix.size()), row.prefix)) continue;
      return missing_feature(std::string(header.name) + ": " + std::string(row.feature));
    }
  }
  return {};
}

Status check_backend(std::string_view provider) {
  if (provider == "ais") return {};
  constexpr std::pair<std::string_view, std::string_view> kTitles[] = {{"aws", "AWS"}, {"gcp", "GCP"}, {"azure", "Azure"}, {"oci", "OCI"}};
  std::string_view title = provider;
  for (const auto& [name, shown] : kTitles) {
    if (name == provider) title = shown;
  }
  return missing_feature(std::string(title) + " backend is missing in the cluster configuration: backend support");
}

Status bucket_missing(const meta::Bucket& bucket) {
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(bucket.name));
  AIS_RETURN_IF_ERROR(check_backend(bucket.provider));
  if (bucket.is_remote()) return Status(Code::kRemoteBucketNotFound, "remote bucket \"" + bucket.cname() + "\" does not exist");
  return Status(Code::kBucketNotFound, "bucket \"" + bucket.cname() + "\" does not exist");
}

Result<int> parse_presence(const std::optional<std::string>& text) {
  if (!text || text->empty()) return 0;
  if (text->size() == 1 && text->front() >= '0' && text->front() <= '5') return text->front() - '0';
  return Status(Code::kInvalid, "invalid presence \"" + *text + "\": expecting 0 to 5");
}

bool is_job_kind(std::string_view kind) { return std::find(std::begin(kJobKinds), std::end(kJobKinds), kind) != std::end(kJobKinds); }

std::string missing_markdown() {
  std::string page = "| request | what is missing | where |\n|---|---|---|\n";
  const auto row = [&page](const std::string& request, std::string_view feature, const std::string& where) {
    page.append("| ").append(request).append(" | ").append(feature).append(" | ").append(where).append(" |\n");
  };
  for (const MissingRoute& route : kRoutes)
    row(std::string(route.methods) + " `" + std::string(route.prefix) + "`", route.feature, listeners_text(route.listeners));
  for (const MissingAction& action : kActions) {
    row(std::string(net::method_name(action.method)) + " `" + std::string(path_of(action.on)) + "` `" + std::string(action.action) + "`",
        action.feature, "");
  }
  for (const MissingParameter& parameter : kParameters) row("object, `" + std::string(parameter.name) + "=`", parameter.feature, "");
  for (const MissingHeader& header : kHeaders) {
    const bool whole = !header.prefix.ends_with('-');
    row("object, header `" + std::string(header.prefix) + (whole ? "`" : "*`"), header.feature, "");
  }
  return page;
}

}  // namespace ais::api

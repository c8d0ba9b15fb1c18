#include "ais/shell/live_names.h"

#include "ais/object/lister.h"
#include "cli/user_settings.h"

namespace ais::cli {

ClusterNames::ClusterNames() {
  if (Result<Aliases> aliases = Aliases::load(Aliases::default_path()); aliases.ok()) aliases_ = std::move(*aliases);
}

bool ClusterNames::connect() {
  if (cluster_) return true;
  if (endpoint_.empty()) {
    Result<UserSettings> settings = UserSettings::of_user();
    endpoint_ = settings.ok() ? settings->value("cluster.url").text : UserSettings().value("cluster.url").text;
  }
  Result<std::unique_ptr<net::EventLoop>> loop = net::EventLoop::create("ais");
  if (!loop.ok()) return false;
  loop_ = std::move(loop).value();
  net::HttpClientOptions options;
  options.connect_timeout = options.stall_timeout = std::chrono::seconds(1);
  http_ = std::make_unique<net::HttpClient>(*loop_, options);
  Result<api::ClusterClient> cluster = api::ClusterClient::create(*http_, endpoint_);
  if (!cluster.ok()) return false;
  cluster_.emplace(std::move(cluster).value());
  return true;
}

std::vector<std::string> ClusterNames::buckets() {
  std::vector<std::string> out;
  if (!connect()) return out;
  Result<std::vector<meta::Bucket>> buckets = net::run_task(*loop_, cluster_->list_buckets("ais"));
  if (buckets.ok())
    for (const meta::Bucket& bucket : *buckets) out.push_back(bucket.cname());
  return out;
}

std::vector<std::string> ClusterNames::objects(const std::string& bucket_uri, const std::string& prefix) {
  constexpr uint64_t kNamesMax = 1000;  // nobody reads more
  std::vector<std::string> out;
  Result<meta::ObjectUri> uri = meta::parse_object_uri(bucket_uri);
  if (!uri.ok() || !connect()) return out;
  api::ListRequest request;
  request.prefix = prefix;
  request.flags = api::kListNameOnly | api::kListNoRecursion | api::kListCallerIsS3;
  Lister lister(*cluster_, uri->bucket, request, kNamesMax);
  Result<std::vector<api::ListEntry>> entries = net::run_task(*loop_, lister.next());
  if (!entries.ok()) return out;
  for (const api::ListEntry& entry : *entries) {
    bool directory = (entry.flags & api::kEntryDirectory) != 0;
    out.push_back(directory && !entry.name.ends_with('/') ? entry.name + "/" : entry.name);
  }
  return out;
}

std::vector<Candidate> ClusterNames::nodes(bool targets_only) {
  std::vector<Candidate> out;
  if (!connect()) return out;
  Result<meta::ClusterMap> map = net::run_task(*loop_, cluster_->cluster_map());
  if (!map.ok()) return out;
  for (const auto& [id, node] : map->targets) out.push_back({id, "target " + node.public_net.url()});
  if (!targets_only)
    for (const auto& [id, node] : map->proxies) out.push_back({id, "gateway " + node.public_net.url()});
  return out;
}

}  // namespace ais::cli

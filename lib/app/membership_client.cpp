#include "app/membership_client.h"

#include <algorithm>

#include "api/message.h"
#include "api/names.h"
#include "async/offload.h"
#include "base/log.h"

namespace ais::app {
namespace {

constexpr const char* kModule = "membership";
constexpr size_t kDocumentsMax = 64 << 20;
// A cluster of local processes is whole within a second of its start; one whose primary is away does not drown it on return.
constexpr Nanoseconds kDelayMin = std::chrono::milliseconds(50);
constexpr Nanoseconds kDelayMax = std::chrono::seconds(5);

}  // namespace

MembershipClient::MembershipClient(Daemon& daemon, Daemon::Impl& impl)
    : daemon_(daemon), impl_(impl), loop_(daemon.control_loop()), delay_(kDelayMin) {}

MembershipClient::~MembershipClient() { stop(); }

void MembershipClient::start() {
  {
    const std::lock_guard lock(mutex_);
    running_ = true;
  }
  loop_.post([this] {
    async::start_detached(run(), [this] {
      const std::lock_guard lock(mutex_);
      running_ = false;
      ended_.notify_all();
    });
  });
}

void MembershipClient::stop() {
  stop_.cancel();
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return !running_; });
}

Nanoseconds MembershipClient::back_off() {
  // Jitter, so that the nodes of a cluster do not all come at the same moment.
  const Nanoseconds delay = delay_ / 2 + Nanoseconds(static_cast<int64_t>(random_.below(static_cast<uint64_t>(delay_.count()))));
  delay_ = std::min(delay_ * 2, kDelayMax);
  return delay;
}

async::Task<void> MembershipClient::run() {
  if (const std::string reason = impl_.cluster->quarantine_reason(); !reason.empty()) {
    AIS_ERROR(kModule, "not joining the cluster: %s", reason.c_str());
    co_return;
  }
  bool registered = false;
  while (!stop_.is_cancelled()) {
    if (!registered) {
      registered = co_await register_somewhere();
      if (registered) {
        delay_ = kDelayMin;
      } else {
        co_await async::sleep_for(back_off(), stop_.token());
      }
      continue;
    }
    const auto& tracker = impl_.cluster->snapshot().config->keepalivetracker;
    const Nanoseconds interval = (impl_.node.type == meta::NodeType::kProxy ? tracker.proxy : tracker.target).interval.value;
    const bool slept = co_await async::sleep_for(interval, stop_.token());
    if (!slept) break;
    const Status alive = co_await keep_alive();
    impl_.keepalive_failing = !alive.ok();
    if (!alive.ok()) {
      AIS_WARN(kModule, "keepalive: %s; registering again", alive.message().c_str());
      registered = false;
    }
  }
}

std::vector<std::string> MembershipClient::candidates() const {
  const ClusterSnapshot& now = impl_.cluster->snapshot();
  std::vector<std::string> urls;
  const auto add = [&urls](const std::string& url) {
    if (!url.empty() && std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
  };
  const meta::Node* primary = now.smap->primary();
  if (primary != nullptr && primary->id != impl_.node.id) add(primary->control_net.url());
  for (const std::string& url : impl_.options.join) add(url);
  const meta::ProxyConfig& proxy = now.config->proxy;
  add(proxy.primary_url);
  add(proxy.original_url);
  add(proxy.discovery_url);
  return urls;
}

async::Task<bool> MembershipClient::register_somewhere() {
  const std::vector<std::string> urls = candidates();
  Status failure(Code::kInvalid, "no gateway to register with is known (--join)");
  std::string refusal;
  for (const std::string& url : urls) {
    if (stop_.is_cancelled()) co_return false;
    failure = co_await register_with(url);
    if (failure.ok()) {
      last_failure_ = Code::kOk;
      impl_.set_refusal("");
      impl_.keepalive_failing = false;
      impl_.cluster_started = true;
      AIS_INFO(kModule, "registered with %s, smap version %lu", url.c_str(),
               static_cast<unsigned long>(impl_.cluster->snapshot().smap->version));
      co_return true;
    }
    if (failure.code() == Code::kWrongCluster) refusal = failure.message();
  }
  // Only an answer counts: without one the node goes on with what it knows.
  if (!refusal.empty()) impl_.set_refusal(std::move(refusal));
  if (failure.code() != last_failure_) AIS_WARN(kModule, "not registered yet: %s", failure.message().c_str());
  last_failure_ = failure.code();
  co_return false;
}

async::Task<Status> MembershipClient::register_with(std::string url) {
  api::JoinRequest request;
  request.node = impl_.node;
  request.versions = impl_.cluster->versions();
  request.state_flags = daemon_.state_info().flags;
  std::string body = request.to_json();
  const Nanoseconds timeout = impl_.cluster->snapshot().config->timeout.max_keepalive.value;
  std::string path(api::path::kRegister);
  auto answer = co_await post(url, std::move(path), std::move(body), timeout);
  if (!answer.ok()) co_return answer.status().with_context(url);
  co_return co_await install(std::move(*answer));
}

async::Task<Status> MembershipClient::keep_alive() {
  const meta::Node* primary = impl_.cluster->snapshot().smap->primary();
  if (primary == nullptr) co_return Status(Code::kUnavailable, "no primary is known");
  std::string url = primary->control_net.url();
  std::string body = impl_.cluster->versions().to_json();
  std::string path = std::string(api::path::kKeepalive) + "/" + impl_.node.id;
  const Nanoseconds timeout = impl_.cluster->snapshot().config->timeout.cplane_operation.value;
  auto answer = co_await post(std::move(url), std::move(path), std::move(body), timeout);
  if (!answer.ok()) co_return answer.status();
  co_return co_await install(std::move(*answer));
}

async::Task<Status> MembershipClient::install(std::string text) {
  // Parsing is bounded by the documents' size, storing waits for the disk: neither belongs on the loop of the keepalives.
  ClusterView* cluster = impl_.cluster.get();
  auto work = [cluster, &text]() -> Status {
    AIS_TRY(auto documents, api::ClusterDocuments::from_json(text));
    return cluster->install(std::move(documents));
  };
  co_return co_await async::offload(*impl_.pool, std::move(work));
}

async::Task<Result<std::string>> MembershipClient::post(std::string url, std::string path, std::string body, Nanoseconds timeout) {
  if (url.find("://") == std::string::npos) url = "http://" + url;
  AIS_CO_TRY(const net::Url address, net::Url::parse(url));
  net::ClientRequest request;
  request.method = net::Method::kPost;
  request.set_url(address);
  request.target = std::move(path);
  request.body = body;
  request.timeout = timeout;
  request.add_header("Content-Type", api::kJsonContentType);
  request.add_header(api::header::kCallerId, impl_.node.id);
  request.add_header(api::header::kCallerName, impl_.display_name);
  auto response = co_await daemon_.client().send_following(std::move(request));
  if (!response.ok()) co_return response.status();
  AIS_CO_TRY(std::string text, co_await response->read_all(kDocumentsMax));
  if (response->status() < 200 || response->status() > 299) co_return api::status_from_error(response->status(), text);
  if (text.empty()) text = "{}";
  co_return text;
}

}  // namespace ais::app

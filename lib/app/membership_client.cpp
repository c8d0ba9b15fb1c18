#include "app/membership_client.h"

#include <utility>

#include "api/message.h"
#include "api/names.h"
#include "async/offload.h"
#include "base/log.h"

namespace ais::app {
namespace {

constexpr const char* kModule = "membership";
constexpr size_t kDocumentsMax = 64 << 20;

}  // namespace

MembershipClient::MembershipClient(Daemon& daemon, Daemon::Impl& impl)
    : daemon_(daemon),
      impl_(impl),
      loop_(daemon.control_loop()),
      machine_(impl.node.id, impl.node.type, impl.options.join, impl.environment.random.split()) {}

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

async::Task<void> MembershipClient::run() {
  if (const std::string reason = impl_.cluster->quarantine_reason(); !reason.empty()) {
    AIS_ERROR(kModule, "not joining the cluster: %s", reason.c_str());
    co_return;
  }
  MemberStep step = machine_.begin(impl_.cluster->copy());
  while (!stop_.is_cancelled()) {
    tell(step);
    if (step.kind == MemberStep::Kind::kWait) {
      const bool slept = co_await async::sleep_for(step.delay, stop_.token());
      if (!slept) break;
      step = machine_.waited(impl_.cluster->copy());
    } else {
      Status outcome;
      if (step.kind == MemberStep::Kind::kRegister) outcome = co_await register_with(step.url);
      else outcome = co_await keep_alive(step.url);
      step = machine_.answered(outcome, impl_.cluster->copy());
    }
  }
}

void MembershipClient::tell(const MemberStep& step) {
  impl_.set_refusal(machine_.refusal());
  impl_.keepalive_failing = machine_.keepalive_failing();
  switch (step.news) {
    case MemberStep::News::kNone: break;
    case MemberStep::News::kRegistered:
      impl_.cluster_started = true;
      AIS_INFO(kModule, "registered with %s, smap version %lu", step.url.c_str(),
               static_cast<unsigned long>(impl_.cluster->snapshot().smap->version));
      break;
    case MemberStep::News::kNotRegistered: AIS_WARN(kModule, "not registered yet: %s", step.why.message().c_str()); break;
    case MemberStep::News::kLost: AIS_WARN(kModule, "keepalive: %s; registering again", step.why.message().c_str()); break;
  }
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

async::Task<Status> MembershipClient::keep_alive(std::string url) {
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

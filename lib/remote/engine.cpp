#include "remote/engine.h"

#include <curl/curl.h>
#include <signal.h>

#include <mutex>
#include <vector>

#include "base/assert.h"
#include "remote/transfer.h"

namespace ais::remote {
namespace {

// libcurl is told to leave signals alone, since it would change them for the whole process; then nobody keeps a TLS connection that the
// server has closed from raising SIGPIPE.
void ignore_sigpipe() {
  struct sigaction now {};
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

bool initialize_once() {
  static std::once_flag once;
  static bool usable = false;
  std::call_once(once, [] {
    ignore_sigpipe();
    usable = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS);
  });
  return usable;
}

int curl_events(unsigned ready) {
  return (ready & async::kReadable ? CURL_CSELECT_IN : 0) | (ready & async::kWritable ? CURL_CSELECT_OUT : 0);
}

}  // namespace

Result<std::shared_ptr<Engine>> Engine::create(async::Loop& loop, Options options) {
  if (!initialize_once()) return make_status(Code::kUnsupported, "libcurl without a resolver of its own thread");
  CURLM* multi = curl_multi_init();
  if (!multi) return make_status(Code::kOutOfMemory, "libcurl: no multi handle");
  return std::make_shared<Engine>(loop, std::move(options), multi);
}

Engine::Engine(async::Loop& loop, Options options, void* multi) : loop_(loop), options_(std::move(options)), multi_(multi) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Engine::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Engine::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(options_.connections_max));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.connections_max));
}

Engine::~Engine() {
  AIS_ASSERT(running_.empty());
  curl_multi_cleanup(multi_);
  if (timer_) loop_.cancel_timer(timer_);
}

Status Engine::add(Transfer& transfer, void* easy) {
  const CURLMcode code = curl_multi_add_handle(multi_, easy);
  if (code != CURLM_OK) return make_status(Code::kInternal, "libcurl: %s", curl_multi_strerror(code));
  running_.insert(&transfer);
  return {};
}

void Engine::remove(Transfer& transfer, void* easy) {
  if (running_.erase(&transfer) == 0) return;
  long connects = 0;
  if (curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK) connections_made_ += static_cast<uint64_t>(connects);
  curl_multi_remove_handle(multi_, easy);
}

void Engine::end() {
  ending_ = true;
  const std::vector<Transfer*> all(running_.begin(), running_.end());
  for (Transfer* transfer : all) transfer->fail(make_status(Code::kUnavailable, "this program is about to stop"));
}

int Engine::on_socket(void*, int fd, int what, Engine* engine, void*) {
  // First: one watch per descriptor, and a new one may have the number of one that is gone.
  engine->watches_.erase(fd);
  if (what == CURL_POLL_REMOVE) return 0;
  const unsigned events = (what & CURL_POLL_IN ? async::kReadable : 0) | (what & CURL_POLL_OUT ? async::kWritable : 0);
  auto watch = engine->loop_.watch(fd, events, [engine, fd](unsigned ready) { engine->act(fd, curl_events(ready)); });
  if (!watch.ok()) return -1;
  engine->watches_.emplace(fd, std::move(*watch));
  return 0;
}

int Engine::on_timer(void*, long milliseconds, Engine* engine) {
  if (engine->timer_) engine->loop_.cancel_timer(std::exchange(engine->timer_, 0));
  if (milliseconds < 0) return 0;
  engine->timer_ = engine->loop_.add_timer(std::chrono::milliseconds(milliseconds), [engine] {
    engine->timer_ = 0;
    engine->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void Engine::act(int fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message is gone once its handle is removed
    void* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    static_cast<Transfer*>(transfer)->finished(code);
  }
}

}  // namespace ais::remote

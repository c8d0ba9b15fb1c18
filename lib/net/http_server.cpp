#include "net/http_server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/log.h"
#include "net/connection.h"
#include "net/server_loop.h"
#include "net/socket.h"

namespace ais::net {
namespace {

constexpr int kAcceptPauseMs = 100;
// Connections over the limit that may be told so at the same time; beyond they are just closed.
constexpr size_t kRefusalsMax = 256;

}  // namespace

struct HttpServer::Impl {
  ~Impl();
  void accept_connections();
  bool accept_all();
  void hand_over(int fd);
  void stop_accepting();
  bool wait_until_closed(Nanoseconds limit);
  void on_all_loops(void (*function)(ServerLoop&));

  std::shared_ptr<ServerShared> shared = std::make_shared<ServerShared>();
  std::string unix_path;
  int listen_fd = -1;
  int stop_fd = -1;
  bool given_up = false;  // requests that did not end were waited for already
  uint16_t port = 0;
  std::thread acceptor;
};

HttpServer::Impl::~Impl() {
  stop_accepting();
  if (stop_fd >= 0) close(stop_fd);
}

void HttpServer::Impl::on_all_loops(void (*function)(ServerLoop&)) {
  for (auto& loop : shared->loops) loop->loop.post([keep = shared, target = loop.get(), function] { function(*target); });
}

void HttpServer::Impl::accept_connections() {
  pthread_setname_np(pthread_self(), "accept");
  bool paused = false;
  while (true) {
    // While descriptors are short the listening socket is left alone: polling it would spin.
    pollfd watched[2] = {{stop_fd, POLLIN, 0}, {listen_fd, POLLIN, 0}};
    int ready = poll(watched, paused ? 1 : 2, paused ? kAcceptPauseMs : -1);
    if (ready < 0 && errno != EINTR) return;
    if (watched[0].revents) return;
    paused = !accept_all();
  }
}

// Accepts what is there; false when there is no room for more now.
bool HttpServer::Impl::accept_all() {
  while (true) {
    int fd = accept4(listen_fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      hand_over(fd);
      continue;
    }
    if (errno == EAGAIN) return true;
    bool is_of_one_peer = errno == EINTR || errno == ECONNABORTED || errno == EPROTO || errno == EPERM || errno == ENETDOWN ||
                          errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EHOSTDOWN || errno == ENONET || errno == ENOPROTOOPT;
    if (is_of_one_peer) continue;
    AIS_WARN("net", "cannot accept connections for now: errno=%d", errno);
    return false;
  }
}

void HttpServer::Impl::hand_over(int fd) {
  size_t open = shared->open.load(std::memory_order_relaxed);
  bool refuse = open >= shared->options.connections_max;
  if (open >= shared->options.connections_max + kRefusalsMax) {
    close(fd);
    return;
  }
  if (unix_path.empty()) set_nodelay(fd);
  ServerLoop* fewest = shared->loops.front().get();
  for (auto& loop : shared->loops)
    if (loop->connections.load(std::memory_order_relaxed) < fewest->connections.load(std::memory_order_relaxed)) fewest = loop.get();
  fewest->connections.fetch_add(1, std::memory_order_relaxed);
  shared->open.fetch_add(1);
  ServerLoop::bump(shared->accepted);
  fewest->loop.post([keep = shared, fewest, fd, refuse] { fewest->adopt(fd, refuse); });
}

void HttpServer::Impl::stop_accepting() {
  if (acceptor.joinable()) {
    uint64_t one = 1;
    if (write(stop_fd, &one, sizeof(one)) != sizeof(one)) AIS_ERROR("net", "cannot wake the accept thread");
    acceptor.join();
  }
  if (listen_fd < 0) return;
  close(listen_fd);
  listen_fd = -1;
  if (!unix_path.empty()) unlink(unix_path.c_str());
}

bool HttpServer::Impl::wait_until_closed(Nanoseconds limit) {
  std::unique_lock lock(shared->mutex);
  return shared->closed.wait_for(lock, limit, [this] { return shared->open.load() == 0; });
}

HttpServer::HttpServer() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(LoopGroup& loops, HttpServerOptions options, HttpHandler handler) {
  ignore_sigpipe();
  if (loops.size() == 0) return make_status(Code::kInvalid, "a server needs a loop");
  std::unique_ptr<HttpServer> server(new HttpServer());
  Impl& impl = *server->impl_;
  AIS_TRY(impl.listen_fd, listen_on(options.bind_address, options.port, options.backlog));
  impl.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (impl.stop_fd < 0) return Status::from_errno(errno, "eventfd");
  if (options.bind_address.starts_with("unix:")) impl.unix_path = options.bind_address.substr(5);
  impl.port = local_port(impl.listen_fd);
  impl.shared->options = std::move(options);
  impl.shared->handler = std::move(handler);
  for (size_t i = 0; i < loops.size(); ++i) impl.shared->loops.push_back(std::make_unique<ServerLoop>(loops[i], *impl.shared));
  impl.on_all_loops([](ServerLoop& loop) { loop.start_timer(); });
  impl.acceptor = std::thread([&impl] { impl.accept_connections(); });
  return server;
}

HttpServer::~HttpServer() {
  drain(Nanoseconds(0));
  impl_->on_all_loops([](ServerLoop& loop) { loop.stop_timer(); });
}

uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::begin_drain() {
  impl_->stop_accepting();
  impl_->shared->draining.store(true);
  impl_->on_all_loops([](ServerLoop& loop) { loop.close_connections(false); });
}

bool HttpServer::wait_drained(Nanoseconds limit) { return impl_->wait_until_closed(limit); }

void HttpServer::drain(Nanoseconds grace) {
  begin_drain();
  if (impl_->given_up || wait_drained(grace)) return;
  impl_->on_all_loops([](ServerLoop& loop) { loop.close_connections(true); });
  if (wait_drained(impl_->shared->options.close_grace)) return;
  impl_->given_up = true;
  AIS_WARN("net", "requests did not end: open=%zu", impl_->shared->open.load());
}

HttpServerCounters HttpServer::counters() const {
  HttpServerCounters sum;
  // In this order: whoever sees a connection accepted also sees it open or closed.
  sum.connections_accepted = impl_->shared->accepted.load(std::memory_order_acquire);
  sum.connections_open = impl_->shared->open.load(std::memory_order_relaxed);
  for (auto& loop : impl_->shared->loops) {
    sum.requests += loop->requests.load(std::memory_order_relaxed);
    sum.bad_requests += loop->bad_requests.load(std::memory_order_relaxed);
    sum.timeouts += loop->timeouts.load(std::memory_order_relaxed);
    sum.connections_refused += loop->refused.load(std::memory_order_relaxed);
  }
  return sum;
}

}  // namespace ais::net

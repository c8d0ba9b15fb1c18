#include "net/server_loop.h"

#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "net/connection.h"
#include "net/socket.h"

namespace ais::net {
namespace {

constexpr size_t kKeptStatesMax = 256;
constexpr size_t kKeptOutBytesMax = 16 * 1024;

// Often enough for the shortest timeout, seldom enough to cost nothing.
Nanoseconds tick_for(const HttpServerOptions& options) {
  Nanoseconds shortest = std::min({options.head_timeout, options.stall_timeout, options.idle_timeout, options.discard_timeout});
  return std::clamp<Nanoseconds>(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

}  // namespace

ServerShared::ServerShared() = default;
ServerShared::~ServerShared() = default;

ServerLoop::ServerLoop(EventLoop& event_loop, ServerShared& server_shared)
    : loop(event_loop), shared(server_shared), tick_(tick_for(shared.options)) {}

ServerLoop::~ServerLoop() = default;

void ServerLoop::start_timer() { on_tick(); }

void ServerLoop::stop_timer() {
  loop.cancel_timer(timer_);
  timer_ = 0;
}

void ServerLoop::on_tick() {
  tick_now_ = loop.now().count();
  for (Connection* connection = first_; connection; connection = connection->next_)
    if (connection->deadline_ns <= tick_now_) connection->interrupt(SocketStream::Interrupt::kTimeout);
  timer_ = loop.add_timer(tick_, [this] { on_tick(); });
}

void ServerLoop::adopt(int fd, bool refuse) {
  auto connection = std::make_unique<Connection>(*this);
  Status status = connection->attach(fd);
  link(connection.get());
  if (!status.ok()) {
    AIS_WARN("net", "connection dropped: %s", status.to_string().c_str());
    return;
  }
  connection.release()->begin(refuse);
}

void ServerLoop::close_connections(bool force) {
  for (Connection* connection = first_; connection; connection = connection->next_)
    if (force || connection->is_between_requests()) connection->interrupt(SocketStream::Interrupt::kClosed);
}

std::unique_ptr<ExchangeState> ServerLoop::take_state() {
  std::unique_ptr<ExchangeState> state;
  if (kept_states_.empty()) {
    state = std::make_unique<ExchangeState>();
  } else {
    state = std::move(kept_states_.back());
    kept_states_.pop_back();
  }
  state->input.allocate(buffers);
  return state;
}

void ServerLoop::give_state(std::unique_ptr<ExchangeState> state) {
  state->input.release(buffers);
  if (kept_states_.size() < kKeptStatesMax && state->out.capacity() <= kKeptOutBytesMax) kept_states_.push_back(std::move(state));
}

void ServerLoop::link(Connection* connection) {
  connection->next_ = first_;
  connection->previous_ = nullptr;
  if (first_) first_->previous_ = connection;
  first_ = connection;
}

void ServerLoop::unlink(Connection* connection) {
  (connection->previous_ ? connection->previous_->next_ : first_) = connection->next_;
  if (connection->next_) connection->next_->previous_ = connection->previous_;
  connections.fetch_sub(1, std::memory_order_relaxed);
  if (shared.open.fetch_sub(1) == 1) {
    std::lock_guard lock(shared.mutex);
    shared.closed.notify_all();
  }
}

}  // namespace ais::net

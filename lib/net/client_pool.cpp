#include <algorithm>

#include "base/strings.h"
#include "net/client_connection.h"

namespace ais::net {
namespace {

constexpr Nanoseconds kSlowTick = std::chrono::seconds(1);
constexpr size_t kPeersKept = 256;

Nanoseconds fine_tick_for(const HttpClientOptions& options) {
  Nanoseconds shortest = std::min({options.connect_timeout, options.stall_timeout, options.idle_timeout});
  return std::clamp<Nanoseconds>(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(25));
}

}  // namespace

ClientPool::ClientPool(EventLoop& event_loop, HttpClientOptions client_options)
    : loop(event_loop), options(std::move(client_options)), fine_tick_(fine_tick_for(options)) {
  tick_now_ = loop.now().count();
}

ClientPool::~ClientPool() { loop.cancel_timer(timer_); }

ClientPeer& ClientPool::peer_of(const ClientRequest& request) {
  if (request.unix_path.empty()) {
    const bool is_v6 = request.host.find(':') != std::string::npos;
    key_ = is_v6 ? "[" : "";
    key_.append(request.host).append(is_v6 ? "]:" : ":");
    append_decimal(key_, request.port);
  } else {
    key_ = "unix:";
    key_ += request.unix_path;
  }
  auto found = peers_.find(key_);
  if (found != peers_.end()) return found->second;
  if (peers_.size() >= kPeersKept) drop_unused_peers();
  ClientPeer& peer = peers_[key_];
  peer.name = key_;
  return peer;
}

void ClientPool::drop_unused_peers() {
  std::erase_if(peers_, [](const auto& item) { return item.second.connections == 0; });
}

std::unique_ptr<ClientConnection> ClientPool::take_idle(ClientPeer& peer, Freshness freshness) {
  while (!peer.idle.empty()) {
    std::unique_ptr<ClientConnection> connection = std::move(peer.idle.back());
    peer.idle.pop_back();
    // Whatever an idle connection has to say, it is not the answer to the next request.
    bool has_input = freshness == Freshness::kAsked ? connection->peek_input() : connection->check_input();
    if (has_input || connection->interrupted() != SocketStream::Interrupt::kNone) continue;
    connection->is_idle_ = false;
    connection->deadline_ns = SocketStream::kNever;  // how long it may be idle is nothing to the request
    connection->pool_ = shared_from_this();
    return connection;
  }
  return nullptr;
}

void ClientPool::give_back(std::unique_ptr<ClientConnection> connection) {
  ClientPeer& peer = connection->peer_;
  connection->input_.release(buffers);
  if (shut_down_ || peer.idle.size() >= options.idle_connections_per_peer || connection->check_input()) return;
  connection->is_idle_ = true;
  connection->deadline_ns = deadline_after(options.idle_timeout);
  std::shared_ptr<ClientPool> keep = std::move(connection->pool_);
  peer.idle.push_back(std::move(connection));
}

void ClientPool::remove_idle(ClientConnection* connection) {
  auto& idle = connection->peer_.idle;
  auto found = std::find_if(idle.begin(), idle.end(), [connection](const auto& item) { return item.get() == connection; });
  if (found == idle.end()) return;
  std::unique_ptr<ClientConnection> removed = std::move(*found);
  idle.erase(found);
}

void ClientPool::shut_down() {
  shut_down_ = true;
  for (auto& item : peers_) {
    auto idle = std::move(item.second.idle);
    item.second.idle.clear();
  }
  loop.cancel_timer(timer_);
  timer_ = 0;
}

void ClientPool::end_exchanges() {
  is_ending_ = true;
  for (ClientConnection* connection = first_; connection; connection = connection->next_)
    if (!connection->is_idle_) connection->interrupt(SocketStream::Interrupt::kClosed);
}

void ClientPool::link(ClientConnection* connection) {
  connection->next_ = first_;
  connection->previous_ = nullptr;
  if (first_) first_->previous_ = connection;
  first_ = connection;
  ++connection->peer_.connections;
}

void ClientPool::unlink(ClientConnection* connection) {
  (connection->previous_ ? connection->previous_->next_ : first_) = connection->next_;
  if (connection->next_) connection->next_->previous_ = connection->previous_;
  --connection->peer_.connections;
}

void ClientPool::became_busy() {
  was_busy_ = true;
  if (timer_is_fine_ && timer_) return;
  loop.cancel_timer(timer_);
  tick_now_ = loop.now().count();
  timer_is_fine_ = true;
  timer_ = loop.add_timer(fine_tick_, [this] { on_tick(); });
}

void ClientPool::on_tick() {
  timer_ = 0;
  tick_now_ = loop.now().count();
  bool has_busy = false;
  for (ClientConnection* connection = first_; connection; connection = connection->next_) {
    has_busy |= !connection->is_idle_;
    if (connection->deadline_ns <= tick_now_) connection->interrupt(SocketStream::Interrupt::kTimeout);
  }
  // A client that sends one request after the other keeps the fine timer although no tick may meet it at work.
  timer_is_fine_ = has_busy || was_busy_;
  was_busy_ = false;
  if (first_) timer_ = loop.add_timer(timer_is_fine_ ? fine_tick_ : kSlowTick, [this] { on_tick(); });
}

}  // namespace ais::net

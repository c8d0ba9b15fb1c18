// ClientConnection: one socket to a peer and the exchange that runs on it. ClientPool: the idle ones of a client, by peer.
//
// Loop thread only. A busy connection is owned by the coroutine that sends, then by the ClientResponse; an idle one by the pool,
// and holds no buffer. All connections are linked into the pool's list, which a coarse timer scans for expired deadlines.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/buffer_pool.h"
#include "net/chunk_decoder.h"
#include "net/head_scanner.h"
#include "net/http_client.h"
#include "net/http_parser.h"
#include "net/socket.h"
#include "net/socket_stream.h"
#include "sys/thread_pool.h"

namespace ais::net {

class ClientConnection;

/// The idle connections to one "host:port"; lives as long as the pool.
struct ClientPeer {
  std::string name;                                     // "host:port" or "unix:path", as errors tell it
  std::vector<std::unique_ptr<ClientConnection>> idle;  // the most recently used last
  size_t connections = 0;                               // idle and busy
  bool redirects = false;                               // the last request whose body may wait for a redirect was sent elsewhere
};

class ClientPool : public std::enable_shared_from_this<ClientPool> {
 public:
  ClientPool(EventLoop& event_loop, HttpClientOptions client_options);
  ~ClientPool();
  ClientPeer& peer_of(const ClientRequest& request);
  /// kAsked: a system call finds out whether the peer has closed it, which the loop may not know yet.
  enum class Freshness { kAsSeen, kAsked };
  std::unique_ptr<ClientConnection> take_idle(ClientPeer& peer, Freshness freshness);
  /// Keeps the connection for another request, or closes it.
  void give_back(std::unique_ptr<ClientConnection> connection);
  /// Closes everything idle for good.
  void shut_down();
  /// Interrupts what is busy; whoever asks is_ending() begins nothing.
  void end_exchanges();
  bool is_ending() const { return is_ending_; }
  void link(ClientConnection* connection);
  void unlink(ClientConnection* connection);
  /// A connection went to work: deadlines are looked at often from now on.
  void became_busy();
  void remove_idle(ClientConnection* connection);
  int64_t tick_now() const { return tick_now_; }
  int64_t deadline_after(Nanoseconds delay) const { return tick_now_ + delay.count() + fine_tick_.count(); }

  EventLoop& loop;
  const HttpClientOptions options;
  BufferPool buffers;
  sys::ThreadPool resolver{"resolve", 2};

 private:
  void on_tick();
  void drop_unused_peers();

  const Nanoseconds fine_tick_;
  int64_t tick_now_ = 0;
  EventLoop::TimerId timer_ = 0;
  bool timer_is_fine_ = false;
  bool was_busy_ = false;
  bool shut_down_ = false;
  bool is_ending_ = false;
  ClientConnection* first_ = nullptr;
  std::unordered_map<std::string, ClientPeer> peers_;
  std::string key_;  // scratch: the name of a peer is made without an allocation
};

class ClientConnection final : public SocketStream {
 public:
  ClientConnection(std::shared_ptr<ClientPool> pool, ClientPeer& peer);
  ~ClientConnection() override;

  /// Tries the addresses in turn. `until` is the exchange's deadline.
  async::Task<Status> connect(std::vector<SocketAddress> addresses, int64_t until);
  /// Sends the request and receives the head of the final answer.
  async::Task<Status> exchange(const ClientRequest& request, int64_t until);
  /// True when the peer may be asked again although this failed: it closed before a byte of the answer.
  bool failed_before_answer() const { return failed_before_answer_; }
  /// The peer may have got some of the request.
  bool has_sent() const { return pending_.has_begun(); }
  const ParsedResponse& response() const { return response_; }

  async::Task<Result<size_t>> read(std::span<char> buffer);
  async::Task<Result<std::string>> read_all(size_t limit);
  async::Task<Result<uint64_t>> discard();
  /// The exchange is over: back to the pool, or closed.
  static void finish(std::unique_ptr<ClientConnection> connection);

 private:
  friend class ClientPool;
  enum class BodyKind : uint8_t { kNone, kLength, kChunked, kUntilClose };
  enum class Progress : uint8_t { kDone, kBlocked, kFailed };
  struct Piece {
    enum Kind : uint8_t { kData, kEnd, kBlocked, kClosed, kBad } kind;
    size_t bytes = 0;
  };

  void on_unawaited_event() override;
  void begin_exchange(const ClientRequest& request, int64_t until);
  void make_head(const ClientRequest& request);
  bool is_reusable() const;
  // Waits at most for the stall timeout (or `patience`) and the exchange's deadline.
  async::Task<Status> wait_for(unsigned mask) { return wait_for(mask, home_.options.stall_timeout); }
  async::Task<Status> wait_for(unsigned mask, Nanoseconds patience);
  async::Task<Status> send_request(const ClientRequest& request);
  async::Task<Status> wait_for_continue(const ClientRequest& request);
  async::Task<Status> send_pending(int flags);
  async::Task<Status> send_file_body(const ClientRequest& request);
  async::Task<Status> send_source_body(StreamedBody& source);
  async::Task<Status> look_for_answer(bool must_be_there);
  // One recv() at most: kDone when the final head is there.
  Progress advance_head();
  Progress parse_heads();
  Status head_failed();
  // The wait was interrupted: for the peer's silence, or because this process is about to stop.
  Status interruption_failed();
  // The exchange cannot go on, and nothing follows it on this connection: an error that names the peer.
  Status fail(Code code, std::string_view why);
  void begin_response_body();
  Piece next_piece(std::span<char> buffer);
  Piece next_chunked(std::span<char> buffer);
  ssize_t receive_known(char* buffer, size_t wanted);
  ssize_t without_surplus(ssize_t n);
  Piece received(ssize_t n);
  Status read_failed(Piece::Kind kind);

  std::shared_ptr<ClientPool> pool_;  // empty while idle: the pool owns this then
  ClientPool& home_;
  ClientPeer& peer_;
  ClientConnection* next_ = nullptr;
  ClientConnection* previous_ = nullptr;

  InputBuffer input_;
  HeadScanner scanner_;
  ChunkDecoder chunks_;
  ParsedResponse response_;
  std::string out_;
  Gather pending_;
  uint64_t file_sent_ = 0;
  uint64_t body_left_ = 0;
  size_t body_offset_ = 0;
  unsigned interim_heads_ = 0;
  int64_t until_ = kNever;
  BodyKind body_kind_ = BodyKind::kNone;
  bool is_idle_ = false;
  bool head_request_ = false;
  bool head_done_ = false;
  bool head_bad_ = false;
  bool continue_seen_ = false;
  bool request_sent_ = false;
  bool body_done_ = false;
  bool broken_ = false;
  bool failed_before_answer_ = false;
};

}  // namespace ais::net

// What the connections of one server share: with each other (ServerShared) and with those of the same loop (ServerLoop).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/buffer_pool.h"
#include "net/chunk_decoder.h"
#include "net/event_loop.h"
#include "net/head_scanner.h"
#include "net/http_server.h"

namespace ais::net {

class ServerLoop;

/// One per server, read by all threads. Every connection keeps it alive, so that a handler that outlives the server stays safe.
struct ServerShared : std::enable_shared_from_this<ServerShared> {
  ServerShared();
  ~ServerShared();

  HttpServerOptions options;
  HttpHandler handler;
  std::atomic<bool> draining{false};
  std::atomic<uint64_t> accepted{0};
  // Connections that exist or are on their way to a loop; drain() waits for zero.
  std::atomic<size_t> open{0};
  std::mutex mutex;
  std::condition_variable closed;
  std::vector<std::unique_ptr<ServerLoop>> loops;
};

/// Everything a request needs while it is in work; kept and reused by the loop, so that an idle connection owns none.
struct ExchangeState {
  enum class Answer : uint8_t { kNone, kStarted, kStreaming, kDone, kBroken };

  HttpRequest request;
  InputBuffer input;
  HeadScanner scanner;
  ChunkDecoder chunks;
  std::string out;         // head of the answer under construction
  uint64_t body_left = 0;  // of a body with a known length
  size_t body_offset = 0;  // in the input: where the head ends
  int status = 0;          // of the answer
  int refusal = 0;         // status that the head is refused with, 0 when it is good
  Answer answer = Answer::kNone;
  bool body_done = true;
  bool body_failed = false;  // the rest of the body is not to be had
  bool continue_sent = false;
  bool answer_chunked = false;
  bool answer_has_body = true;
  bool keep_alive = true;  // after this exchange
};

/// One per loop and server; loop thread only but for the counters.
class ServerLoop {
 public:
  ServerLoop(EventLoop& event_loop, ServerShared& server_shared);
  ~ServerLoop();

  /// Loop thread: owns the descriptor from here. `refuse`: answer 503 and close.
  void adopt(int fd, bool refuse);
  void start_timer();
  void stop_timer();
  /// Closes connections without a request in work; `force`: interrupts the others too.
  void close_connections(bool force);

  std::unique_ptr<ExchangeState> take_state();
  void give_state(std::unique_ptr<ExchangeState> state);
  void link(Connection* connection);
  void unlink(Connection* connection);

  /// Monotonic time, as fresh as the last tick.
  int64_t tick_now() const { return tick_now_; }
  int64_t deadline_after(Nanoseconds delay) const { return tick_now_ + delay.count() + tick_.count(); }
  static void bump(std::atomic<uint64_t>& counter) {  // one writer: no locked instruction
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  EventLoop& loop;
  ServerShared& shared;
  BufferPool buffers;
  std::atomic<size_t> connections{0};
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> bad_requests{0};
  std::atomic<uint64_t> timeouts{0};
  std::atomic<uint64_t> refused{0};

 private:
  void on_tick();

  Nanoseconds tick_;
  int64_t tick_now_ = 0;
  EventLoop::TimerId timer_ = 0;
  Connection* first_ = nullptr;
  std::vector<std::unique_ptr<ExchangeState>> kept_states_;
};

}  // namespace ais::net

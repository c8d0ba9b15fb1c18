// Connection: one accepted socket of a server and the exchange that runs on it, if any.
//
// Between requests it is this object and nothing else: no buffer, no coroutine. When the first bytes of a head arrive it takes
// an ExchangeState from its loop; when the head is complete a coroutine (run) calls the handler, finishes the answer, discards
// what of the body nobody read, and goes on with pipelined requests until there is nothing left to do. It deletes itself.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "async/task.h"
#include "net/server_loop.h"
#include "net/socket_stream.h"

namespace ais::net {

class Connection final : public SocketStream {
 public:
  explicit Connection(ServerLoop& home) : SocketStream(home.loop), home_(home), shared_(home.shared.shared_from_this()) {}
  ~Connection() override;

  /// First activity after attach(). May delete the connection.
  void begin(bool refuse);
  bool is_between_requests() const { return !running_; }

 private:
  friend class HttpExchange;  // the other half of this class: what handlers call
  friend class ServerLoop;
  enum class Head : uint8_t { kReady, kWait, kGone };

  void on_unawaited_event() override;
  // From one request to the next.
  Head advance_head();
  bool parse_head();
  bool make_room_for_head();
  void on_head_timeout();
  void rewind_for_next_request();
  void go_idle();
  static async::Detached run(Connection* self);
  Head next_head();
  bool exchange_is_clean() const;
  async::Task<bool> finish_exchange();
  async::Task<void> refuse_request();
  // The request's body.
  void begin_body();
  async::Task<Status> send_continue();
  async::Task<bool> discard_body();
  async::Task<void> linger();
  struct BodyPiece {
    enum Kind : uint8_t { kData, kEnd, kBlocked, kClosed, kBad } kind;
    size_t bytes = 0;
  };
  BodyPiece next_body(std::span<char> buffer);
  BodyPiece next_known_length(std::span<char> buffer);
  BodyPiece next_chunked(std::span<char> buffer);
  BodyPiece received_body(ssize_t received);
  BodyPiece discard_piece();
  Status body_failed(Code code, const char* what);
  // The answer.
  std::string* start_answer(int status);
  bool body_is_suppressed() const;
  bool may_keep_alive() const;
  void finish_head(std::optional<uint64_t> content_length, bool chunked);
  Status answer_failed(Code code, const char* what);
  Status finish_answer();
  async::Task<Status> send_rest(Gather gather, int flags);
  async::Task<Status> wait_writable();

  ServerLoop& home_;
  const std::shared_ptr<ServerShared> shared_;  // keeps home_ alive
  std::unique_ptr<ExchangeState> state_;
  Connection* next_ = nullptr;
  Connection* previous_ = nullptr;
  bool running_ = false;
};

}  // namespace ais::net

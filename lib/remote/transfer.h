// Transfer: one request sent once, and its answer: an easy handle of libcurl and what its callbacks fill. Its coroutine waits for changes
// and is resumed by messages, so that no code of ours but these callbacks runs within libcurl. One coroutine at a time; loop thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "async/loop.h"
#include "async/task.h"
#include "remote/client.h"
#include "remote/engine.h"
#include "remote/url.h"

struct curl_slist;

namespace ais::remote {

class Transfer {
 public:
  static constexpr Nanoseconds kNever = Nanoseconds::max();

  /// `request`, with `url` in place of its own. `until`: when the whole has to be over, or kNever.
  Transfer(std::shared_ptr<Engine> engine, const Request& request, const Url& url, Nanoseconds until);
  Transfer(const Transfer&) = delete;
  ~Transfer();

  /// Starts; returns when the head is there and the body is sent, or nobody wants more of it.
  async::Task<Status> exchange();
  /// Throws the answer's body away, so that the connection can be used again: up to 64 KiB, then the connection is closed.
  async::Task<void> drain();
  async::Task<Result<size_t>> read(std::span<char> buffer);
  async::Task<Result<std::string>> read_all(size_t limit);

  int status() const { return status_; }
  const Headers& headers() const { return headers_; }
  std::optional<uint64_t> content_length() const;
  /// The connection was there, and the request began to be sent.
  bool has_begun() const { return begun_; }
  /// Something was taken from the body's source.
  bool has_body_begun() const { return body_begun_; }
  /// The failure would be the same again.
  bool is_failure_final() const { return failure_is_final_; }

  /// By the engine: libcurl is through with it (a CURLcode).
  void finished(int code);
  /// Ends it with this error. Not from within a callback of libcurl.
  void fail(Status why);

 private:
  struct Change;
  struct Callbacks;
  void set_options(const Request& request, Nanoseconds until);
  void set_method(const Request& request);
  void set_tls();
  Status failure_of(int code);
  void wake();
  /// Tells libcurl which directions rest.
  void set_pauses(bool receiving, bool sending);
  void resume_receiving();
  void watch_progress();
  uint64_t bytes_moved() const;
  void release_body();
  bool is_body_sent() const { return !sends_body_ || body_ended_; }
  async::Task<Status> next_piece();

  // What libcurl's callbacks do; the results are what it expects of them.
  size_t on_header(std::string_view line);
  size_t on_body(std::string_view bytes);
  size_t on_send(std::span<char> room);
  void end_head();
  void take_header(std::string_view line);

  size_t unread() const { return received_.size() - read_offset_; }
  size_t take_unread(std::span<char> buffer);

  const std::shared_ptr<Engine> engine_;
  void* const easy_;
  curl_slist* header_lines_ = nullptr;
  std::array<char, 256> error_text_{};
  const std::string authority_;
  const Nanoseconds stall_timeout_;
  async::Loop::TimerId stall_timer_ = 0;
  uint64_t bytes_seen_moved_ = 0;
  Nanoseconds moved_at_{0};
  Change* waiting_ = nullptr;

  // The request's body.
  bool sends_body_ = false;
  bool body_ended_ = false;  // all of it was handed to libcurl
  bool body_begun_ = false;
  bool body_wanted_ = false;  // libcurl rests until the source has more
  bool is_repeatable_ = true;
  std::string_view text_;   // the whole, where there is no source
  std::string_view piece_;  // what libcurl has not taken yet
  BodySource* source_ = nullptr;
  std::optional<uint64_t> body_left_;  // of a known length

  // The answer.
  int status_ = 0;
  bool begun_ = false;
  bool head_done_ = false;
  bool done_ = false;
  bool discarding_ = false;
  bool receiving_paused_ = false;
  bool failure_is_final_ = false;
  Status failure_;
  Headers headers_;
  size_t head_bytes_ = 0;
  size_t discarded_ = 0;
  std::string received_;  // from read_offset_ on: not yet read
  size_t read_offset_ = 0;
  std::span<char> reader_;  // of the read() that waits: filled directly
  size_t filled_ = 0;
};

}  // namespace ais::remote

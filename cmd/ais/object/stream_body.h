// StreamBody: a pipe as the body of a request: what comes out of it goes on its way at once, in bounded memory.
//
// Targets give a sender up who says nothing for a minute. While the pipe is silent, single bytes of a reserve are sent, so that whoever
// writes to it may take hours.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ais/file/input_file.h"
#include "codec/checksum.h"
#include "net/http_client.h"
#include "sys/thread_pool.h"

namespace ais::cli {

class StreamBody final : public net::StreamedBody {
 public:
  using MayEnd = std::function<async::Task<Status>()>;
  static constexpr size_t kPieceBytes = 256 * 1024;
  static constexpr size_t kReserveBytes = 4096;  // at least so much is held back until the end
  static constexpr Nanoseconds kSilence = std::chrono::seconds(15);

  /// `first` was read from `input` already. Reads on a thread of `pool`. `sent` is told of the bytes that were handed out. `silence` is
  /// how long the pipe may be silent before a byte of the reserve goes. `may_end` is asked when the pipe has ended: its error becomes
  /// that of the body, which then has no end and makes no object.
  StreamBody(InputStream& input, std::string first, sys::ThreadPool& pool, std::atomic<uint64_t>& sent, MayEnd may_end,
             Nanoseconds silence = kSilence)
      : input_(input), pool_(pool), sent_(sent), may_end_(std::move(may_end)), silence_(silence), reserve_(std::move(first)) {}
  /// From now on what is handed out is hashed.
  void hash_as(codec::ChecksumType type) { hasher_.emplace(type); }
  /// Of all bytes, once the end was handed out; nullopt when nobody asked for it.
  std::optional<codec::Checksum> checksum();

  async::Task<Result<std::string_view>> next() override;

 private:
  std::string_view hand_out(std::string bytes);

  InputStream& input_;
  sys::ThreadPool& pool_;
  std::atomic<uint64_t>& sent_;
  const MayEnd may_end_;
  const Nanoseconds silence_;
  std::optional<codec::Hasher> hasher_;
  std::string reserve_;  // read and not handed out
  std::string given_;    // what was handed out last
  bool ended_ = false;
};

}  // namespace ais::cli

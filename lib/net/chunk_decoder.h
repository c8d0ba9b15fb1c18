// ChunkDecoder: the framing of chunked bodies, one piece of input at a time, without a buffer of its own and without a copy.
//
// Strict: sizes are 1 to 15 hex digits, every line ends with CR LF, extensions and trailers are skipped but bounded and free of
// control bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ais::net {

class ChunkDecoder {
 public:
  static constexpr size_t kLineBytesMax = 1024;     // a size line with its extensions
  static constexpr size_t kTrailerBytesMax = 8192;  // all trailer lines together

  /// Reads framing at the start of `input` up to the next payload byte, the body's end or an error; returns the bytes used.
  size_t skip_framing(std::string_view input);
  bool done() const { return state_ == State::kDone; }
  bool bad() const { return state_ == State::kBad; }

  /// Payload bytes that come next without any framing between; report those taken with skip_payload().
  uint64_t payload_left() const { return state_ == State::kPayload ? left_ : 0; }
  void skip_payload(uint64_t bytes);
  void reset() { *this = ChunkDecoder(); }

 private:
  enum class State : uint8_t { kSize, kExtension, kSizeLf, kPayload, kPayloadCr, kPayloadLf, kTrailer, kTrailerLf, kDone, kBad };
  State on_byte(char c);
  State on_size(char c);
  State on_trailer(char c);

  State state_ = State::kSize;
  uint8_t digits_ = 0;
  bool trailer_line_empty_ = true;
  size_t line_bytes_ = 0;
  uint64_t left_ = 0;
};

}  // namespace ais::net

#include "net/chunk_decoder.h"

namespace ais::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) {
  unsigned char byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t';
}

}  // namespace

size_t ChunkDecoder::skip_framing(std::string_view input) {
  size_t used = 0;
  while (used < input.size() && state_ != State::kPayload && !done() && !bad()) state_ = on_byte(input[used++]);
  return used;
}

void ChunkDecoder::skip_payload(uint64_t bytes) {
  left_ -= bytes;
  if (left_ == 0) state_ = State::kPayloadCr;
}

ChunkDecoder::State ChunkDecoder::on_byte(char c) {
  switch (state_) {
    case State::kSize: return on_size(c);
    case State::kExtension:
      if (c == '\r') return State::kSizeLf;
      return is_text(c) && ++line_bytes_ <= kLineBytesMax ? State::kExtension : State::kBad;
    case State::kSizeLf:
      if (c != '\n') return State::kBad;
      line_bytes_ = 0;
      return left_ > 0 ? State::kPayload : State::kTrailer;
    case State::kPayloadCr: return c == '\r' ? State::kPayloadLf : State::kBad;
    case State::kPayloadLf: digits_ = 0; return c == '\n' ? State::kSize : State::kBad;
    case State::kTrailer: return on_trailer(c);
    case State::kTrailerLf:
      if (c != '\n') return State::kBad;
      if (trailer_line_empty_) return State::kDone;
      trailer_line_empty_ = true;
      return State::kTrailer;
    default: return State::kBad;
  }
}

ChunkDecoder::State ChunkDecoder::on_size(char c) {
  int digit = hex_value(c);
  if (digit >= 0) {
    left_ = left_ * 16 + static_cast<uint64_t>(digit);  // 15 digits stay far below 2^63
    return ++digits_ <= 15 ? State::kSize : State::kBad;
  }
  if (digits_ == 0) return State::kBad;
  if (c == '\r') return State::kSizeLf;
  return c == ';' ? State::kExtension : State::kBad;
}

ChunkDecoder::State ChunkDecoder::on_trailer(char c) {
  if (c == '\r') return State::kTrailerLf;
  // A trailer line cannot continue one before it.
  if (trailer_line_empty_ && (c == ' ' || c == '\t')) return State::kBad;
  trailer_line_empty_ = false;
  return is_text(c) && ++line_bytes_ <= kTrailerBytesMax ? State::kTrailer : State::kBad;
}

}  // namespace ais::net

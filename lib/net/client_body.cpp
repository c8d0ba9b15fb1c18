// The answer's body, on the client's side.
#include <errno.h>
#include <string.h>

#include <algorithm>

#include "net/client_connection.h"

namespace ais::net {
namespace {

constexpr size_t kFirstBodyBytes = 64 * 1024;
constexpr size_t kDiscardPieceBytes = 1 << 20;

std::span<char> trash() {
  static thread_local char bytes[16 * 1024];
  return bytes;
}

}  // namespace

void ClientConnection::begin_response_body() {
  int status = response_.status;
  bool has_none = head_request_ || status == 204 || status == 304;
  body_offset_ = input_.begin_offset();
  body_left_ = response_.content_length.value_or(0);
  chunks_.reset();
  if (has_none || response_.content_length == 0u) {
    body_kind_ = BodyKind::kNone;
  } else if (response_.chunked) {
    body_kind_ = BodyKind::kChunked;
  } else {
    body_kind_ = response_.content_length ? BodyKind::kLength : BodyKind::kUntilClose;
  }
  if (body_kind_ == BodyKind::kUntilClose) response_.keep_alive = false;
  body_done_ = body_kind_ == BodyKind::kNone;
  deadline_ns = kNever;
}

// Of a body whose length is known: up to `wanted` bytes, but no more than are left. Bytes beyond the body's end belong to nothing.
ssize_t ClientConnection::receive_known(char* buffer, size_t wanted) {
  if (wanted < body_left_) return receive(buffer, wanted);
  ssize_t n = receive_last(buffer, static_cast<size_t>(body_left_));
  return without_surplus(n);
}

ssize_t ClientConnection::without_surplus(ssize_t n) {
  if (n < 0 || static_cast<uint64_t>(n) <= body_left_) return n;
  broken_ = true;
  return static_cast<ssize_t>(body_left_);
}

ClientConnection::Piece ClientConnection::received(ssize_t n) {
  if (n > 0) return Piece{Piece::kData, static_cast<size_t>(n)};
  if (n < 0 && errno == EAGAIN) return Piece{Piece::kBlocked};
  if (n == 0 && body_kind_ == BodyKind::kUntilClose) {
    body_done_ = true;
    return Piece{Piece::kEnd};
  }
  return Piece{Piece::kClosed};
}

ClientConnection::Piece ClientConnection::next_piece(std::span<char> buffer) {
  if (body_kind_ == BodyKind::kChunked) return next_chunked(buffer);
  size_t wanted = buffer.size();
  if (body_kind_ == BodyKind::kLength) wanted = static_cast<size_t>(std::min<uint64_t>(wanted, body_left_));
  Piece piece{Piece::kData, std::min(wanted, input_.size())};
  if (piece.bytes > 0) {
    memcpy(buffer.data(), input_.begin(), piece.bytes);
    input_.consumed(piece.bytes);
  } else {
    piece = received(body_kind_ == BodyKind::kLength ? receive_known(buffer.data(), wanted) : receive(buffer.data(), wanted));
  }
  if (body_kind_ == BodyKind::kLength) {
    body_left_ -= piece.bytes;
    body_done_ = body_left_ == 0;
  }
  return piece;
}

ClientConnection::Piece ClientConnection::next_chunked(std::span<char> buffer) {
  while (true) {
    if (uint64_t left = chunks_.payload_left()) {
      size_t wanted = static_cast<size_t>(std::min<uint64_t>(buffer.size(), left));
      Piece piece{Piece::kData, std::min(wanted, input_.size())};
      if (piece.bytes > 0) {
        memcpy(buffer.data(), input_.begin(), piece.bytes);
        input_.consumed(piece.bytes);
      } else {
        piece = received(receive(buffer.data(), wanted));
      }
      if (piece.kind == Piece::kData) chunks_.skip_payload(piece.bytes);
      return piece;
    }
    input_.consumed(chunks_.skip_framing(std::string_view(input_.begin(), input_.size())));
    if (chunks_.bad()) return Piece{Piece::kBad};
    if (chunks_.done()) {
      body_done_ = true;
      return Piece{Piece::kEnd};
    }
    if (chunks_.payload_left() > 0) continue;
    input_.move_to(body_offset_);
    Piece piece = received(receive(input_.free_begin(), input_.free_size()));
    if (piece.kind != Piece::kData) return piece;
    input_.added(piece.bytes);
  }
}

Status ClientConnection::read_failed(Piece::Kind kind) {
  if (kind == Piece::kBad) return fail(Code::kBadRequest, "the answer's chunked body is malformed");
  return fail(Code::kConnectionClosed, "closed the connection in the middle of its answer");
}

async::Task<Result<size_t>> ClientConnection::read(std::span<char> buffer) {
  while (!body_done_ && !buffer.empty()) {
    if (broken_) co_return read_failed(Piece::kClosed);
    Piece piece = next_piece(buffer);
    if (piece.kind == Piece::kData) co_return piece.bytes;
    if (piece.kind == Piece::kEnd) break;
    if (piece.kind != Piece::kBlocked) co_return read_failed(piece.kind);
    Status waited = co_await wait_for(kRead);
    if (!waited.ok()) co_return waited;
  }
  co_return size_t{0};
}

async::Task<Result<std::string>> ClientConnection::read_all(size_t limit) {
  bool is_known = body_kind_ == BodyKind::kLength;
  if (is_known && body_left_ > limit)
    co_return make_status(Code::kPayloadTooLarge, "an answer of %lu bytes, the limit is %zu", body_left_, limit);
  // One byte above the limit tells whether there is more. Memory follows what came, not what was announced.
  size_t most = limit < SIZE_MAX ? limit + 1 : limit;
  std::string body(std::min<size_t>({is_known ? body_left_ : kFirstBodyBytes, kFirstBodyBytes, most}), '\0');
  size_t used = 0;
  while (!body_done_) {
    if (used == body.size()) body.resize(std::min(std::max<size_t>(used * 2, 1), most));
    std::span<char> room(body.data() + used, body.size() - used);
    Result<size_t> n = co_await read(room);
    if (!n.ok()) co_return std::move(n).take_status();
    used += *n;
    if (used > limit) co_return make_status(Code::kPayloadTooLarge, "the answer is larger than the limit of %zu bytes", limit);
  }
  body.resize(used);
  co_return body;
}

async::Task<Result<uint64_t>> ClientConnection::discard() {
  uint64_t total = 0;
  while (!body_done_) {
    if (broken_) co_return read_failed(Piece::kClosed);
    Piece piece{Piece::kData};
    if (body_kind_ == BodyKind::kLength) {
      if (input_.size() > 0) {  // what came with the head
        piece.bytes = static_cast<size_t>(std::min<uint64_t>(body_left_, input_.size()));
        input_.consumed(piece.bytes);
      } else {
        // One byte beyond the body's end: a short read tells that the queue is empty.
        size_t wanted = static_cast<size_t>(std::min<uint64_t>(kDiscardPieceBytes, body_left_ + 1));
        piece = received(without_surplus(receive_and_discard(wanted, trash().data(), trash().size())));
      }
      body_left_ -= piece.bytes;
      body_done_ = body_left_ == 0;
    } else {
      piece = next_piece(trash());
    }
    total += piece.bytes;
    if (piece.kind == Piece::kBad || piece.kind == Piece::kClosed) co_return read_failed(piece.kind);
    if (piece.kind != Piece::kBlocked) continue;
    Status waited = co_await wait_for(kRead);
    if (!waited.ok()) co_return waited;
  }
  co_return total;
}

}  // namespace ais::net

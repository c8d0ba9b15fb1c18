// Writing a body's buffers out, and its end.
#include <errno.h>

#include <algorithm>
#include <cstring>

#include "store/body_state.h"

namespace ais::store {
namespace {
constexpr size_t kBlock = 4096;  // what O_DIRECT asks of sizes and offsets
}

Status BodyState::open_file() {
  if (!bucket_) return make_status(Code::kBucketNotFound, "the bucket is not here");
  AIS_TRY(file_, WorkFile::create(context_, bucket_, true));
  if (!file_.is_direct() || !size_hint_) return {};
  // Writes that extend a file turn synchronous under O_DIRECT, so it gets its size first. A size that the filesystem cannot hold
  // shows when the bytes come.
  uint64_t padded = (*size_hint_ + kBlock - 1) / kBlock * kBlock;
  if (padded >= *size_hint_) (void)context_.files.ftruncate(file_.fd(), padded);
  return {};
}

Status BodyState::write_piece(const Piece& piece) {
  if (!file_) AIS_RETURN_IF_ERROR(open_file());
  size_t seen = static_cast<size_t>(std::min<uint64_t>(hashed_ > written_ ? hashed_ - written_ : 0, piece.filled));
  hasher_.update({piece.buffer.data + seen, piece.filled - seen});
  size_t size = piece.filled;
  if (file_.is_direct()) {
    size_t padded = (size + kBlock - 1) / kBlock * kBlock;
    memset(piece.buffer.data + size, 0, padded - size);
    size = padded;
  }
  AIS_RETURN_IF_ERROR(file_.write({piece.buffer.data, size}, written_));
  written_ += piece.filled;
  context_.counters.bytes_written.fetch_add(piece.filled, std::memory_order_relaxed);
  return {};
}

Result<ReceivedBody> BodyState::complete() {
  AIS_RETURN_IF_ERROR(failure_);
  ReceivedBody body;
  body.size = received_;
  if (mode_ == Mode::kMemory && codec::is_slow(hasher_.type())) hasher_.update({pieces_[0].buffer.data, pieces_[0].filled});
  body.checksum = hasher_.finish();
  if (mode_ == Mode::kMemory) {
    body.pool = pool_;
    body.memory = std::exchange(pieces_[0].buffer, {});
  } else {
    AIS_RETURN_IF_ERROR(complete_file(body));
  }
  AIS_RETURN_IF_ERROR(check_expected(body));
  for (Piece& piece : pieces_) pool_->give_back(std::exchange(piece.buffer, {}));
  return body;
}

Status BodyState::complete_file(ReceivedBody& body) {
  if (!file_) AIS_RETURN_IF_ERROR(open_file());
  AIS_RETURN_IF_ERROR(file_.truncate(received_));
  if (finish_options_.policy == WritePolicy::kImmediate) {
    // Here and not in the committer, so that a large flush delays nobody else.
    context_.counters.syncs.fetch_add(1, std::memory_order_relaxed);
    if (int error = context_.files.fdatasync(file_.fd()); error < 0)
      return context_.io_error(bucket_->mountpath, -error, "sync in " + bucket_->path);
    body.data_synced = true;
  }
  body.file = std::move(file_);
  return {};
}

Status BodyState::check_expected(const ReceivedBody& body) {
  const std::optional<codec::Checksum>& expected = finish_options_.expected;
  if (!expected || expected->type == codec::ChecksumType::kNone) return {};
  codec::Checksum actual = body.checksum;
  if (!codec::same_algorithm(expected->type, actual.type)) {
    codec::Hasher other(expected->type);
    if (body.memory) {
      other.update({body.memory.data, body.size});
    } else {
      const Buffer& buffer = pieces_[0].buffer;
      for (uint64_t offset = 0; offset < body.size;) {
        ssize_t count = context_.files.pread(body.file.fd(), buffer.data, buffer.size, offset);
        if (count <= 0)
          return context_.io_error(bucket_->mountpath, count < 0 ? static_cast<int>(-count) : EIO, "read back in " + bucket_->path);
        other.update({buffer.data, static_cast<size_t>(count)});
        offset += static_cast<uint64_t>(count);
      }
    }
    actual = other.finish();
  }
  if (actual.value == expected->value) return {};
  return codec::bad_checksum(*expected, actual);
}

}  // namespace ais::store

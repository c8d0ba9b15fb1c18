#include "store/body_state.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace ais::store {
namespace {
constexpr size_t kFirstUnknown = 16 * kKiB;  // first buffer of a body of unknown length
constexpr size_t kLargestPiece = 1 * kMiB;   // also the largest direct_threshold that the configuration takes
}  // namespace

BodyState::BodyState(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket, std::optional<uint64_t> size_hint,
                     codec::ChecksumType checksum)
    : context_(context),
      mountpath_(mountpath),
      bucket_(std::move(bucket)),
      size_hint_(size_hint),
      pool_(context.buffers),
      hasher_(checksum) {}

BodyState::~BodyState() {
  for (Piece& piece : pieces_) pool_->give_back(piece.buffer);
}

bool BodyState::reserve() {
  uint64_t threshold = std::min<uint64_t>(context_.options.direct_threshold, kLargestPiece);
  uint64_t hint = size_hint_.value_or(kFirstUnknown);
  if (hint < threshold) {
    pieces_[0].buffer = pool_->take(std::max<uint64_t>(hint, 1));
    return static_cast<bool>(pieces_[0].buffer);
  }
  mode_ = Mode::kFile;
  pieces_[0].buffer = pool_->take(std::min<uint64_t>(hint, kLargestPiece));
  if (!pieces_[0].buffer) return false;
  // The second buffer only makes it faster: without it receiving and writing take turns.
  if (hint > kLargestPiece) pieces_[1].buffer = pool_->take(kLargestPiece);
  return true;
}

std::optional<std::span<char>> BodyState::next_buffer() {
  std::lock_guard lock(mutex_);
  Piece* piece = &pieces_[current_];
  if (mode_ == Mode::kMemory && piece->filled == piece->buffer.size && !grow(*piece)) switch_to_file();
  if (mode_ == Mode::kFile && (piece->busy || !piece->buffer)) {
    // The other one may be free; while both are with the pool there is nothing to receive into.
    Piece& other = pieces_[1 - current_];
    if (other.busy || !other.buffer) return std::nullopt;
    current_ = 1 - current_;
    piece = &other;
  }
  return std::span<char>(piece->buffer.data + piece->filled, piece->buffer.size - piece->filled);
}

void BodyState::advance(size_t n) {
  std::lock_guard lock(mutex_);
  Piece& piece = pieces_[current_];
  AIS_ASSERT(!piece.busy && n <= piece.buffer.size - piece.filled);
  if (fill_is_inline()) {
    hasher_.update({piece.buffer.data + piece.filled, n});
    hashed_ += n;
  }
  piece.filled += n;
  received_ += n;
  if (mode_ == Mode::kFile && piece.filled == piece.buffer.size) submit_piece();
}

bool BodyState::grow(Piece& piece) {
  size_t size = piece.buffer.size * 4;
  if (size > std::min<uint64_t>(context_.options.direct_threshold, kLargestPiece)) return false;
  Buffer larger = pool_->take(size);
  if (!larger) return false;
  memcpy(larger.data, piece.buffer.data, piece.filled);
  pool_->give_back(std::exchange(piece.buffer, larger));
  return true;
}

/// The body outgrew memory, or memory is short: from here on buffers go to a file. Larger buffers are taken when there are some.
void BodyState::switch_to_file() {
  mode_ = Mode::kFile;
  if (Buffer second = pool_->take(kLargestPiece)) pieces_[1].buffer = second;
  submit_piece();
}

void BodyState::submit_piece() {
  pieces_[current_].busy = true;
  if (pieces_[1 - current_].buffer && !pieces_[1 - current_].busy) current_ = 1 - current_;
  if (job_running_) return;
  job_running_ = true;
  run_on(mountpath_.pool, [self = shared_from_this()] { self->write_pieces(); });
}

/// A body that began small goes on with a full-sized buffer, when memory allows.
void BodyState::enlarge(Piece& piece) {
  if (size_hint_ || finishing_ || piece.buffer.size == kLargestPiece) return;
  if (Buffer larger = pool_->take(kLargestPiece)) pool_->give_back(std::exchange(piece.buffer, larger));
}

void BodyState::flush(UniqueFunction<void(Status)> done) {
  {
    std::lock_guard lock(mutex_);
    if (job_running_) {
      AIS_ASSERT_MSG(!flush_waiter_, "one flush at a time");
      flush_waiter_ = std::move(done);
      // A buffer that is free already needs no waiting for the one in flight.
      bool free_now = (!pieces_[0].busy && pieces_[0].buffer) || (!pieces_[1].busy && pieces_[1].buffer);
      if (!free_now && failure_.ok()) return;
      done = std::move(flush_waiter_);
      flush_waiter_ = {};
    }
  }
  // Never from inside this call: the caller may not be ready for it.
  run_on(mountpath_.pool, [self = shared_from_this(), done = std::move(done)]() mutable {
    Status status;
    {
      std::lock_guard lock(self->mutex_);
      status = self->failure_;
    }
    done(std::move(status));
  });
}

uint64_t BodyState::bytes_received() const {
  std::lock_guard lock(mutex_);
  return received_;
}

void BodyState::finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done) {
  {
    std::lock_guard lock(mutex_);
    finish_options_ = options;
    bool other_type = options.expected && !codec::same_algorithm(options.expected->type, hasher_.type());
    if (!fill_is_inline() || other_type) {
      finishing_ = true;
      finish_done_ = std::move(done);
      if (mode_ == Mode::kFile && pieces_[current_].filled > 0 && !pieces_[current_].busy) pieces_[current_].busy = true;
      if (!job_running_) {
        job_running_ = true;
        run_on(mountpath_.pool, [self = shared_from_this()] { self->write_pieces(); });
      }
      return;
    }
  }
  done(complete());
}

void BodyState::write_pieces() {
  std::unique_lock lock(mutex_);
  while (mode_ == Mode::kFile) {
    // In the order of filling: the piece that is being filled (current_) is always the later one.
    size_t index = pieces_[1 - current_].busy ? 1 - current_ : current_;
    Piece& piece = pieces_[index];
    if (!piece.busy) break;
    Piece work = piece;
    bool failed = !failure_.ok();
    lock.unlock();
    Status status = failed ? Status() : write_piece(work);
    lock.lock();
    if (failure_.ok() && !status.ok()) failure_ = std::move(status);
    piece.filled = 0;
    piece.busy = false;
    enlarge(piece);
    UniqueFunction<void(Status)> waiter = std::move(flush_waiter_);
    flush_waiter_ = {};
    if (!waiter) continue;
    Status outcome = failure_;
    lock.unlock();
    waiter(std::move(outcome));
    lock.lock();
  }
  job_running_ = false;
  if (!finishing_) return;
  UniqueFunction<void(Result<ReceivedBody>)> done = std::move(finish_done_);
  lock.unlock();
  done(complete());
}

}  // namespace ais::store

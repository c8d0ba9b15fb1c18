#include "store/object_writer.h"

#include <errno.h>

#include <algorithm>
#include <cstring>

#include "async/callback.h"
#include "base/assert.h"

namespace ais::store {
namespace {
constexpr size_t kFirstUnknown = 16 * kKiB;  // first buffer of a body of unknown length
constexpr size_t kLargestPiece = 1 * kMiB;   // also the largest direct_threshold that the configuration takes
constexpr size_t kBlock = 4096;              // what O_DIRECT asks of sizes and offsets
}  // namespace

ObjectWriter::ObjectWriter(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket, std::optional<uint64_t> size_hint,
                           codec::ChecksumType checksum)
    : context_(context),
      mountpath_(mountpath),
      bucket_(std::move(bucket)),
      size_hint_(size_hint),
      pool_(context.buffers),
      hasher_(checksum) {}

std::shared_ptr<ObjectWriter> ObjectWriter::create(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket,
                                                   std::optional<uint64_t> size_hint, codec::ChecksumType checksum) {
  std::shared_ptr<ObjectWriter> writer(new ObjectWriter(context, mountpath, std::move(bucket), size_hint, checksum));
  return writer->reserve() ? writer : nullptr;
}

ObjectWriter::~ObjectWriter() {
  for (Piece& piece : pieces_) pool_->give_back(piece.buffer);
}

bool ObjectWriter::reserve() {
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

std::optional<std::span<char>> ObjectWriter::next_buffer() {
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

void ObjectWriter::advance(size_t n) {
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

bool ObjectWriter::grow(Piece& piece) {
  size_t size = piece.buffer.size * 4;
  if (size > std::min<uint64_t>(context_.options.direct_threshold, kLargestPiece)) return false;
  Buffer larger = pool_->take(size);
  if (!larger) return false;
  memcpy(larger.data, piece.buffer.data, piece.filled);
  pool_->give_back(std::exchange(piece.buffer, larger));
  return true;
}

/// The body outgrew memory, or memory is short: from here on buffers go to a file. Larger buffers are taken when there are some.
void ObjectWriter::switch_to_file() {
  mode_ = Mode::kFile;
  if (Buffer second = pool_->take(kLargestPiece)) pieces_[1].buffer = second;
  submit_piece();
}

void ObjectWriter::submit_piece() {
  pieces_[current_].busy = true;
  if (pieces_[1 - current_].buffer && !pieces_[1 - current_].busy) current_ = 1 - current_;
  if (job_running_) return;
  job_running_ = true;
  run_on(mountpath_.pool, [self = shared_from_this()] { self->write_pieces(); });
}

/// A body that began small goes on with a full-sized buffer, when memory allows.
void ObjectWriter::enlarge(Piece& piece) {
  if (size_hint_ || finishing_ || piece.buffer.size == kLargestPiece) return;
  if (Buffer larger = pool_->take(kLargestPiece)) pool_->give_back(std::exchange(piece.buffer, larger));
}

async::Task<Status> ObjectWriter::flush() {
  auto start = [this](auto done) { call_when_flushed(std::move(done)); };
  co_return co_await async::from_callback<Status>(start);
}

void ObjectWriter::call_when_flushed(UniqueFunction<void(Status)> done) {
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

uint64_t ObjectWriter::bytes_received() const {
  std::lock_guard lock(mutex_);
  return received_;
}

void ObjectWriter::finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done) {
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

void ObjectWriter::write_pieces() {
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

// --- writing the buffers out, and the end of the body -----------------------------------------------------------------------------

Status ObjectWriter::open_file() {
  if (!bucket_) return make_status(Code::kBucketNotFound, "the bucket is not here");
  AIS_TRY(file_, WorkFile::create(context_, bucket_, true));
  if (!file_.is_direct() || !size_hint_) return {};
  // Writes that extend a file turn synchronous under O_DIRECT, so it gets its size first. A size that the filesystem cannot hold
  // shows when the bytes come.
  uint64_t padded = (*size_hint_ + kBlock - 1) / kBlock * kBlock;
  if (padded >= *size_hint_) (void)context_.files.ftruncate(file_.fd(), padded);
  return {};
}

Status ObjectWriter::write_piece(const Piece& piece) {
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

Result<ReceivedBody> ObjectWriter::complete() {
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

Status ObjectWriter::complete_file(ReceivedBody& body) {
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

Status ObjectWriter::check_expected(const ReceivedBody& body) {
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

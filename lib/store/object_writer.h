// ObjectWriter: a body being received.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "async/task.h"
#include "codec/checksum.h"
#include "store/change.h"
#include "store/store_context.h"

namespace ais::store {

/// Bytes are appended in order by one thread at a time; dropping an unfinished one leaves nothing. Small bodies collect in one memory
/// buffer until they are committed; larger ones, from direct_threshold on, go through two buffers into a work file of the object's
/// mountpath: its pool hashes and writes one while the other is filled.
///
/// Shared by whoever receives and the pool job that writes. One mutex guards it; the hasher and the work file belong to the one job in
/// flight, or to the receiving thread while there is none.
class ObjectWriter : public std::enable_shared_from_this<ObjectWriter> {
 public:
  /// nullptr when the memory bound is reached. Use ObjectStore::create_writer().
  static std::shared_ptr<ObjectWriter> create(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket,
                                              std::optional<uint64_t> size_hint, codec::ChecksumType checksum);
  ~ObjectWriter();
  ObjectWriter(const ObjectWriter&) = delete;

  /// The buffer to receive into next; never empty. nullopt: the writer must be flushed first (await flush(), then ask again).
  std::optional<std::span<char>> next_buffer();
  /// `n` bytes of the buffer were filled.
  void advance(size_t n);
  /// Until there is a buffer to receive into: full ones are written out on the mountpath's pool. kCapacityExceeded on a full disk.
  async::Task<Status> flush();
  uint64_t bytes_received() const;

  /// For ObjectStore: ends the body. Hashes and writes what is left, checks `expected`, syncs large files for kImmediate; then hands it
  /// over, on a pool thread, or at once for a small body with a fast checksum. The writer is used up.
  void finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done);

 private:
  ObjectWriter(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket, std::optional<uint64_t> size_hint,
               codec::ChecksumType checksum);
  /// Takes the first buffers; false when the memory bound is reached.
  bool reserve();
  void call_when_flushed(UniqueFunction<void(Status)> done);
  enum class Mode { kMemory, kFile };
  struct Piece {
    Buffer buffer;
    size_t filled = 0;
    bool busy = false;  // waits for the pool, or is being written
  };

  // Callers hold mutex_.
  bool grow(Piece& piece);
  void switch_to_file();
  void submit_piece();
  void enlarge(Piece& piece);

  /// The pool job: writes waiting pieces until there is none.
  void write_pieces();
  Status write_piece(const Piece& piece);
  Status open_file();
  /// The end of finish(), on a pool thread or on the caller's.
  Result<ReceivedBody> complete();
  Status complete_file(ReceivedBody& body);
  Status check_expected(const ReceivedBody& body);
  bool fill_is_inline() const { return mode_ == Mode::kMemory && !codec::is_slow(hasher_.type()); }

  StoreContext& context_;
  Mountpath& mountpath_;
  const BucketDirectoryPtr bucket_;
  const std::optional<uint64_t> size_hint_;
  const std::shared_ptr<BufferPool> pool_;

  mutable std::mutex mutex_;
  Mode mode_ = Mode::kMemory;
  std::array<Piece, 2> pieces_;
  size_t current_ = 0;  // the piece being filled
  bool job_running_ = false;
  uint64_t received_ = 0;
  Status failure_;  // of the first write that failed
  UniqueFunction<void(Status)> flush_waiter_;
  bool finishing_ = false;
  CommitOptions finish_options_;
  UniqueFunction<void(Result<ReceivedBody>)> finish_done_;

  // Of the job in flight, or of the writer's thread while none is.
  codec::Hasher hasher_;
  uint64_t hashed_ = 0;  // bytes of the memory piece that the hasher has seen (kMemory)
  WorkFile file_;
  uint64_t written_ = 0;
};

using ObjectWriterPtr = std::shared_ptr<ObjectWriter>;

}  // namespace ais::store

// BodyState: a body being received, shared by its writer and the pool job that writes it out. Guarded by one mutex; the hasher and
// the work file belong to the one job in flight, or to the writer's thread while there is none.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "codec/checksum.h"
#include "store/change.h"
#include "store/store_context.h"

namespace ais::store {

class BodyState : public std::enable_shared_from_this<BodyState> {
 public:
  BodyState(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket, std::optional<uint64_t> size_hint,
            codec::ChecksumType checksum);
  ~BodyState();

  /// Takes the first buffers; false when the memory bound is reached.
  bool reserve();

  std::optional<std::span<char>> next_buffer();
  void advance(size_t n);
  void flush(UniqueFunction<void(Status)> done);
  uint64_t bytes_received() const;
  void finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done);

 private:
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

}  // namespace ais::store

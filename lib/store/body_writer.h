// BodyWriter: the ObjectWriter of the store. Small bodies collect in one memory buffer; larger ones go through two buffers into a
// work file that the mountpath's pool writes, hashing each buffer just before it leaves.
#pragma once

#include <memory>
#include <optional>

#include "store/change.h"
#include "store/object_store.h"
#include "store/store_context.h"

namespace ais::store {

/// The part that pool jobs share with the writer: outlives whichever goes first.
class BodyState;

class BodyWriter : public ObjectWriter {
 public:
  /// nullptr when the memory bound is reached.
  static std::unique_ptr<BodyWriter> create(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket,
                                            std::optional<uint64_t> size_hint, codec::ChecksumType checksum);
  ~BodyWriter() override;

  std::optional<std::span<char>> next_buffer() override;
  void advance(size_t n) override;
  void flush(UniqueFunction<void(Status)> done) override;
  uint64_t bytes_received() const override;

  /// Ends the body: hashes and writes what is left, checks `expected`, syncs large files for kImmediate; then hands it over, on a
  /// pool thread, or at once for a small body with a fast checksum. The writer is used up.
  void finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done);

 private:
  explicit BodyWriter(std::shared_ptr<BodyState> state) : state_(std::move(state)) {}
  std::shared_ptr<BodyState> state_;
};

}  // namespace ais::store

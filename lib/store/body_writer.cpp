#include "store/body_writer.h"

#include "store/body_state.h"

namespace ais::store {

std::unique_ptr<BodyWriter> BodyWriter::create(StoreContext& context, Mountpath& mountpath, BucketDirectoryPtr bucket,
                                               std::optional<uint64_t> size_hint, codec::ChecksumType checksum) {
  auto state = std::make_shared<BodyState>(context, mountpath, std::move(bucket), size_hint, checksum);
  if (!state->reserve()) return nullptr;
  return std::unique_ptr<BodyWriter>(new BodyWriter(std::move(state)));
}

BodyWriter::~BodyWriter() = default;

std::optional<std::span<char>> BodyWriter::next_buffer() { return state_->next_buffer(); }

void BodyWriter::advance(size_t n) { state_->advance(n); }

void BodyWriter::flush(UniqueFunction<void(Status)> done) { state_->flush(std::move(done)); }

uint64_t BodyWriter::bytes_received() const { return state_->bytes_received(); }

void BodyWriter::finish(const CommitOptions& options, UniqueFunction<void(Result<ReceivedBody>)> done) {
  state_->finish(options, std::move(done));
}

}  // namespace ais::store

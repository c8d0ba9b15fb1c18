// The forms of the store's changes that coroutines await: each calls the one with a callback.
#include "async/callback.h"
#include "store/object_store.h"

namespace ais::store {

using async::from_callback;

async::Task<void> ObjectStore::buffers_available() {
  auto start = [this](auto done) { on_buffers_available([done]() mutable { done(true); }); };
  (void)co_await from_callback<bool>(start);
}

async::Task<Status> ObjectWriter::flush() {
  auto start = [&](auto done) { flush(std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Result<CommitResult>> ObjectStore::commit(ObjectName name, std::unique_ptr<ObjectWriter> writer, CommitOptions options) {
  auto start = [&](auto done) { commit(name, std::move(writer), std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

async::Task<Status> ObjectStore::remove(ObjectName name, ChangeOptions options) {
  auto start = [&](auto done) { remove(name, std::move(options), std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Status> ObjectStore::settle(ObjectName name) {
  auto start = [&](auto done) { settle(name, std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Status> ObjectStore::set_custom(ObjectName name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options) {
  auto start = [&](auto done) { set_custom(name, std::move(pairs), replace_all, std::move(options), std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Result<CommitResult>> ObjectStore::copy(ObjectName from, ObjectName to, CopyOptions options) {
  auto start = [&](auto done) { copy(from, to, std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

async::Task<Status> ObjectStore::rename(ObjectName from, ObjectName to, ChangeOptions options) {
  auto start = [&](auto done) { rename(from, to, std::move(options), std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Result<MoveClaim>> ObjectStore::claim_move(ObjectName name, ChangeTerms terms) {
  auto start = [&](auto done) { claim_move(name, std::move(terms), std::move(done)); };
  co_return co_await from_callback<Result<MoveClaim>>(start);
}

async::Task<Status> ObjectStore::finish_move(ObjectName name, MoveClaim claim, WritePolicy policy) {
  auto start = [&](auto done) { finish_move(name, std::move(claim), policy, std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

async::Task<Result<CommitResult>> ObjectStore::append_flush(ObjectName name, std::string_view work, codec::ChecksumType checksum,
                                                            CommitOptions options) {
  auto start = [&](auto done) { append_flush(name, work, checksum, std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

}  // namespace ais::store

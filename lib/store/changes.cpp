// The changing half of the ObjectStore: turns calls into entries of the committers' queues.
#include "base/log.h"
#include "store/body_writer.h"
#include "store/committer.h"
#include "store/store_impl.h"

namespace ais::store {

void StoreImpl::begin_work() {
  std::lock_guard lock(drain_mutex_);
  ++in_flight_;
}

void StoreImpl::end_work() {
  std::lock_guard lock(drain_mutex_);
  if (--in_flight_ == 0) drained_.notify_all();
}

Result<ChangePtr> StoreImpl::make_change(Change::Kind kind, const OwnedName& name, ChangeOptions options) {
  auto change = std::make_unique<Change>();
  change->kind = kind;
  change->name = name;
  change->policy = options.policy;
  change->terms = std::move(options);
  change->bucket = context_->mountpath_of(name.digest).buckets.find(name.bucket_uname());
  if (change->bucket) return change;
  return make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(name.bucket_uname()).c_str());
}

void StoreImpl::submit(ChangePtr change) {
  Committer& committer = *context_->mountpath_of(change->name.digest).committer;
  committer.submit(std::move(change));
}

std::unique_ptr<ObjectWriter> StoreImpl::create_writer(const ObjectName& name, std::optional<uint64_t> size_hint,
                                                       codec::ChecksumType checksum) {
  Mountpath& mountpath = context_->mountpath_of(name.digest);
  return BodyWriter::create(*context_, mountpath, mountpath.buckets.find(name.bucket_uname), size_hint, checksum);
}

void StoreImpl::on_buffers_available(UniqueFunction<void()> callback) { context_->buffers->on_available(std::move(callback)); }

void StoreImpl::submit_put(const OwnedName& name, ReceivedBody body, CommitOptions options,
                           UniqueFunction<void(Result<CommitResult>)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kPut, name, options);
  if (!change.ok()) {
    body.file = WorkFile();
    return done(std::move(change).take_status());
  }
  (*change)->body = std::move(body);
  (*change)->options = std::move(options);
  (*change)->done = std::move(done);
  submit(std::move(change).value());
}

void StoreImpl::commit(const ObjectName& name, std::unique_ptr<ObjectWriter> writer, CommitOptions options,
                       UniqueFunction<void(Result<CommitResult>)> done) {
  auto finish = [this, name = OwnedName(name), options,
                 done = counted<Result<CommitResult>>(std::move(done))](Result<ReceivedBody> body) mutable {
    if (!body.ok()) return done(std::move(body).take_status());
    submit_put(name, std::move(body).value(), std::move(options), std::move(done));
  };
  static_cast<BodyWriter&>(*writer).finish(options, std::move(finish));
}

void StoreImpl::remove(const ObjectName& name, ChangeOptions options, UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kRemove, OwnedName(name), std::move(options));
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

void StoreImpl::settle(const ObjectName& name, UniqueFunction<void(Status)> done) {
  // A change that changes nothing: it is answered after the syncs of all before it.
  Result<ChangePtr> change = make_change(Change::Kind::kSettle, OwnedName(name), {});
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

void StoreImpl::set_custom(const ObjectName& name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options,
                           UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kSetCustom, OwnedName(name), std::move(options));
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->pairs = std::move(pairs);
  (*change)->replace_all = replace_all;
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

void StoreImpl::append_flush(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, CommitOptions options,
                             UniqueFunction<void(Result<CommitResult>)> done) {
  auto job = [this, name = OwnedName(name), work = std::string(work), checksum, options = std::move(options),
              done = counted<Result<CommitResult>>(std::move(done))]() mutable {
    Result<meta::Generation> base = Appends::base_of(name.view(), work);
    if (!base.ok()) return done(std::move(base).take_status());
    Result<ReceivedBody> body = appends_.finish(name.view(), work, checksum, options);
    if (!body.ok()) return done(std::move(body).take_status());
    options.only_over = *base;
    submit_put(name, std::move(body).value(), std::move(options), std::move(done));
  };
  run_on(context_->mountpath_of(name.digest).pool, std::move(job));
}

}  // namespace ais::store

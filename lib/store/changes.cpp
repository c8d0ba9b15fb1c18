// The changing half of the ObjectStore: turns calls into entries of the committers' queues.
#include "base/log.h"
#include "store/body_writer.h"
#include "store/committer.h"
#include "store/store_impl.h"
#include "sys/fault_points.h"

namespace ais::store {

void StoreImpl::begin_work() {
  std::lock_guard lock(drain_mutex_);
  ++in_flight_;
}

void StoreImpl::end_work() {
  std::lock_guard lock(drain_mutex_);
  if (--in_flight_ == 0) drained_.notify_all();
}

template <typename T>
UniqueFunction<void(T)> StoreImpl::counted(UniqueFunction<void(T)> done) {
  begin_work();
  return [this, done = std::move(done)](T outcome) mutable {
    done(std::move(outcome));
    end_work();
  };
}

Result<ChangePtr> StoreImpl::make_change(Change::Kind kind, const OwnedName& name, WritePolicy policy) {
  auto change = std::make_unique<Change>();
  change->kind = kind;
  change->name = name;
  change->policy = policy;
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
  Result<ChangePtr> change = make_change(Change::Kind::kPut, name, options.policy);
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

void StoreImpl::remove(const ObjectName& name, WritePolicy policy, UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kRemove, OwnedName(name), policy);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

void StoreImpl::settle(const ObjectName& name, UniqueFunction<void(Status)> done) {
  // A change that changes nothing: it is answered after the syncs of all before it.
  Result<ChangePtr> change = make_change(Change::Kind::kSettle, OwnedName(name), WritePolicy::kImmediate);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

void StoreImpl::set_custom(const ObjectName& name, CustomPairs pairs, bool replace_all, WritePolicy policy,
                           UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kSetCustom, OwnedName(name), policy);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->pairs = std::move(pairs);
  (*change)->replace_all = replace_all;
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable { done(result.status()); };
  submit(std::move(change).value());
}

Result<StoreImpl::CopiedBody> StoreImpl::copy_body(const OwnedName& from, const OwnedName& to, WritePolicy policy) {
  AIS_TRY(OpenObjectPtr source, open_from_disk(from.view(), sys::FileSystem::Lookup::kBlocking));
  if (context_->mountpath_of(from.digest).damage.is_content_bad(from.digest, source->metadata.generation))
    return Status(Code::kBadChecksum, "BAD DATA CHECKSUM: " + from.uname + ": the content was found not to match its checksum");
  BucketDirectoryPtr bucket = context_->mountpath_of(to.digest).buckets.find(to.bucket_uname());
  if (!bucket) return make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(to.bucket_uname()).c_str());
  CopiedBody copied;
  copied.source = source->metadata;
  ReceivedBody& body = copied.body;
  body.size = source->metadata.size;
  body.checksum = source->metadata.checksum;
  AIS_TRY(body.file, WorkFile::create(*context_, bucket, false));
  AIS_RETURN_IF_ERROR(body.file.copy_from(source->fd, body.size));
  context_->counters.bytes_written.fetch_add(body.size, std::memory_order_relaxed);
  AIS_FAULT_POINT("copy.before_sync");
  if (policy == WritePolicy::kImmediate) {
    int error = context_->files.fdatasync(body.file.fd());
    if (error < 0) return context_->io_error(-error, "copy to " + to.uname);
    body.data_synced = true;
  }
  AIS_FAULT_POINT("copy.after_sync");
  return copied;
}

void StoreImpl::copy(const ObjectName& from, const ObjectName& to, CommitOptions options, UniqueFunction<void(Result<CommitResult>)> done) {
  auto work = [this, from = OwnedName(from), to = OwnedName(to), options = std::move(options),
               done = counted<Result<CommitResult>>(std::move(done))]() mutable {
    Result<CopiedBody> copied = copy_body(from, to, options.policy);
    if (!copied.ok()) return done(std::move(copied).take_status());
    if (options.custom.empty()) options.custom = copied->source.custom;
    submit_put(to, std::move(copied->body), std::move(options), std::move(done));
  };
  run_on(context_->mountpath_of(to.digest).pool, std::move(work));
}

void StoreImpl::rename(const ObjectName& from, const ObjectName& to, WritePolicy policy, UniqueFunction<void(Status)> done) {
  OwnedName source(from);
  OwnedName target(to);
  Mountpath& mountpath = context_->mountpath_of(source.digest);
  if (&mountpath != &context_->mountpath_of(target.digest)) {
    return rename_by_copy(std::move(source), std::move(target), policy, std::move(done));
  }
  Result<ChangePtr> change = make_change(Change::Kind::kRename, source, policy);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->to = target;
  (*change)->to_bucket = mountpath.buckets.find(target.bucket_uname());
  if (!(*change)->to_bucket) {
    return done(make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(target.bucket_uname()).c_str()));
  }
  auto finish = [this, source = std::move(source), target = std::move(target), policy,
                 done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable {
    if (result.code() == kRenameNeedsCopy) return rename_by_copy(std::move(source), std::move(target), policy, std::move(done));
    done(result.status());
  };
  (*change)->done = std::move(finish);
  submit(std::move(change).value());
}

void StoreImpl::rename_by_copy(OwnedName from, OwnedName to, WritePolicy policy, UniqueFunction<void(Status)> done) {
  sys::ThreadPool& pool = context_->mountpath_of(to.digest).pool;
  auto work = [this, from = std::move(from), to = std::move(to), policy, done = counted<Status>(std::move(done))]() mutable {
    // Onto itself there is nothing to move, and the removal at the end would lose it.
    if (from.uname == to.uname) return done(open_from_disk(from.view(), sys::FileSystem::Lookup::kBlocking).status());
    // The source goes only after the copy is safely stored, whatever the policy.
    Result<CopiedBody> copied = copy_body(from, to, WritePolicy::kImmediate);
    if (!copied.ok()) return done(std::move(copied).take_status());
    CommitOptions options;
    options.version = copied->source.version;
    options.custom = copied->source.custom;
    options.atime_ns = copied->source.atime_ns;
    Generation generation = copied->source.generation;
    AIS_FAULT_POINT("rename.before_copy");
    context_->generations.observe(generation);
    submit_put(to, std::move(copied->body), std::move(options),
               [this, from = std::move(from), policy, generation, done = std::move(done)](Result<CommitResult> result) mutable {
                 AIS_FAULT_POINT("rename.after_copy");
                 if (!result.ok()) return done(std::move(result).take_status());
                 remove_moved(from.view(), generation, policy, std::move(done));
               });
  };
  run_on(pool, std::move(work));
}

void StoreImpl::remove_moved(const ObjectName& name, Generation generation, WritePolicy policy, UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kRemove, OwnedName(name), policy);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->only_generation = generation;
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable {
    // Somebody else removed it meanwhile: it is gone, which is what was asked for.
    done(result.code() == Code::kObjectNotFound ? Status() : result.status());
  };
  submit(std::move(change).value());
}

void StoreImpl::append_flush(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, CommitOptions options,
                             UniqueFunction<void(Result<CommitResult>)> done) {
  auto job = [this, name = OwnedName(name), work = std::string(work), checksum, options = std::move(options),
              done = counted<Result<CommitResult>>(std::move(done))]() mutable {
    Result<Generation> base = Appends::base_of(name.view(), work);
    if (!base.ok()) return done(std::move(base).take_status());
    Result<ReceivedBody> body = appends_.finish(name.view(), work, checksum, options);
    if (!body.ok()) return done(std::move(body).take_status());
    options.only_over = *base;
    submit_put(name, std::move(body).value(), std::move(options), std::move(done));
  };
  run_on(context_->mountpath_of(name.digest).pool, std::move(job));
}

}  // namespace ais::store

// Copies and renames: in place by the committer, else by a copy; then under a claim of the old name (claims.h).
#include "store/committer.h"
#include "store/store_impl.h"
#include "sys/fault_points.h"

namespace ais::store {

using Lookup = sys::FileSystem::Lookup;

Result<ReceivedBody> StoreImpl::copy_body(const OpenObject& source, const OwnedName& to, codec::ChecksumType checksum, WritePolicy policy) {
  BucketDirectoryPtr bucket = context_->mountpath_of(to.digest).buckets.find(to.bucket_uname());
  if (!bucket) return make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(to.bucket_uname()).c_str());
  const codec::Checksum& stored = source.metadata.checksum;
  ReceivedBody body;
  body.size = source.metadata.size;
  AIS_TRY(body.file, WorkFile::create(*context_, bucket, false));
  if (codec::same_algorithm(stored.type, checksum)) {
    // Damage of the source stays visible: the copy has the checksum of what was once written.
    AIS_RETURN_IF_ERROR(body.file.copy_from(source.fd, body.size));
    body.checksum = {checksum, stored.value};
  } else {
    codec::Hasher old(stored.type), fresh(checksum);
    AIS_RETURN_IF_ERROR(body.file.copy_hashed(source.fd, body.size, {&old, &fresh}));
    const codec::Checksum found = old.finish();
    if (found != stored) return codec::bad_checksum(stored, found, "source of the copy");
    body.checksum = fresh.finish();
  }
  context_->counters.bytes_written.fetch_add(body.size, std::memory_order_relaxed);
  AIS_FAULT_POINT("copy.before_sync");
  if (policy == WritePolicy::kImmediate) {
    int error = context_->files.fdatasync(body.file.fd());
    if (error < 0) return context_->io_error(context_->mountpath_of(to.digest), -error, "copy to " + to.uname);
    body.data_synced = true;
  }
  AIS_FAULT_POINT("copy.after_sync");
  return body;
}

Status StoreImpl::check_content(const ObjectName& name, const OpenObject& source) const {
  if (!is_content_bad(name, source)) return {};
  return Status(Code::kBadChecksum, "BAD DATA CHECKSUM: " + std::string(name.uname) + ": the content was found not to match its checksum");
}

void StoreImpl::copy(const ObjectName& from, const ObjectName& to, CopyOptions options, UniqueFunction<void(Result<CommitResult>)> done) {
  auto work = [this, from = OwnedName(from), to = OwnedName(to), options = std::move(options),
               done = counted<Result<CommitResult>>(std::move(done))]() mutable {
    Result<OpenObjectPtr> source = open_from_disk(from.view(), Lookup::kBlocking);
    if (!source.ok()) return done(std::move(source).take_status());
    if (Status sound = check_content(from.view(), **source); !sound.ok()) return done(std::move(sound));
    Result<ReceivedBody> body = copy_body(**source, to, options.checksum, options.policy);
    if (!body.ok()) return done(std::move(body).take_status());
    CommitOptions commit;
    static_cast<ChangeOptions&>(commit) = std::move(options);
    commit.versioned = options.versioned;
    commit.custom = (*source)->metadata.custom;
    submit_put(to, std::move(body).value(), std::move(commit), std::move(done));
  };
  run_on(context_->mountpath_of(to.digest).pool, std::move(work));
}

void StoreImpl::rename(const ObjectName& from, const ObjectName& to, ChangeOptions options, UniqueFunction<void(Status)> done) {
  OwnedName source(from);
  OwnedName target(to);
  Mountpath& mountpath = context_->mountpath_of(source.digest);
  if (&mountpath != &context_->mountpath_of(target.digest)) {
    return rename_by_copy(std::move(source), std::move(target), std::move(options), std::move(done));
  }
  Result<ChangePtr> change = make_change(Change::Kind::kRename, source, options);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->to = target;
  (*change)->to_bucket = mountpath.buckets.find(target.bucket_uname());
  if (!(*change)->to_bucket) {
    return done(make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(target.bucket_uname()).c_str()));
  }
  auto finish = [this, source = std::move(source), target = std::move(target), options = std::move(options),
                 done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable {
    if (result.code() == kRenameNeedsCopy) {
      return rename_by_copy(std::move(source), std::move(target), std::move(options), std::move(done));
    }
    done(result.status());
  };
  (*change)->done = std::move(finish);
  submit(std::move(change).value());
}

void StoreImpl::rename_by_copy(OwnedName from, OwnedName to, ChangeOptions options, UniqueFunction<void(Status)> done) {
  const ObjectName name = from.view();
  auto claimed = [this, from = OwnedName(name), to = std::move(to), policy = options.policy,
                  done = counted<Status>(std::move(done))](Result<MoveClaim> claim) mutable {
    if (!claim.ok()) return done(std::move(claim).take_status());
    // Onto itself there is nothing to move, and the removal at the end would lose it.
    if (from.uname == to.uname) {
      claim->release();
      return done({});
    }
    sys::ThreadPool& pool = context_->mountpath_of(to.digest).pool;
    run_on(pool,
           [this, from = std::move(from), to = std::move(to), claim = std::move(claim).value(), policy, done = std::move(done)]() mutable {
             move_claimed(std::move(from), std::move(to), std::move(claim), policy, std::move(done));
           });
  };
  claim_move(name, std::move(options), std::move(claimed));
}

void StoreImpl::move_claimed(OwnedName from, OwnedName to, MoveClaim claim, WritePolicy policy, UniqueFunction<void(Status)> done) {
  if (Status sound = check_content(from.view(), claim.source()); !sound.ok()) {
    claim.release();
    return done(std::move(sound));
  }
  const meta::ObjectMetadata& source = claim.source().metadata;
  // The source goes only after the copy is safely stored, whatever the policy.
  Result<ReceivedBody> body = copy_body(claim.source(), to, source.checksum.type, WritePolicy::kImmediate);
  if (!body.ok()) {
    claim.release();
    return done(std::move(body).take_status());
  }
  CommitOptions options;
  options.part_of_move = true;
  options.version = source.version;
  options.custom = source.custom;
  options.atime_ns = source.atime_ns;
  options.mtime_ns = claim.source().mtime_ns;
  AIS_FAULT_POINT("rename.before_copy");
  context_->generations.observe(source.generation);
  submit_put(to, std::move(body).value(), std::move(options),
             [this, from = std::move(from), claim = std::move(claim), policy, done = std::move(done)](Result<CommitResult> result) mutable {
               AIS_FAULT_POINT("rename.after_copy");
               if (!result.ok()) {
                 claim.release();  // before the answer: whoever hears of a failure finds the name free
                 return done(std::move(result).take_status());
               }
               finish_move(from.view(), std::move(claim), policy, std::move(done));
             });
}

void StoreImpl::claim_move(const ObjectName& name, ChangeTerms terms, UniqueFunction<void(Result<MoveClaim>)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kClaim, OwnedName(name), {std::move(terms), WritePolicy::kImmediate});
  if (!change.ok()) return done(std::move(change).take_status());
  // The change outlives the call of its own `done`.
  (*change)->done = [claimed = change->get(), done = counted<Result<MoveClaim>>(std::move(done))](Result<CommitResult> result) mutable {
    if (!result.ok()) return done(std::move(result).take_status());
    done(std::move(claimed->claim));
  };
  submit(std::move(change).value());
}

void StoreImpl::finish_move(const ObjectName& name, MoveClaim claim, WritePolicy policy, UniqueFunction<void(Status)> done) {
  Result<ChangePtr> change = make_change(Change::Kind::kRemove, OwnedName(name), {{}, policy});
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->claim = std::move(claim);
  (*change)->done = [done = counted<Status>(std::move(done))](Result<CommitResult> result) mutable {
    // Destroyed with its bucket meanwhile, or set aside as damaged: it is gone, which is what was asked for.
    done(result.code() == Code::kObjectNotFound ? Status() : result.status());
  };
  submit(std::move(change).value());
}

}  // namespace ais::store

#include "store/object_store.h"

#include "async/callback.h"
#include "base/log.h"
#include "store/append.h"
#include "store/change.h"
#include "store/committer.h"
#include "sys/fault_points.h"

namespace ais::store {

using async::from_callback;
using Lookup = sys::FileSystem::Lookup;

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(StoreOptions options, sys::FileSystem& files, sys::Clock& clock) {
  if (options.mountpaths.empty()) return make_status(Code::kInvalid, "no mountpaths are configured");
  auto context = std::make_unique<StoreContext>(files, clock, std::move(options));
  context->generations.restore();
  for (const std::string& path : context->options.mountpaths) {
    AIS_TRY(std::unique_ptr<Mountpath> mountpath, open_mountpath(*context, path, static_cast<uint32_t>(context->mountpaths.size())));
    AIS_RETURN_IF_ERROR(remove_work_files(*context, *mountpath));
    context->mountpaths.push_back(std::move(mountpath));
  }
  AIS_RETURN_IF_ERROR(check_distinct_filesystems(*context));
  for (const auto& mountpath : context->mountpaths) mountpath->committer = std::make_unique<Committer>(*context, *mountpath);
  return std::unique_ptr<ObjectStore>(new ObjectStore(std::move(context)));
}

ObjectStore::ObjectStore(std::unique_ptr<StoreContext> context)
    : context_(std::move(context)), appends_(std::make_unique<Appends>(*context_)), trash_(std::make_unique<Trash>(*context_)) {}

ObjectStore::~ObjectStore() {
  drain();
  trash_.reset();
  context_->cache.clear();
  // All stop before one is destroyed: the last change of one may hold a claim that another one keeps.
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->stop();
  for (const auto& mountpath : context_->mountpaths) mountpath->committer.reset();
  context_->generations.save();
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

void ObjectStore::set_header_block_maker(HeaderBlockMaker maker) { context_->header_block_maker = std::move(maker); }

Result<OpenObjectPtr> ObjectStore::open_nonblocking(const ObjectName& name) {
  if (OpenObjectPtr object = context_->cache.find(name.digest, name.uname)) {
    context_->counters.open_hits.fetch_add(1, std::memory_order_relaxed);
    return object;
  }
  return open_from_disk(name, Lookup::kCachedOnly);
}

Result<OpenObjectPtr> ObjectStore::open_blocking(const ObjectName& name) { return open_from_disk(name, Lookup::kBlocking); }

Result<OpenObjectPtr> ObjectStore::open_from_disk(const ObjectName& name, Lookup lookup) {
  uint64_t ticket = context_->cache.ticket(name.digest);
  Mountpath& mountpath = context_->mountpath_of(name.digest);
  BucketDirectoryPtr bucket = mountpath.buckets.find(name.bucket_uname);
  if (!bucket) return make_status(Code::kBucketNotFound, "bucket %s does not exist on this target", std::string(name.bucket_uname).c_str());
  Result<std::optional<disk::ObjectFile>> found = context_->find_object(*bucket, name, lookup);
  if (!found.ok()) {
    if (lookup == Lookup::kCachedOnly && found.code() == Code::kUnavailable) return OpenObjectPtr();
    return std::move(found).take_status();
  }
  if (!found.value()) return make_status(Code::kObjectNotFound, "object %s does not exist", std::string(name.uname).c_str());
  disk::ObjectFile file = std::move(*found.value());
  if (!file.sound.ok()) {
    if (lookup == Lookup::kCachedOnly) return OpenObjectPtr();
    return disk::unsound(file, name.uname);
  }
  context_->counters.open_misses.fetch_add(1, std::memory_order_relaxed);
  OpenObjectPtr object = context_->make_open_object(std::move(file), mountpath.index);
  context_->cache.insert(name.digest, name.uname, object, ticket);
  return object;
}

uint32_t ObjectStore::mountpath_of(uint64_t object_digest) const { return context_->mountpath_of(object_digest).index; }

sys::ThreadPool& ObjectStore::pool(uint32_t mountpath_index) { return context_->mountpaths.at(mountpath_index)->pool; }

std::unique_ptr<disk::ObjectWalker> ObjectStore::walk(const meta::Bucket& bucket, disk::WalkOptions options) {
  const std::string uname = bucket.uname();
  std::vector<disk::BucketDirectoryPtr> directories;
  for (const auto& mountpath : context_->mountpaths) {
    directories.push_back(mountpath->buckets.find(uname));
    if (directories.back()) continue;
    return std::make_unique<disk::ObjectWalker>(
        make_status(Code::kBucketNotFound, "bucket %s is not on mountpath %s", uname.c_str(), mountpath->path.c_str()));
  }
  return std::make_unique<disk::ObjectWalker>(std::move(directories), std::move(options), *context_);
}

// --- changing --------------------------------------------------------------------------------------------------------------------

void ObjectStore::begin_work() {
  std::lock_guard lock(drain_mutex_);
  ++in_flight_;
}

void ObjectStore::end_work() {
  std::lock_guard lock(drain_mutex_);
  if (--in_flight_ == 0) drained_.notify_all();
}

Result<ChangePtr> ObjectStore::make_change(ChangeKind kind, const OwnedName& name, ChangeOptions options) {
  auto change = std::make_unique<Change>();
  change->kind = kind;
  change->name = name;
  change->policy = options.policy;
  change->terms = std::move(options);
  change->bucket = context_->mountpath_of(name.digest).buckets.find(name.bucket_uname());
  if (change->bucket) return change;
  return make_status(Code::kBucketNotFound, "bucket %s does not exist on this target", std::string(name.bucket_uname()).c_str());
}

void ObjectStore::submit(ChangePtr change, Done<Result<CommitResult>> done) {
  change->done = counted<Result<CommitResult>>(std::move(done));
  Committer& committer = *context_->mountpath_of(change->name.digest).committer;
  committer.submit(std::move(change));
}

async::Task<Status> ObjectStore::submit(ChangePtr change) {
  auto start = [&](auto done) { submit(std::move(change), std::move(done)); };
  co_return (co_await from_callback<Result<CommitResult>>(start)).status();
}

ObjectWriterPtr ObjectStore::create_writer(const ObjectName& name, std::optional<uint64_t> size_hint, codec::ChecksumType checksum) {
  Mountpath& mountpath = context_->mountpath_of(name.digest);
  return ObjectWriter::create(*context_, mountpath, mountpath.buckets.find(name.bucket_uname), size_hint, checksum);
}

async::Task<void> ObjectStore::buffers_available() {
  auto start = [this](auto done) { context_->buffers->on_available([done]() mutable { done(true); }); };
  (void)co_await from_callback<bool>(start);
}

void ObjectStore::submit_put(const OwnedName& name, ReceivedBody body, CommitOptions options, Done<Result<CommitResult>> done) {
  Result<ChangePtr> change = make_change(ChangeKind::kPut, name, options);
  if (!change.ok()) {
    body.file = WorkFile();
    return done(std::move(change).take_status());
  }
  (*change)->body = std::move(body);
  (*change)->options = std::move(options);
  submit(std::move(change).value(), std::move(done));
}

void ObjectStore::commit(const OwnedName& name, ObjectWriterPtr writer, CommitOptions options, Done<Result<CommitResult>> done) {
  auto finish = [this, name, options, done = counted<Result<CommitResult>>(std::move(done))](Result<ReceivedBody> body) mutable {
    if (!body.ok()) return done(std::move(body).take_status());
    submit_put(name, std::move(body).value(), std::move(options), std::move(done));
  };
  writer->finish(options, std::move(finish));
}

async::Task<Result<CommitResult>> ObjectStore::commit(ObjectName name, ObjectWriterPtr writer, CommitOptions options) {
  auto start = [&](auto done) { commit(OwnedName(name), std::move(writer), std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

async::Task<Status> ObjectStore::remove(ObjectName name, ChangeOptions options) {
  AIS_CO_TRY(ChangePtr change, make_change(ChangeKind::kRemove, OwnedName(name), std::move(options)));
  co_return co_await submit(std::move(change));
}

async::Task<Status> ObjectStore::settle(ObjectName name) {
  AIS_CO_TRY(ChangePtr change, make_change(ChangeKind::kBarrier, OwnedName(name), {}));
  co_return co_await submit(std::move(change));
}

async::Task<Status> ObjectStore::set_custom(ObjectName name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options) {
  AIS_CO_TRY(ChangePtr change, make_change(ChangeKind::kSetCustom, OwnedName(name), std::move(options)));
  change->pairs = std::move(pairs);
  change->replace_all = replace_all;
  co_return co_await submit(std::move(change));
}

// --- copies and renames: in place by the committer, else by a copy; then under a claim of the old name (claims.h) ------------------

Result<ReceivedBody> ObjectStore::copy_body(const OpenObject& source, const OwnedName& to, codec::ChecksumType checksum,
                                            WritePolicy policy) {
  BucketDirectoryPtr bucket = context_->mountpath_of(to.digest).buckets.find(to.bucket_uname());
  if (!bucket) return make_status(Code::kBucketNotFound, "bucket %s does not exist on this target", std::string(to.bucket_uname()).c_str());
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

Status ObjectStore::check_content(const ObjectName& name, const OpenObject& source) const {
  if (!is_content_bad(name, source)) return {};
  return Status(Code::kBadChecksum, "BAD DATA CHECKSUM: " + std::string(name.uname) + ": the content does not match its checksum");
}

void ObjectStore::copy(OwnedName from, OwnedName to, CopyOptions options, Done<Result<CommitResult>> done) {
  sys::ThreadPool& pool = context_->mountpath_of(to.digest).pool;
  auto work = [this, from = std::move(from), to = std::move(to), options = std::move(options),
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
  run_on(pool, std::move(work));
}

async::Task<Result<CommitResult>> ObjectStore::copy(ObjectName from, ObjectName to, CopyOptions options) {
  auto start = [&](auto done) { copy(OwnedName(from), OwnedName(to), std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

void ObjectStore::rename(OwnedName source, OwnedName target, ChangeOptions options, Done<Status> done) {
  Mountpath& mountpath = context_->mountpath_of(source.digest);
  if (&mountpath != &context_->mountpath_of(target.digest)) {
    return rename_by_copy(std::move(source), std::move(target), std::move(options), std::move(done));
  }
  Result<ChangePtr> change = make_change(ChangeKind::kRename, source, options);
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->to = target;
  (*change)->to_bucket = mountpath.buckets.find(target.bucket_uname());
  if (!(*change)->to_bucket) {
    return done(make_status(Code::kBucketNotFound, "bucket %s does not exist on this target", std::string(target.bucket_uname()).c_str()));
  }
  auto finish = [this, source = std::move(source), target = std::move(target), options = std::move(options),
                 done = std::move(done)](Result<CommitResult> result) mutable {
    if (result.code() == kRenameNeedsCopy) {
      return rename_by_copy(std::move(source), std::move(target), std::move(options), std::move(done));
    }
    done(result.status());
  };
  submit(std::move(change).value(), std::move(finish));
}

async::Task<Status> ObjectStore::rename(ObjectName from, ObjectName to, ChangeOptions options) {
  auto start = [&](auto done) { rename(OwnedName(from), OwnedName(to), std::move(options), std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

void ObjectStore::rename_by_copy(OwnedName from, OwnedName to, ChangeOptions options, Done<Status> done) {
  const OwnedName name = from;
  auto claimed = [this, from = std::move(from), to = std::move(to), policy = options.policy,
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

void ObjectStore::move_claimed(OwnedName from, OwnedName to, MoveClaim claim, WritePolicy policy, Done<Status> done) {
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
               finish_move(from, std::move(claim), policy, std::move(done));
             });
}

void ObjectStore::claim_move(const OwnedName& name, ChangeTerms terms, Done<Result<MoveClaim>> done) {
  Result<ChangePtr> change = make_change(ChangeKind::kClaim, name, {std::move(terms), WritePolicy::kImmediate});
  if (!change.ok()) return done(std::move(change).take_status());
  // The change outlives the call of its own `done`.
  auto take = [claimed = change->get(), done = std::move(done)](Result<CommitResult> result) mutable {
    if (!result.ok()) return done(std::move(result).take_status());
    done(std::move(claimed->claim));
  };
  submit(std::move(change).value(), std::move(take));
}

async::Task<Result<MoveClaim>> ObjectStore::claim_move(ObjectName name, ChangeTerms terms) {
  auto start = [&](auto done) { claim_move(OwnedName(name), std::move(terms), std::move(done)); };
  co_return co_await from_callback<Result<MoveClaim>>(start);
}

void ObjectStore::finish_move(const OwnedName& name, MoveClaim claim, WritePolicy policy, Done<Status> done) {
  Result<ChangePtr> change = make_change(ChangeKind::kRemove, name, {{}, policy});
  if (!change.ok()) return done(std::move(change).take_status());
  (*change)->claim = std::move(claim);
  submit(std::move(change).value(), [done = std::move(done)](Result<CommitResult> result) mutable {
    // Destroyed with its bucket meanwhile, or set aside as damaged: it is gone, which is what was asked for.
    done(result.code() == Code::kObjectNotFound ? Status() : result.status());
  });
}

async::Task<Status> ObjectStore::finish_move(ObjectName name, MoveClaim claim, WritePolicy policy) {
  auto start = [&](auto done) { finish_move(OwnedName(name), std::move(claim), policy, std::move(done)); };
  co_return co_await from_callback<Status>(start);
}

// --- appends ---------------------------------------------------------------------------------------------------------------------

Result<std::string> ObjectStore::append_start(const ObjectName& name) { return appends_->start(name); }

Status ObjectStore::append_check(const ObjectName& name, std::string_view work) const { return Appends::base_of(name, work).status(); }

Result<uint64_t> ObjectStore::append_write(const ObjectName& name, std::string_view work, std::string_view bytes) {
  return appends_->write(name, work, bytes);
}

Result<uint64_t> ObjectStore::append_size(const ObjectName& name, std::string_view work) { return appends_->appended(name, work); }

Status ObjectStore::append_truncate(const ObjectName& name, std::string_view work, uint64_t size) {
  return appends_->truncate(name, work, size);
}

Status ObjectStore::append_abandon(const ObjectName& name, std::string_view work) { return appends_->abandon(name, work); }

size_t ObjectStore::remove_idle_appends(Nanoseconds idle) { return appends_->remove_idle(idle); }

void ObjectStore::append_flush(OwnedName name, std::string work, codec::ChecksumType checksum, CommitOptions options,
                               Done<Result<CommitResult>> done) {
  sys::ThreadPool& pool = context_->mountpath_of(name.digest).pool;
  auto job = [this, name = std::move(name), work = std::move(work), checksum, options = std::move(options),
              done = counted<Result<CommitResult>>(std::move(done))]() mutable {
    Result<meta::Generation> base = Appends::base_of(name.view(), work);
    if (!base.ok()) return done(std::move(base).take_status());
    Result<ReceivedBody> body = appends_->finish(name.view(), work, checksum, options);
    if (!body.ok()) return done(std::move(body).take_status());
    options.only_over = *base;
    submit_put(name, std::move(body).value(), std::move(options), std::move(done));
  };
  run_on(pool, std::move(job));
}

async::Task<Result<CommitResult>> ObjectStore::append_flush(ObjectName name, std::string_view work, codec::ChecksumType checksum,
                                                            CommitOptions options) {
  auto start = [&](auto done) { append_flush(OwnedName(name), std::string(work), checksum, std::move(options), std::move(done)); };
  co_return co_await from_callback<Result<CommitResult>>(start);
}

// --- buckets and state -----------------------------------------------------------------------------------------------------------

uint64_t ObjectStore::bucket_changes(std::string_view bucket_uname) const {
  uint64_t sum = 0;
  for (const auto& mountpath : context_->mountpaths) {
    if (BucketDirectoryPtr bucket = mountpath->buckets.find(bucket_uname)) sum += bucket->changes.load(std::memory_order_acquire);
  }
  return sum;
}

Status ObjectStore::sync_buckets(const meta::BucketMetadata& bmd, VanishedBuckets vanished) {
  Status first;
  bool trashed = false;
  for (const auto& mountpath : context_->mountpaths) {
    Status status;
    mountpath->committer->run([&] { status = sync_mountpath_buckets(*context_, *mountpath, bmd, vanished, trashed); });
    if (first.ok()) first = std::move(status);
  }
  if (trashed) trash_->wake();
  return first;
}

std::vector<MountpathInfo> ObjectStore::mountpaths() const {
  std::vector<MountpathInfo> result;
  for (const auto& mountpath : context_->mountpaths) result.push_back(describe_mountpath(*context_, *mountpath));
  return result;
}

std::vector<MountpathTrouble> ObjectStore::trouble() const {
  std::vector<MountpathTrouble> result;
  for (const auto& mountpath : context_->mountpaths) result.push_back(trouble_of(*mountpath));
  return result;
}

void ObjectStore::note_content_check(const ObjectName& name, const OpenObject& object, const Status& outcome) {
  const Mountpath& mountpath = *context_->mountpaths.at(object.mountpath_index);
  const meta::Generation generation = object.metadata.generation;
  if (!outcome.ok()) context_->note_damage(mountpath, name.digest, name.uname, outcome, DamageRegister::Kind::kContent, generation);
  else if (is_content_bad(name, object)) mountpath.damage.forget(name.digest);
}

bool ObjectStore::is_content_bad(const ObjectName& name, const OpenObject& object) const {
  return context_->mountpaths.at(object.mountpath_index)->damage.is_content_bad(name.digest, object.metadata.generation);
}

const StoreCounters& ObjectStore::counters() const { return context_->counters; }

void ObjectStore::observe_generation(meta::Generation generation) { context_->generations.observe(generation); }

void ObjectStore::refuse_waiting() {
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->refuse_waiting(true);
}

void ObjectStore::drain() {
  refuse_waiting();
  {
    std::unique_lock lock(drain_mutex_);
    drained_.wait(lock, [this] { return in_flight_ == 0; });
  }
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->refuse_waiting(false);
}

}  // namespace ais::store

#include "store/object_store.h"

#include <condition_variable>
#include <mutex>

#include "base/log.h"
#include "store/append.h"
#include "store/body_writer.h"
#include "store/buckets.h"
#include "store/committer.h"
#include "store/mountpath.h"
#include "store/store_context.h"
#include "store/store_impl.h"

namespace ais::store {

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
  return std::unique_ptr<ObjectStore>(new StoreImpl(std::move(context)));
}

StoreImpl::StoreImpl(std::unique_ptr<StoreContext> context)
    : context_(std::move(context)), appends_(*context_), trash_(std::make_unique<Trash>(*context_)) {}

StoreImpl::~StoreImpl() {
  drain();
  trash_.reset();
  context_->cache.clear();
  // All stop before one is destroyed: the last change of one may hold a claim that another one keeps.
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->stop();
  for (const auto& mountpath : context_->mountpaths) mountpath->committer.reset();
  context_->generations.save();
}

// --- reading ---------------------------------------------------------------------------------------------------------------------

void StoreImpl::set_header_block_maker(HeaderBlockMaker maker) { context_->header_block_maker = std::move(maker); }

Result<OpenObjectPtr> StoreImpl::open_nonblocking(const ObjectName& name) {
  if (OpenObjectPtr object = context_->cache.find(name.digest, name.uname)) {
    context_->counters.open_hits.fetch_add(1, std::memory_order_relaxed);
    return object;
  }
  return open_from_disk(name, Lookup::kCachedOnly);
}

Result<OpenObjectPtr> StoreImpl::open_blocking(const ObjectName& name) { return open_from_disk(name, Lookup::kBlocking); }

Result<OpenObjectPtr> StoreImpl::open_from_disk(const ObjectName& name, Lookup lookup) {
  uint64_t ticket = context_->cache.ticket(name.digest);
  Mountpath& mountpath = context_->mountpath_of(name.digest);
  BucketDirectoryPtr bucket = mountpath.buckets.find(name.bucket_uname);
  if (!bucket) return make_status(Code::kBucketNotFound, "bucket %s is not here", std::string(name.bucket_uname).c_str());
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

uint32_t StoreImpl::mountpath_of(uint64_t object_digest) const { return context_->mountpath_of(object_digest).index; }

sys::ThreadPool& StoreImpl::pool(uint32_t mountpath_index) { return context_->mountpaths.at(mountpath_index)->pool; }

std::unique_ptr<disk::ObjectWalker> StoreImpl::walk(const meta::Bucket& bucket, disk::WalkOptions options) {
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

// --- buckets and state -----------------------------------------------------------------------------------------------------------

uint64_t StoreImpl::bucket_changes(std::string_view bucket_uname) const {
  uint64_t sum = 0;
  for (const auto& mountpath : context_->mountpaths) {
    if (BucketDirectoryPtr bucket = mountpath->buckets.find(bucket_uname)) sum += bucket->changes.load(std::memory_order_acquire);
  }
  return sum;
}

Status StoreImpl::sync_buckets(const meta::BucketMetadata& bmd, VanishedBuckets vanished) {
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

std::vector<MountpathInfo> StoreImpl::mountpaths() const {
  std::vector<MountpathInfo> result;
  for (const auto& mountpath : context_->mountpaths) result.push_back(describe_mountpath(*context_, *mountpath));
  return result;
}

std::vector<MountpathTrouble> StoreImpl::trouble() const {
  std::vector<MountpathTrouble> result;
  for (const auto& mountpath : context_->mountpaths) result.push_back(trouble_of(*mountpath));
  return result;
}

void StoreImpl::note_content_check(const ObjectName& name, const OpenObject& object, const Status& outcome) {
  const Mountpath& mountpath = *context_->mountpaths.at(object.mountpath_index);
  const meta::Generation generation = object.metadata.generation;
  if (!outcome.ok()) context_->note_damage(mountpath, name.digest, name.uname, outcome, DamageRegister::Kind::kContent, generation);
  else if (is_content_bad(name, object)) mountpath.damage.forget(name.digest);
}

bool StoreImpl::is_content_bad(const ObjectName& name, const OpenObject& object) const {
  return context_->mountpaths.at(object.mountpath_index)->damage.is_content_bad(name.digest, object.metadata.generation);
}

const StoreCounters& StoreImpl::counters() const { return context_->counters; }

void StoreImpl::observe_generation(meta::Generation generation) { context_->generations.observe(generation); }

void StoreImpl::refuse_waiting() {
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->refuse_waiting(true);
}

void StoreImpl::drain() {
  refuse_waiting();
  {
    std::unique_lock lock(drain_mutex_);
    drained_.wait(lock, [this] { return in_flight_ == 0; });
  }
  for (const auto& mountpath : context_->mountpaths) mountpath->committer->refuse_waiting(false);
}

}  // namespace ais::store

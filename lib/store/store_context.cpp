#include "store/store_context.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "meta/placement.h"
#include "store/committer.h"

namespace ais::store {

StoreContext::StoreContext(sys::FileSystem& files_of, sys::Clock& clock_of, StoreOptions opts)
    : files(files_of),
      clock(clock_of),
      options(std::move(opts)),
      generations(files, clock, meta::placement_digest(options.node_id), options.state_dir),
      buffers(std::make_shared<BufferPool>(options.write_buffers_bytes_max)),
      cache(options.open_objects_max, [this](OpenObjectPtr object) { save_access_time(std::move(object)); }),
      start_number(static_cast<uint64_t>(clock.wall_ns())) {}

StoreContext::~StoreContext() = default;

namespace {

using Lookup = sys::FileSystem::Lookup;

constexpr int64_t kAccessTimeSlack = 600'000'000'000;  // ten minutes

/// A store opens no other ones.
const Mountpath& of_this_store(const disk::Mountpath& mountpath) { return static_cast<const Mountpath&>(mountpath); }

void tell(const Mountpath& mountpath, DamageRegister::Telling telling, const std::string& text) {
  using enum DamageRegister::Telling;
  if (telling == kFirst || telling == kAgain) AIS_ERROR("store", "%s", text.c_str());
  if (telling != kFull) return;
  AIS_ERROR("store", "mountpath %s: %zu objects and files with errors are known; further ones are not logged", mountpath.path.c_str(),
            DamageRegister::kEntriesMax);
}

}  // namespace

Status StoreContext::io_error(const disk::Mountpath& mountpath, int error_number, const std::string& what) {
  return io_error(mountpath, Status::from_errno(error_number, what));
}

Status StoreContext::io_error(const disk::Mountpath& at, const Status& cause) {
  const Mountpath& mountpath = of_this_store(at);
  Status status = cause.with_context("mountpath " + mountpath.path);
  // A file that this process may not read is the target's trouble and not the client's.
  if (status.code() == Code::kPermissionDenied || status.code() == Code::kNotFound) return status.with_http_status(500);
  if (status.code() != Code::kInputOutput) return status;
  counters.io_errors.fetch_add(1, std::memory_order_relaxed);
  mountpath.damage.io_errors.fetch_add(1, std::memory_order_relaxed);
  const uint64_t thing = meta::placement_digest(status.message());
  tell(mountpath, mountpath.damage.note(thing, DamageRegister::Kind::kInputOutput, clock.monotonic_ns()), status.message());
  return status;
}

void StoreContext::note_damage(const disk::Mountpath& at, uint64_t object_digest, std::string_view uname, const Status& why,
                               DamageRegister::Kind kind, meta::Generation generation) {
  const Mountpath& mountpath = of_this_store(at);
  const DamageRegister::Telling telling = mountpath.damage.note(object_digest, kind, clock.monotonic_ns(), generation);
  if (telling == DamageRegister::Telling::kNothing) return;
  if (telling == DamageRegister::Telling::kFirst) counters.torn_objects.fetch_add(1, std::memory_order_relaxed);
  tell(mountpath, telling,
       "mountpath " + mountpath.path + ": " + std::string(uname) + " is damaged: " + why.message() +
           "; its file stays in place until the object is overwritten or deleted");
}

Result<std::optional<disk::ObjectFile>> StoreContext::find_object(const BucketDirectory& bucket, const ObjectName& name, Lookup lookup) {
  Result<std::optional<disk::ObjectFile>> found = disk::find_object(bucket, name.object, name.uname, lookup);
  if (!found.ok()) {
    if (lookup == Lookup::kCachedOnly && found.code() == Code::kUnavailable) return found;
    return io_error(bucket.mountpath, found.status());
  }
  if (!found.value()) return found;
  generations.observe(found.value()->metadata.generation);
  if (!found.value()->sound.ok() && lookup == Lookup::kBlocking)
    note_damage(bucket.mountpath, name.digest, name.uname, found.value()->sound);
  return found;
}

void StoreContext::judge_content(uint64_t digest, disk::ObjectFile& file) const {
  if (!file.sound.ok() || !mountpath_of(digest).damage.is_content_bad(digest, file.metadata.generation)) return;
  file.sound = make_status(Code::kBadChecksum, "the content does not match its checksum");
}

OpenObjectPtr StoreContext::make_open_object(disk::ObjectFile file, uint32_t mountpath_index) const {
  auto object = std::make_shared<OpenObject>();
  object->fd = file.release();
  object->metadata = std::move(file.metadata);
  // The inode's own time is younger than its content only where save_access_time put it there.
  if (file.atime_ns > file.mtime_ns) object->metadata.atime_ns = std::max(object->metadata.atime_ns, file.atime_ns);
  object->mtime_ns = file.mtime_ns;
  object->mountpath_index = mountpath_index;
  object->last_access_ns = object->metadata.atime_ns;
  if (header_block_maker) object->header_block = header_block_maker(object->metadata, object->mtime_ns);
  return object;
}

void StoreContext::save_access_time(OpenObjectPtr object) {
  int64_t accessed = object->last_access_ns.load(std::memory_order_relaxed);
  if (accessed <= object->metadata.atime_ns + kAccessTimeSlack) return;
  sys::ThreadPool& pool = mountpaths[object->mountpath_index]->pool;
  run_on(pool, [&files = files, object = std::move(object), accessed] {
    if (int error = files.set_access_time(object->fd, accessed); error < 0) AIS_DEBUG("store", "atime not saved: errno %d", -error);
  });
}

std::string unique_name(StoreContext& context, const char* tag) {
  return format("%s.%llx.%llx", tag, static_cast<unsigned long long>(context.start_number),
                static_cast<unsigned long long>(context.next_work_number.fetch_add(1)));
}

void run_on(sys::ThreadPool& pool, UniqueFunction<void()> work) {
  struct Job : sys::PoolJob {
    UniqueFunction<void()> work;
  };
  auto* job = new Job;
  job->work = std::move(work);
  job->run_job = [](sys::PoolJob* base) {
    std::unique_ptr<Job> owned(static_cast<Job*>(base));
    owned->work();
  };
  pool.submit(job);
}

}  // namespace ais::store

#include "store/store_context.h"

#include "base/log.h"
#include "base/strings.h"
#include "meta/placement.h"
#include "store/committer.h"
#include "store/object_loader.h"

namespace ais::store {

Mountpath::Mountpath(sys::FileSystem& files_of, sys::Clock& clock_of, std::string at, uint32_t number, size_t pool_threads)
    : files(files_of),
      path(std::move(at)),
      index(number),
      digest(meta::placement_digest(path)),
      set_aside(files, clock_of),
      pool("disk" + std::to_string(number), pool_threads) {}

Mountpath::~Mountpath() {
  set_aside.stop();
  for (int fd : {trash_fd, bad_fd, lock_fd, root_fd}) {
    if (fd >= 0) files.close(fd);
  }
}

StoreContext::StoreContext(sys::FileSystem& files_of, sys::Clock& clock_of, StoreOptions opts)
    : files(files_of),
      clock(clock_of),
      options(std::move(opts)),
      generations(files, clock, meta::placement_digest(options.node_id), options.state_dir),
      buffers(std::make_shared<BufferPool>(options.write_buffers_bytes_max)),
      cache(options.open_objects_max, [this](OpenObjectPtr object) { save_access_time(*this, std::move(object)); }),
      start_number(static_cast<uint64_t>(clock.wall_ns())) {}

StoreContext::~StoreContext() = default;

namespace {

void tell(const Mountpath& mountpath, DamageRegister::Telling telling, const std::string& text) {
  using enum DamageRegister::Telling;
  if (telling == kFirst || telling == kAgain) AIS_ERROR("store", "%s", text.c_str());
  if (telling != kFull) return;
  AIS_ERROR("store", "mountpath %s: %zu objects and files with errors are known; further ones are not logged", mountpath.path.c_str(),
            DamageRegister::kEntriesMax);
}

}  // namespace

Status StoreContext::io_error(const Mountpath& mountpath, int error_number, const std::string& what) {
  return io_error(mountpath, Status::from_errno(error_number, what));
}

Status StoreContext::io_error(const Mountpath& mountpath, const Status& cause) {
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

void StoreContext::note_damage(const Mountpath& mountpath, uint64_t object_digest, std::string_view uname, const Status& why,
                               DamageRegister::Kind kind, meta::Generation generation) {
  const DamageRegister::Telling telling = mountpath.damage.note(object_digest, kind, clock.monotonic_ns(), generation);
  if (telling == DamageRegister::Telling::kNothing) return;
  if (telling == DamageRegister::Telling::kFirst) counters.torn_objects.fetch_add(1, std::memory_order_relaxed);
  tell(mountpath, telling,
       "mountpath " + mountpath.path + ": " + std::string(uname) + " is damaged: " + why.message() +
           "; its file stays in place until the object is overwritten or deleted");
}

Mountpath& StoreContext::mountpath_of(uint64_t object_digest) const {
  size_t best = 0;
  uint64_t best_weight = 0;
  for (size_t i = 0; i < mountpaths.size(); ++i) {
    uint64_t weight = meta::placement_weight(mountpaths[i]->digest, object_digest);
    if (i == 0 || weight > best_weight) {
      best = i;
      best_weight = weight;
    }
  }
  return *mountpaths[best];
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

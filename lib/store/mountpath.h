// Mountpath: one disk in use, for changes. What must hold before the store trusts a directory with objects, and how it is doing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"
#include "disk/mountpath.h"
#include "store/buckets.h"
#include "store/damage.h"
#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread_pool.h"

namespace ais::store {

class Committer;
struct StoreContext;

/// What is wrong with a mountpath: the first two since the start, the others as of a moment ago (SetAsideTally).
struct MountpathTrouble {
  uint64_t io_errors = 0;        // calls that the disk answered with an error
  uint64_t damaged_objects = 0;  // objects found damaged, each counted once
  uint64_t set_aside_files = 0;  // in %bad
  uint64_t set_aside_bytes = 0;
};

/// One mountpath, as others see it.
struct MountpathInfo : MountpathTrouble {
  std::string path;
  std::string filesystem_device;
  std::string filesystem_type;
  int32_t filesystem_id[2] = {0, 0};
  uint64_t device = 0;  // the kernel's number: equal when mountpaths share a filesystem
  uint64_t used_bytes = 0;
  uint64_t available_bytes = 0;
  int used_percent = 0;
  bool enabled = true;
};

/// One mountpath in use.
struct Mountpath : disk::Mountpath {
  Mountpath(sys::FileSystem& files_of, sys::Clock& clock_of, std::string at, uint32_t number, size_t pool_threads);
  ~Mountpath();
  Mountpath(const Mountpath&) = delete;

  int lock_fd = -1;
  int trash_fd = -1;
  int bad_fd = -1;
  BucketTable buckets;
  mutable DamageRegister damage;
  mutable SetAsideTally set_aside;
  mutable sys::ThreadPool pool;
  std::unique_ptr<Committer> committer;
};

/// Opens `path`, locks it, and checks that it takes extended attributes, writes and syncs, and belongs to this node (a fresh one
/// is claimed). Errors are kMountpathFault naming the path and the remedy.
Result<std::unique_ptr<Mountpath>> open_mountpath(StoreContext& context, const std::string& path, uint32_t index);

/// kMountpathFault when two mountpaths share a filesystem.
Status check_distinct_filesystems(const StoreContext& context);

/// Removes what an earlier run left in %wk of every bucket: unfinished puts and appends.
Status remove_work_files(StoreContext& context, const Mountpath& mountpath);

/// What was counted. Touches no disk.
MountpathTrouble trouble_of(const Mountpath& mountpath);
/// Capacity and device, for people.
MountpathInfo describe_mountpath(const StoreContext& context, const Mountpath& mountpath);

}  // namespace ais::store

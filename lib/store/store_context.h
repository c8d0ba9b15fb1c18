// What the parts of one ObjectStore share. Built once in ObjectStore::open; the members outlive every thread of the store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/function.h"
#include "store/bucket_directory.h"
#include "store/buffer_pool.h"
#include "store/damage_register.h"
#include "store/descriptor_cache.h"
#include "store/generation_clock.h"
#include "store/object_store.h"
#include "store/set_aside_tally.h"
#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread_pool.h"

namespace ais::store {

class Committer;

/// One mountpath in use.
struct Mountpath {
  Mountpath(sys::FileSystem& files_of, sys::Clock& clock_of, std::string at, uint32_t number, size_t pool_threads);
  ~Mountpath();
  Mountpath(const Mountpath&) = delete;

  sys::FileSystem& files;
  const std::string path;
  const uint32_t index;
  const uint64_t digest;  // of the path: placement among the mountpaths
  uint64_t device = 0;
  int root_fd = -1;
  int lock_fd = -1;
  int trash_fd = -1;
  int bad_fd = -1;
  BucketTable buckets;
  mutable DamageRegister damage;
  mutable SetAsideTally set_aside;
  mutable sys::ThreadPool pool;
  std::unique_ptr<Committer> committer;
};

struct StoreContext {
  StoreContext(sys::FileSystem& files_of, sys::Clock& clock_of, StoreOptions opts);
  ~StoreContext();
  StoreContext(const StoreContext&) = delete;

  /// A Status for an error of the disk, where it is met. It names the mountpath, is counted, and logged once for each text; the answer is
  /// 500 whatever the errno, save for a full disk and a shortage of this process.
  Status io_error(const Mountpath& mountpath, int error_number, const std::string& what);
  Status io_error(const Mountpath& mountpath, const Status& cause);
  /// An object was found damaged, as `why` says: counted and logged when that is news.
  void note_damage(const Mountpath& mountpath, uint64_t digest, std::string_view uname, const Status& why,
                   DamageRegister::Kind kind = DamageRegister::Kind::kDamaged, meta::Generation generation = {});
  Mountpath& mountpath_of(uint64_t digest) const;

  sys::FileSystem& files;
  sys::Clock& clock;
  const StoreOptions options;
  StoreCounters counters;
  GenerationClock generations;
  std::shared_ptr<BufferPool> buffers;
  ObjectStore::HeaderBlockMaker header_block_maker;
  std::vector<std::unique_ptr<Mountpath>> mountpaths;
  DescriptorCache cache;
  std::atomic<uint64_t> next_work_number{0};  // names of work and trash files; unique with the start time
  const uint64_t start_number;
};

/// A name below %wk, %trash or %bad that no other call gives.
std::string unique_name(StoreContext& context, const char* tag);

/// Runs `work` on a pool. For paths where an allocation does not matter.
void run_on(sys::ThreadPool& pool, UniqueFunction<void()> work);

/// Owned copy of an ObjectName.
struct OwnedName {
  OwnedName() = default;
  explicit OwnedName(const ObjectName& name) : uname(name.uname), bucket_bytes(name.bucket_uname.size()), digest(name.digest) {}
  std::string_view object() const { return std::string_view(uname).substr(bucket_bytes); }
  std::string_view bucket_uname() const { return std::string_view(uname).substr(0, bucket_bytes); }
  ObjectName view() const { return {bucket_uname(), uname, object(), digest}; }

  std::string uname;
  size_t bucket_bytes = 0;
  uint64_t digest = 0;
};

}  // namespace ais::store

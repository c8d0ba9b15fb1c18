// What the parts of one ObjectStore share. Built once in ObjectStore::open; the members outlive every thread of the store.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/units.h"
#include "disk/mountpath.h"
#include "disk/object_file.h"
#include "disk/walker.h"
#include "store/buckets.h"
#include "store/buffer_pool.h"
#include "store/damage.h"
#include "store/generation_clock.h"
#include "store/mountpath.h"
#include "store/open_object.h"
#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread_pool.h"

namespace ais::store {

class Committer;

/// How a store is set up.
struct StoreOptions {
  std::string node_id;
  std::vector<std::string> mountpaths;           // absolute, existing directories
  bool allow_shared_filesystem = false;          // several mountpaths on one filesystem: playgrounds and tests
  size_t open_objects_max = 8192;                // descriptors cached for reading
  uint64_t write_buffers_bytes_max = 32 * kMiB;  // memory of bodies being received, whole target
  uint64_t direct_threshold = 256 * kKiB;        // objects from this size on are written with O_DIRECT where the filesystem can
  size_t pool_threads = 8;                       // blocking-call threads per mountpath
  std::string state_dir;                         // of the target, for the generation high-water mark
};

/// io_errors: answers of disks. torn_objects: objects found damaged, each counted once. waiting: changes that wait for the end of a move
/// now, the only one that falls again.
struct StoreCounters {
  std::atomic<uint64_t> open_hits{0}, open_misses{0}, commits{0}, commit_batches{0}, syncs{0}, bytes_written{0}, deletes{0}, io_errors{0},
      torn_objects{0}, waiting{0};
};

/// Built by ObjectStore::open().
struct StoreContext : disk::TroubleListener {
  StoreContext(sys::FileSystem& files_of, sys::Clock& clock_of, StoreOptions opts);
  ~StoreContext() override;
  StoreContext(const StoreContext&) = delete;

  /// A Status for an error of the disk, where it is met. It names the mountpath, is counted, and logged once for each text; the answer is
  /// 500 whatever the errno, save for a full disk and a shortage of this process.
  Status io_error(const disk::Mountpath& mountpath, int error_number, const std::string& what);
  Status io_error(const disk::Mountpath& mountpath, const Status& cause);
  Status note_io_error(const disk::Mountpath& at, const Status& cause) override { return io_error(at, cause); }
  /// An object was found damaged, as `why` says: counted and logged when that is news.
  void note_damage(const disk::Mountpath& at, uint64_t digest, std::string_view uname, const Status& why) override {
    note_damage(at, digest, uname, why, DamageRegister::Kind::kDamaged, {});
  }
  void note_damage(const disk::Mountpath& mountpath, uint64_t digest, std::string_view uname, const Status& why, DamageRegister::Kind kind,
                   meta::Generation generation);
  Mountpath& mountpath_of(uint64_t digest) const { return *disk::home_of(mountpaths, digest); }

  /// disk::find_object() on the object's home, with what a store does besides: the clock sees the generation, errors and (with kBlocking)
  /// unsound files are counted and logged once.
  Result<std::optional<disk::ObjectFile>> find_object(const BucketDirectory& bucket, const ObjectName& name,
                                                      sys::FileSystem::Lookup lookup);
  /// For changes: a file whose content is known to be bad is unsound, too (kBadChecksum).
  void judge_content(uint64_t digest, disk::ObjectFile& file) const;
  /// The OpenObject of a sound file.
  OpenObjectPtr make_open_object(disk::ObjectFile file, uint32_t mountpath_index) const;
  /// Writes a time of last access to the inode when it is much newer than what is stored; on the mountpath's pool.
  void save_access_time(OpenObjectPtr object);

  sys::FileSystem& files;
  sys::Clock& clock;
  const StoreOptions options;
  StoreCounters counters;
  GenerationClock generations;
  std::shared_ptr<BufferPool> buffers;
  HeaderBlockMaker header_block_maker;
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

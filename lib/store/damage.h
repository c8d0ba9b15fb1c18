// DamageRegister: what is wrong with the files of a mountpath. SetAsideTally: what was set aside of them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "meta/object_metadata.h"
#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread_pool.h"

namespace ais::store {

/// What is wrong with the files of one mountpath, as far as it was met since the start: so that a damaged object is counted once and told
/// once, however often it is asked for. Thread-safe.
class DamageRegister {
 public:
  enum class Kind : uint8_t {
    kDamaged,      // metadata missing, unreadable or wrong, or another size than they say
    kContent,      // the content does not match its checksum
    kInputOutput,  // the disk answered with an error
  };
  /// Things remembered. What is met beyond them is neither told nor counted; that this is so is told once, by kFull.
  static constexpr size_t kEntriesMax = 65536;
  /// What is still so after an hour is told again.
  static constexpr int64_t kRepeatNs = 3'600'000'000'000;

  enum class Telling : uint8_t { kNothing, kFirst, kAgain, kFull };
  /// `what` is the digest of an object's name, or of any other text that names the thing. `generation`: of the object, with kContent.
  Telling note(uint64_t what, Kind kind, int64_t now_ns, meta::Generation generation = {});
  /// The object was replaced or removed: if the next one of its name is damaged, that is news.
  void forget(uint64_t what);
  /// True when the content of this generation of the object was noted as bad. Costs one load while there is none.
  bool is_content_bad(uint64_t what, meta::Generation generation) const;

  /// Objects found damaged (kDamaged, kContent), each counted once.
  uint64_t damaged_objects() const { return damaged_objects_.load(std::memory_order_relaxed); }
  std::atomic<uint64_t> io_errors{0};  // every one of them

 private:
  struct Entry {
    int64_t told_ns = 0;
    meta::Generation generation;
  };
  static uint64_t key_of(uint64_t what, Kind kind) { return what ^ (static_cast<uint64_t>(kind) * 0x9E3779B97F4A7C15ull); }

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, Entry> entries_;  // guarded by mutex_
  bool full_told_ = false;                       // guarded by mutex_
  std::atomic<uint64_t> damaged_objects_{0};
  std::atomic<uint64_t> bad_contents_{0};  // entries with kContent
};

/// How many files lie in %bad of a mountpath, and how large they are. Counted on the mountpath's pool at the start and whenever %bad has
/// changed, by whomever: an administrator who empties it sees that at the next look.
///
/// Bounded cost: a count looks at kFilesMax files at most (beyond them the figures are lower bounds) and takes at most a twentieth of a
/// thread's time.
class SetAsideTally {
 public:
  static constexpr uint64_t kFilesMax = 100'000;

  SetAsideTally(sys::FileSystem& files, sys::Clock& clock) : files_(files), clock_(clock) {}
  /// Begins a count on `pool` when one is due; `directory` is %bad, open until stop(). Any thread.
  void refresh(sys::ThreadPool& pool, int directory);
  /// Breaks a count off and waits for its end; there is no other afterwards.
  void stop();
  uint64_t file_count() const { return file_count_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  bool is_due(int directory);
  void count(int directory);

  sys::FileSystem& files_;
  sys::Clock& clock_;
  std::atomic<uint64_t> file_count_{0}, bytes_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable counted_;
  bool counting_ = false;       // guarded by mutex_, as below
  int64_t seen_mtime_ns_ = -1;  // of %bad before the last count; -1: it has to be counted whatever the time is
  int64_t not_before_ns_ = 0;   // monotonic
};

}  // namespace ais::store

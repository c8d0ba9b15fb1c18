// DamageRegister: what is wrong with the files of one mountpath, as far as it was met since the start: so that a damaged object is
// counted once and told once, however often it is asked for. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "meta/object_metadata.h"

namespace ais::store {

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

}  // namespace ais::store

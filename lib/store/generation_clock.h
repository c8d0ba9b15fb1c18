// GenerationClock: the target's hybrid logical clock. Issues generations that only rise, also across restarts and steps of the
// wall clock: a file in the state directory holds a bound that no issued generation has passed.
//
// Without that file (lost, or damaged and renamed aside) the clock begins at the time of day, and that is safe: a generation is compared
// only with others of the same name, next() is given the one on the disk as its floor, and every object that is opened is observed. What
// could be compared with a lost one, the handles of appends, ends with the process.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "base/status.h"
#include "meta/object_metadata.h"
#include "sys/clock.h"
#include "sys/file_system.h"

namespace ais::store {

class GenerationClock {
 public:
  GenerationClock(sys::FileSystem& files, sys::Clock& clock, uint64_t writer, std::string state_dir);
  ~GenerationClock();
  GenerationClock(const GenerationClock&) = delete;

  /// Reads the bound of an earlier run; a file that cannot be believed is renamed to generation.damaged.<unix ns>. Without a state
  /// directory nothing is remembered.
  void restore();
  /// A generation above all issued and observed ones, and above `floor`. May write the state file (every few seconds): blocks.
  Result<meta::Generation> next(meta::Generation floor);
  /// Any thread.
  void observe(meta::Generation generation);
  /// Writes the exact position, for a clean shutdown.
  void save();

 private:
  Result<uint64_t> read_bound();
  Status write_bound(uint64_t bound);
  void put_aside(const char* name);
  void put_aside_unless_file(const char* name);

  sys::FileSystem& files_;
  sys::Clock& clock_;
  const uint64_t writer_;
  const std::string state_dir_;
  std::mutex mutex_;
  int state_fd_ = -1;
  uint64_t bound_ = 0;  // guarded by mutex_; on stable storage
  std::atomic<uint64_t> last_{0};
};

}  // namespace ais::store

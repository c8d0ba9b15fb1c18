// ObjectPicker: which object a loop reads next. It knows the objects that were listed and those that its own loop put; reads at random,
// or (--uniquegets, --numepochs) in shuffled rounds in which each object comes once. One per loop, loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sys/random.h"

namespace ais::loader {

class ObjectPicker {
 public:
  struct Options {
    size_t loop = 0, loops = 1;  // this loop reads every loops-th of the listed objects when rounds are unique
    bool unique = false;
    uint64_t epochs = 0;  // rounds, then next() has nothing more; 0 = no limit
    uint64_t seed = 0;
  };
  /// `listed` must outlive this; `own_prefix` is what encoded names of put objects begin with.
  ObjectPicker(Options options, const std::vector<std::string>& listed, std::string own_prefix);

  /// Name number `counter` of this loop's own objects.
  void append_own_name(std::string& out, uint64_t counter) const;
  /// Own object `counter` exists now.
  void add_own(uint64_t counter);
  /// True when there is anything to read at all.
  bool has_any() const { return !listed_.empty() || !own_.empty(); }
  /// Appends the encoded name of the object to read; false when all rounds are over or there is nothing.
  bool append_next(std::string& out);

 private:
  /// Own objects that are remembered; more are written but not read.
  static constexpr size_t kOwnMax = 4'000'000;
  // An item below listed_.size() is a listed object, above it an own one.
  void append_item(std::string& out, uint64_t item) const;
  bool begin_round();

  const Options options_;
  const std::vector<std::string>& listed_;
  const std::string own_prefix_;
  sys::Random random_;
  std::vector<uint64_t> own_;
  std::vector<uint64_t> round_;
  size_t round_next_ = 0;
  uint64_t rounds_ = 0;
};

}  // namespace ais::loader

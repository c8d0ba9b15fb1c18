// ObjectPicker: which object a loop reads next. It knows the objects that were listed and those that its own loop put; reads in
// shuffled rounds in which each object comes once (--uniquegets, --numepochs), or at random. One per loop, loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aisloader/name_list.h"
#include "sys/random.h"

namespace ais::loader {

/// How the objects that a run makes are called, percent-encoded: directory, virtual directory, then before, loop and number or, when they
/// are numbered as the original does it, one number whose last bits are the loader's id; then after.
struct OwnNames {
  std::string directory, before, after;
  uint64_t subdirectories = 0;  // 0 = none
  bool numbered = false;
  uint64_t id = 0;
  unsigned id_bits = 0;  // a multiple of four
  size_t loops = 1;      // which share the numbers

  void append(std::string& out, size_t loop, uint64_t counter) const;
  /// The number in a name that append() made, in whatever virtual directory; nullopt for other names.
  std::optional<uint64_t> number_of(std::string_view name) const;

 private:
  void append_number(std::string& out, uint64_t number) const;
  std::optional<uint64_t> parse_number(std::string_view digits) const;
};

class ObjectPicker {
 public:
  struct Options {
    size_t loop = 0, loops = 1;  // in rounds that are counted, this loop reads every loops-th of the listed objects
    bool unique = false;
    uint64_t epochs = 0;  // rounds, then append_next() has nothing more; 0 = no limit
    uint64_t seed = 0;
    size_t own_max = 4'000'000;  // own objects that are remembered; more are written but not read
  };
  /// `listed` must outlive this.
  ObjectPicker(Options options, const NameList& listed, OwnNames names);

  /// Name number `counter` of this loop's own objects.
  void append_own_name(std::string& out, uint64_t counter) const { names_.append(out, options_.loop, counter); }
  /// Own object `counter` exists now. False when it is not remembered.
  bool add_own(uint64_t counter);
  /// Forgets in which order they came, which is not the same in every run.
  void sort_own();
  /// True when there is anything to read at all.
  bool has_any() const { return !listed_.empty() || !own_.empty(); }
  /// Appends the encoded name of the object to read; false when all rounds are over or there is nothing.
  bool append_next(std::string& out);

 private:
  // An item below listed_.size() is a listed object, above it an own one.
  void append_item(std::string& out, uint64_t item) const;
  bool begin_round();

  const Options options_;
  const NameList& listed_;
  const OwnNames names_;
  sys::Random random_;
  std::vector<uint64_t> own_;
  std::vector<uint64_t> round_;  // items; those before round_next_ were read in this round
  size_t own_in_round_ = 0;
  size_t round_next_ = 0;
  uint64_t rounds_ = 0;
};

}  // namespace ais::loader

// The flags of a command line, read by CLI11 against tables of flags. Pure but for the variables of flags, where a program has them.
//
// --name value, --name=value, -n value, -nvalue, switches in one word (-rj8); "--" ends the flags; "-" alone is an argument. A flag
// that takes a value takes the next word whatever it looks like, so "--prefix -x" and "--prefix=-x" are the same. A switch that is
// given twice is given once; a flag with a value may be given twice only when it is repeatable. A long name may have one dash: what is
// a name as a whole is no row of letters. Synonyms of a flag are values of that flag; a name goes before another flag's synonym.
//
// What of this CLI11 does not do, and why it is used all the same: docs/rfcs/0006-command-tree.md.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/units.h"
#include "cli/flag.h"

namespace ais::cli {

/// The flags of a line with their values. Errors are kInvalid and name the flag.
class FlagValues {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// A switch: `fallback` when it is not given, false when its last value says so (--name=false).
  bool is_on(std::string_view name, bool fallback = false) const { return has(name) ? get(name).empty() : fallback; }
  /// The last value, or `fallback`. "" for a switch that is on.
  std::string get(std::string_view name, std::string_view fallback = "") const;
  /// All values in order; empty when the flag is not given.
  std::vector<std::string> get_all(std::string_view name) const;
  Result<uint64_t> get_number(std::string_view name, uint64_t fallback) const;
  /// "4096", "1MiB".
  Result<uint64_t> get_size(std::string_view name, uint64_t fallback) const;
  /// "1m30s"; a negative time is an error.
  Result<Nanoseconds> get_duration(std::string_view name, Nanoseconds fallback) const;
  /// The names of all flags that are given.
  std::vector<std::string> names() const;

  /// Used by the parser, and by tests. kInvalid when a flag that is not repeatable has a value already.
  Status set(const Flag& flag, std::string value);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;  // by long name
};

/// What differs between programs.
struct FlagRules {
  bool switch_values = false;  // --name=false is a switch that is off
  /// --state-dir is AIS_STATE_DIR where it is not given, and a comma separates values of a repeatable flag: for tables that are allowed
  /// with kVariables.
  bool variables = false;
};

class FlagParser {
 public:
  enum class Until { kEnd, kArgument };
  enum class From { kLine, kVariables };

  explicit FlagParser(FlagRules rules = {}) : rules_(rules) {}

  /// Flags of this table are known from here on; it must outlive the parser. A letter that several tables have belongs to the last of
  /// them, a name to the first. `owner` is named by errors ("ais object put").
  void allow(std::span<const Flag> flags, std::string_view owner = "", From from = From::kLine);
  /// Flags of earlier tables are unknown from here on; what they were given stays.
  void forget_tables() { tables_.clear(), variable_tables_.clear(); }

  /// Takes the flags out of `words` and returns the rest: the arguments. Until kArgument it stops at the first of them, and the rest is
  /// that one and all that follows. May be called again with the rest, when more flags are known: "--" is remembered.
  Result<std::vector<std::string>> parse(const std::vector<std::string>& words, Until until = Until::kEnd);

  /// The flag that made parse() fail because no table has it, without dashes; "" when it failed for another reason.
  const std::string& unknown_flag() const { return unknown_; }
  FlagValues& flags() { return values_; }

 private:
  const Flag* find(std::string_view name) const;
  const Flag* find_letter(char letter) const;
  Status spell(const std::vector<std::string>& words, size_t& at, std::vector<std::string>& plain) const;
  Status take_value(const Flag& flag, const std::vector<std::string>& words, size_t& at, std::vector<std::string>& plain) const;
  Status read(std::vector<std::string> plain);
  Status add_value(const Flag& flag, std::string text);
  Status unknown(const std::string& word);

  FlagRules rules_;
  bool flags_over_ = false;
  std::vector<std::span<const Flag>> tables_;
  std::vector<const Flag*> variable_tables_;  // the first flags of those of tables_ that have variables
  std::string owner_;
  FlagValues values_;
  std::string unknown_;
};

}  // namespace ais::cli

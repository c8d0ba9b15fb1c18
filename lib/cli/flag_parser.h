// Reading the words of a command line against tables of flags. Pure: no output, no environment.
//
// --name value, --name=value, -n value, -nvalue, switches in one word (-rj8); "--" ends the flags; "-" alone is an argument. A flag
// that takes a value takes the next word whatever it looks like, so "--prefix -x" and "--prefix=-x" are the same. A switch that is
// given twice is given once; a flag with a value may be given twice only when it is repeatable. A long name may have one dash: what is
// a name as a whole is no row of letters. Synonyms of a flag are values of that flag; a name goes before another flag's synonym.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
  /// The last value, or `fallback`. "" for a switch that is given.
  std::string get(std::string_view name, std::string_view fallback = "") const;
  /// All values in order; empty when the flag is not given.
  std::vector<std::string> get_all(std::string_view name) const;
  Result<uint64_t> get_number(std::string_view name, uint64_t fallback) const;
  /// "4096", "1MiB".
  Result<uint64_t> get_size(std::string_view name, uint64_t fallback) const;
  /// "1m30s"; a negative time is an error.
  Result<Nanoseconds> get_duration(std::string_view name, Nanoseconds fallback) const;

  /// Used by the parser, and by tests. kInvalid when a flag that is not repeatable has a value already.
  Status set(const Flag& flag, std::string value);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;  // by long name; a switch has one empty value
};

class FlagParser {
 public:
  /// `words` without the program's name; they must outlive the parser.
  explicit FlagParser(std::span<const std::string> words) : words_(words) {}

  /// Flags of this table are known from here on; it must outlive the parser. A letter that several tables have belongs to the last of
  /// them. `owner` is named by errors ("ais object put").
  void allow(std::span<const Flag> flags, std::string_view owner = "");

  /// Takes the flags before the next argument, and that argument; nullopt at the end of the line.
  Result<std::optional<std::string>> next_argument();

  /// The flag that made next_argument fail because no table has it, without dashes; "" when it failed for another reason.
  const std::string& unknown_flag() const { return unknown_; }
  FlagValues& flags() { return values_; }

 private:
  const Flag* find(std::string_view name) const;
  const Flag* find_letter(char letter) const;
  bool is_long_name(std::string_view text) const;  // "prefix=x" without dashes
  Status take_flag(const std::string& word);
  Status take_long(const std::string& text);
  Status take_letters(const std::string& letters);
  Status take_value_of(const Flag& flag);
  Status unknown(const std::string& shown, const std::string& name);

  std::span<const std::string> words_;
  size_t next_ = 0;
  bool flags_over_ = false;
  std::vector<std::span<const Flag>> tables_;
  std::string owner_;
  std::string unknown_;
  FlagValues values_;
};

}  // namespace ais::cli

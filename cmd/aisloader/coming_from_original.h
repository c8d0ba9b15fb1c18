// What users of the original loader (AIStore's in Go) meet: flags of it that this one has not, defaults that differ, keys of its JSON. As
// tables, from which the command line and the page in docs/cli/ are made and which tests compare with what the loader does.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::loader {

/// A flag of the original whose subject this loader has not.
struct AbsentFlag {
  const char* name;
  bool is_switch;
};
const AbsentFlag* find_absent_flag(std::string_view name);
/// kInvalid, unless the value (nullopt: none is given) says to do without, as it does by default: false, 0 or "".
Status check_absent_flag(const AbsentFlag& flag, const std::optional<std::string>& value);

struct DifferentDefault {
  const char* flag;  // without dashes
  const char* here;  // as its help has it behind "default "
  const char* original;
};
std::span<const DifferentDefault> different_defaults();

/// A number of the original's --json in that of this loader.
struct JsonKey {
  const char* original;
  const char* here;     // "get.ops"; "" when there is none
  const char* comment;  // "" for none
};
std::span<const JsonKey> json_keys();

/// What Go's flag package reads as a truth value.
std::optional<bool> parse_truth(std::string_view text);

/// The chapter of the page in docs/cli/.
std::string coming_from_original_page();

}  // namespace ais::loader

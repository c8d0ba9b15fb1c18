// What users of the original loader (AIStore's in Go) meet: flags of it that this one has not, defaults that differ, keys of its JSON. As
// tables, from which the command line and the page in docs/cli/ are made and which tests compare with what the loader does.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/flag.h"

namespace ais::loader {

/// Flags of the original whose subject this loader has not: refused, unless their value says to do without, as it does by default (false,
/// 0 or "").
std::span<const cli::Flag> absent_flags();

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

/// The chapter of the page in docs/cli/.
std::string coming_from_original_page();

}  // namespace ais::loader

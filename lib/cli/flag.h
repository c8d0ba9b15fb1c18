// Flag and Example: what a command line takes, as rows of constant tables. Parsing (flag_parser.h), help, manual pages, the pages of
// docs/cli/ and TAB completion are all made from these rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ais::cli {

/// What stands in an argument or in the value of a flag, as far as a shell can complete it.
enum class ValueKind : uint8_t {
  kUnset,               // nobody said: nothing is offered
  kText,                // a number, a new name: nothing can be offered
  kChoice,              // one of Flag::choices
  kChoiceList,          // several of Flag::choices, separated by commas
  kFile,                // a local file or directory
  kDirectory,           // a local directory
  kBucket,              // ais://bucket
  kObject,              // ais://bucket/object
  kObjectOrFile,        // either
  kNode,                // id of any node
  kTarget,              // id of a target
  kConfigName,          // section or name of the cluster's configuration
  kConfigAssignment,    // NAME=VALUE of it
  kPropertyName,        // section or name of a bucket property
  kPropertyAssignment,  // NAME=VALUE of it
  kCommand,             // words of a command
  kAlias,               // an alias that exists
  kAbsent,              // of a flag that the original has and this program has not: refused, unless the value says to do without
};

struct Flag {
  const char* name;   // without dashes
  const char* value;  // placeholder of its value ("N"); nullptr for a switch
  const char* help;   // one line, no full stop
  char letter = 0;    // short form, 0 = none
  bool repeatable = false;
  ValueKind kind = ValueKind::kUnset;  // of the value
  const char* choices = "";            // for kChoice and kChoiceList: "info,warning,error"
  const char* synonyms = "";           // other names that mean the same, without dashes: "compute-checksum,compute-cksum"
};

/// The flag with other names: with_synonyms({"parallel", "N", "how many at a time", 'j'}, "num-workers").
constexpr Flag with_synonyms(Flag flag, const char* synonyms) {
  flag.synonyms = synonyms;
  return flag;
}
std::vector<std::string_view> synonyms_of(const Flag& flag);
bool is_synonym(const Flag& flag, std::string_view name);

struct Example {
  const char* line;  // as typed, without a prompt
  const char* what;  // what it does, no full stop
};

/// A name and what it means: an environment variable, a file, an exit status.
struct Meaning {
  const char* name;
  const char* text;
};

/// Flags under a title of their own in help and on pages.
struct FlagGroup {
  const char* title;
  std::span<const Flag> flags;
};

}  // namespace ais::cli

// The flags of aisloader as a table: --help, the manual page, the page in docs/cli/ and completion are made from it. And the spellings
// that Go's flag package takes, which scripts for the original loader use: "-name", "-name=value", "-switch=false".
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/program.h"

namespace ais::loader {

const cli::ProgramDescription& program();

/// What --list-props may name.
inline constexpr char kListProps[] = "name,size,version,checksum,atime,location,copies,custom,status";

/// What --cksum-type may name.
inline constexpr char kChecksumTypes[] = "none,xxhash,xxhash2,md5,crc32c,sha256,sha512";

/// A command line in the spelling of lib/cli.
struct NormalWords {
  std::vector<std::string> words;
  std::set<std::string> off;  // switches whose last value was "false"
};
/// kInvalid when a switch has a value that is neither true nor false, and for flags of the original loader that this one has not.
Result<NormalWords> normalize_words(const std::vector<std::string>& words);

}  // namespace ais::loader

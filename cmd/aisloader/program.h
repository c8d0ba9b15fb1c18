// The tree of aisloader: a root with many flags, and two commands beside it. --help, the manual page, the page in docs/cli/ and completion
// are made from it.
#pragma once

#include "cli/program.h"

namespace ais::loader {

const cli::Program& program();

/// What --list-props may name.
inline constexpr char kListProps[] = "name,size,version,checksum,atime,location,copies,custom,status";

/// What --cksum-type may name.
inline constexpr char kChecksumTypes[] = "none,xxhash,xxhash2,md5,crc32c,sha256,sha512";

}  // namespace ais::loader

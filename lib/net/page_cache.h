// Whether a range of a file can be read without waiting for a disk.
#pragma once

#include <cstdint>

namespace ais::net {

/// One system call (cachestat) where the kernel has it, else a few (preadv2 with RWF_NOWAIT). `thorough`: pages that are in the
/// cache but whose data is still being read count as missing, which costs a call for each 256 KiB. A guess, never an error:
/// what cannot be told counts as cached.
bool is_in_page_cache(int fd, uint64_t offset, uint64_t length, bool thorough);

}  // namespace ais::net

// How large a terminal is now; it may change whenever it likes.
#pragma once

#include <cstddef>
#include <cstdio>

namespace ais::cli {

struct TerminalSize {
  size_t columns = 80, rows = 24;
};

/// Of the terminal that `stream` is; what it does not say, or is no terminal for, has the defaults.
TerminalSize terminal_size(FILE* stream);

}  // namespace ais::cli

#include "cli/terminal_size.h"

#include <sys/ioctl.h>

namespace ais::cli {

TerminalSize terminal_size(FILE* stream) {
  TerminalSize out;
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) return out;
  if (size.ws_col > 0) out.columns = size.ws_col;
  if (size.ws_row > 0) out.rows = size.ws_row;
  return out;
}

}  // namespace ais::cli

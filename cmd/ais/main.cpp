#include <sys/resource.h>

#include "ais/cli.h"
#include "cli/standard_streams.h"

namespace {

/// Each object in work has a connection and a file.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  ais::cli::keep_standard_streams();
  raise_descriptor_limit();
  return ais::cli::run_cli({argv + 1, argv + argc}, ais::cli::Terminal::of_process());
}

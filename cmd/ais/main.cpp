#include "ais/cli.h"
#include "cli/standard_streams.h"

int main(int argc, char** argv) {
  ais::cli::keep_standard_streams();
  return ais::cli::run_cli({argv + 1, argv + argc}, ais::cli::Terminal::of_process());
}

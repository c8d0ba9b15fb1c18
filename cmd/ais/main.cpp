#include "ais/cli.h"
#include "app/process_setup.h"
#include "cli/standard_streams.h"

int main(int argc, char** argv) {
  ais::cli::keep_standard_streams();
  ais::app::raise_descriptor_limit();  // each object in work has a connection and a file
  return ais::cli::run_cli({argv + 1, argv + argc}, ais::cli::Terminal::of_process());
}

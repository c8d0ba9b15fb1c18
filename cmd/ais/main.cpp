#include "ais/cli.h"

int main(int argc, char** argv) { return ais::cli::run_cli({argv + 1, argv + argc}, ais::cli::Terminal::of_process()); }

#include "aisloader/loader.h"

int main(int argc, char** argv) {
  int exit_status = 0;
  std::optional<ais::loader::Options> options = ais::loader::parse_options(argc, argv, &exit_status);
  return options ? ais::loader::run_loader(*options) : exit_status;
}

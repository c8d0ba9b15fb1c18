// The whole program behind main(), so that tests can run it.
#pragma once

#include <string>
#include <vector>

#include "ais/command/invocation.h"

namespace ais::cli {

/// `words` without the program's name. Returns the exit status: 0 done, 1 failed, 2 wrong usage.
int run_cli(const std::vector<std::string>& words, const Terminal& terminal);

}  // namespace ais::cli

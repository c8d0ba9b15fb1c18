// The tree of `ais`: everything that it can do, as people see it. The rows are in *_command_table.cpp, by subject.
#pragma once

#include "cli/program.h"

namespace ais::cli {

/// Made at the first call, from all parts of the table.
const Program& program();

}  // namespace ais::cli

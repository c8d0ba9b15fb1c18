// Names that flags list: of objects, or of the files of put.
#pragma once

#include <string>
#include <vector>

#include "ais/command/invocation.h"

namespace ais::cli {

/// True when --list or --names-from is given.
bool has_name_list(const Invocation& invocation);

/// --list: names separated by commas, without blanks around them. --names-from: a file with a name on each line or, with --null, a NUL
/// behind each; such names are the bytes that they are. "-" is standard input. None without the flags; all of them are held in memory.
/// Usage errors.
Result<std::vector<std::string>> name_list(Invocation& invocation);

}  // namespace ais::cli

// Environment: the doors to the outside that the parts of a process decide by, in one piece. main() takes the machine's; a test or a
// simulator gives its own, and nothing below asks for another.
#pragma once

#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/random.h"

namespace ais::sys {

/// Does not own; what it names outlives all that were given it.
struct Environment {
  Clock& clock;
  FileSystem& files;
  /// For one thread, while the process is put together: a part that draws later takes a generator of its own (Random::split).
  Random& random;
};

/// The machine's. For main() and what stands in its place; the same generator at each call.
Environment real_environment();

}  // namespace ais::sys

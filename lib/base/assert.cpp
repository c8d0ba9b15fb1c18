#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace ais {
void assertion_failed(const char* expression, const char* file, int line, const char* message) {
  fprintf(stderr, "%s:%d: assertion failed: %s %s\n", file, line, expression, message);
  abort();
}
}  // namespace ais

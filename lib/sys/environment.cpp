#include "sys/environment.h"

namespace ais::sys {

Environment real_environment() {
  static Random random;
  return {real_clock(), real_file_system(), random};
}

}  // namespace ais::sys

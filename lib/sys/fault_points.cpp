#include "sys/fault_points.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace ais::sys {

bool g_fault_points_armed = false;

namespace {
std::string g_name;  // constant after arming
std::atomic<long> g_passages_left{0};
}  // namespace

void fault_point_reached(const char* name) {
  if (g_name != name) return;
  if (g_passages_left.fetch_sub(1) == 1) kill(getpid(), SIGKILL);
}

void arm_fault_points_from_environment() {
  const char* spec = getenv("AIS_KILL_AT");
  if (!spec || !*spec) return;
  g_name = spec;
  long passages = 1;
  if (size_t colon = g_name.find(':'); colon != std::string::npos) {
    passages = atol(g_name.c_str() + colon + 1);
    g_name.resize(colon);
  }
  g_passages_left = passages > 0 ? passages : 1;
  g_fault_points_armed = true;
}

}  // namespace ais::sys

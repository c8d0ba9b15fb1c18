// Named points at which a test can kill the process: AIS_FAULT_POINT("put.before_publish").
//
// Off unless the environment variable AIS_KILL_AT names a point when the process starts ("name" or "name:N", the N-th passage):
// then the process sends itself SIGKILL there. A passage costs one load of a global otherwise.
#pragma once

namespace ais::sys {
extern bool g_fault_points_armed;
void fault_point_reached(const char* name);
/// Reads AIS_KILL_AT; called once by the daemons' shell.
void arm_fault_points_from_environment();
}  // namespace ais::sys

#define AIS_FAULT_POINT(name)                                                                         \
  do {                                                                                                \
    if (__builtin_expect(::ais::sys::g_fault_points_armed, 0)) ::ais::sys::fault_point_reached(name); \
  } while (0)

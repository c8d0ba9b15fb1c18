// AIS_ASSERT: invariants that stay checked in production. A failure prints where and aborts: going on would risk data.
// Expected trouble (disk, peer, client bytes) is never asserted; it is a Status.
#pragma once

namespace ais {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line, const char* message);
}  // namespace ais

#define AIS_ASSERT(expression) \
  (__builtin_expect(static_cast<bool>(expression), 1) ? void(0) : ::ais::assertion_failed(#expression, __FILE__, __LINE__, ""))
#define AIS_ASSERT_MSG(expression, message) \
  (__builtin_expect(static_cast<bool>(expression), 1) ? void(0) : ::ais::assertion_failed(#expression, __FILE__, __LINE__, message))
#define AIS_UNREACHABLE(message) ::ais::assertion_failed("unreachable", __FILE__, __LINE__, message)

// BodySource: where the bytes of a write come from. A protocol gives the operations one; they know nothing of requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "async/task.h"
#include "base/status.h"

namespace ais::target {

/// Bytes in order, once. Used by one task at a time, on its loop. The task of a read must end before the source does.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// Fills some of `buffer`; 0 = the end. Errors of the sender: kConnectionClosed, kRequestTimeout, kBadRequest.
  virtual async::Task<Result<size_t>> read(std::span<char> buffer) = 0;
  /// nullopt: not known before the end.
  virtual std::optional<uint64_t> length() const = 0;
};

}  // namespace ais::target

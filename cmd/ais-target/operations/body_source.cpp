#include "ais-target/operations/body_source.h"

#include <memory>

#include "base/units.h"

namespace ais::target {
namespace {
constexpr size_t kDrainBytes = 64 * kKiB;
}

async::Task<Status> drain(BodySource& body) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kDrainBytes);
  for (;;) {
    const std::span<char> room(buffer.get(), kDrainBytes);
    Result<size_t> n = co_await body.read(room);
    if (!n.ok()) co_return n.status();
    if (*n == 0) co_return Status();
  }
}

}  // namespace ais::target

#include "ais/object/stream_body.h"

#include <utility>

#include "ais/job/file_pool.h"

namespace ais::cli {

std::optional<codec::Checksum> StreamBody::checksum() {
  if (!hasher_) return std::nullopt;
  return hasher_->finish();
}

std::string_view StreamBody::hand_out(std::string bytes) {
  given_ = std::move(bytes);
  if (hasher_) hasher_->update(given_);
  sent_.fetch_add(given_.size(), std::memory_order_relaxed);
  return given_;
}

async::Task<Result<std::string_view>> StreamBody::next() {
  while (!ended_) {
    auto read = [this] { return input_.read_some(kPieceBytes, silence_); };
    AIS_CO_TRY(std::optional<std::string> piece, co_await on_pool(pool_, read));
    if (!piece) {
      if (reserve_.size() < 2) continue;
      std::string one(1, reserve_.front());
      reserve_.erase(0, 1);
      co_return hand_out(std::move(one));
    }
    if (piece->empty()) {
      AIS_CO_RETURN_IF_ERROR(co_await may_end_());
      ended_ = true;
    } else if (reserve_.size() < kReserveBytes) {
      reserve_ += *piece;
    } else {
      std::string whole = std::exchange(reserve_, std::move(*piece));
      co_return hand_out(std::move(whole));
    }
  }
  std::string last = std::exchange(reserve_, {});
  co_return hand_out(std::move(last));
}

}  // namespace ais::cli

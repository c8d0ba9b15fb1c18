#include "aisloader/arrivals.h"

#include <algorithm>
#include <cmath>

namespace ais::loader {
namespace {

constexpr uint64_t kStopLook = 100'000'000;  // how often somebody looks whether the user wants to stop

}  // namespace

ArrivalSchedule::ArrivalSchedule(Shape shape, uint64_t begin_ns) : shape_(shape), begin_ns_(begin_ns), random_(shape.seed) {
  if (shape_.exponential) seconds_ = gap_seconds();
  next_ns_ =
      begin_ns_ + static_cast<uint64_t>((shape_.exponential ? seconds_ : static_cast<double>(shape_.loop) / shape_.per_second) * 1e9);
}

double ArrivalSchedule::gap_seconds() {
  constexpr double kUnit = 1.0 / (1ull << 53);
  double uniform = static_cast<double>(random_.next() >> 11) * kUnit;  // below 1
  return -std::log1p(-uniform) * static_cast<double>(shape_.loops) / shape_.per_second;
}

// An even time is computed from its number, so that rounding does not add up.
void ArrivalSchedule::advance() {
  ++taken_;
  if (shape_.exponential) seconds_ += gap_seconds();
  else seconds_ = static_cast<double>(shape_.loop + taken_ * shape_.loops) / shape_.per_second;
  next_ns_ = begin_ns_ + static_cast<uint64_t>(seconds_ * 1e9);
}

void ArrivalGate::open(ArrivalSchedule schedule, uint64_t deadline_ns, const std::atomic<bool>& stop) {
  schedule_ = std::move(schedule);
  deadline_ns_ = deadline_ns;
  stop_ = &stop;
  open_ = true;
  closed_.reset();
  not_started_ = {};
}

void ArrivalGate::close() {
  open_ = false;
  closed_.set();
}

/// The time is over, or the user wants no more: what was due by now has not been begun.
void ArrivalGate::close_in_time(uint64_t now) {
  uint64_t until = std::min(deadline_ns_, now);
  if (schedule_.next_ns() < until) not_started_.waited_max_ns = until - schedule_.next_ns();
  for (; schedule_.next_ns() < until; schedule_.advance()) ++not_started_.count;
  close();
}

std::optional<uint64_t> ArrivalGate::take_due(uint64_t now) {
  const uint64_t due = schedule_.next_ns();
  if (due > now || due >= deadline_ns_) return std::nullopt;
  schedule_.advance();
  return due;
}

async::Task<std::optional<uint64_t>> ArrivalGate::next() {
  const async::Mutex::Lock turn = co_await turn_.lock();
  while (open_) {
    const auto now = static_cast<uint64_t>(loop_.now().count());
    if (now >= deadline_ns_ || stop_->load(std::memory_order_relaxed)) {
      close_in_time(now);
      break;
    }
    if (const std::optional<uint64_t> due = take_due(now)) co_return due;
    const uint64_t until = std::min({schedule_.next_ns(), deadline_ns_, now + kStopLook});
    co_await closed_.wait_for(Nanoseconds(until - now));
  }
  co_return std::nullopt;
}

}  // namespace ais::loader

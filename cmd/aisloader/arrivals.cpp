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

ArrivalGate::~ArrivalGate() { loop_.cancel_timer(timer_); }

void ArrivalGate::open(ArrivalSchedule schedule, uint64_t deadline_ns, const std::atomic<bool>& stop) {
  schedule_ = std::move(schedule);
  deadline_ns_ = deadline_ns;
  stop_ = &stop;
  open_ = true;
  not_started_ = {};
}

void ArrivalGate::close() {
  if (!open_) return;
  open_ = false;
  loop_.cancel_timer(timer_);
  timer_ = 0;
  for (Awaiter* waiter : std::vector<Awaiter*>(std::move(waiting_))) waiter->handle_.resume();
}

/// The time is over, or the user wants no more: what was due by now has not been begun.
void ArrivalGate::close_in_time(uint64_t now) {
  uint64_t until = std::min(deadline_ns_, now);
  if (schedule_.next_ns() < until) not_started_.waited_max_ns = until - schedule_.next_ns();
  for (; schedule_.next_ns() < until; schedule_.advance()) ++not_started_.count;
  close();
}

bool ArrivalGate::take_due(std::optional<uint64_t>& due) {
  if (!open_) return true;
  auto now = static_cast<uint64_t>(loop_.now().count());
  if (now >= deadline_ns_ || stop_->load(std::memory_order_relaxed)) {
    close_in_time(now);
    return true;
  }
  if (schedule_.next_ns() > now || schedule_.next_ns() >= deadline_ns_) return false;
  due = schedule_.next_ns();
  schedule_.advance();
  return true;
}

void ArrivalGate::Awaiter::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  gate_.waiting_.push_back(this);
  gate_.arm();
}

void ArrivalGate::arm() {
  if (timer_ || !open_) return;
  auto now = static_cast<uint64_t>(loop_.now().count());
  uint64_t until = std::min({schedule_.next_ns(), deadline_ns_, now + kStopLook});
  timer_ = loop_.add_timer(Nanoseconds(until > now ? until - now : 0), [this] { on_timer(); });
}

void ArrivalGate::on_timer() {
  timer_ = 0;
  while (open_ && !waiting_.empty()) {
    Awaiter* waiter = waiting_.back();
    std::optional<uint64_t> due;
    if (!take_due(due)) break;
    if (!due) return;  // closed, and with it everybody is on the way home
    waiting_.pop_back();
    waiter->due_ = due;
    waiter->handle_.resume();
  }
  if (!waiting_.empty()) arm();
}

}  // namespace ais::loader

// LoadLoop: which operation is next.
#include "aisloader/load_loop.h"

namespace ais::loader {
namespace {

// Updates are not numbered among the objects.
constexpr uint64_t kFirstUpdate = 1ull << 48;

/// The output step of splitmix64: near numbers give unrelated ones.
uint64_t scatter(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

}  // namespace

/// Cleaning up is not ended by whoever wants the measurement to end.
bool LoadLoop::is_over(uint64_t now) const {
  if (phase_.kind == Phase::Kind::kRemove) return false;
  return now >= deadline_ns_ || plan_.stop.load(std::memory_order_relaxed);
}

LoadLoop::Choice LoadLoop::choose() {
  switch (phase_.kind) {
    case Phase::Kind::kRemove: return choose_remove();
    case Phase::Kind::kPreload: return choose_preload();
    case Phase::Kind::kMeasure: return choose_measured();
  }
  return {};
}

LoadLoop::Choice LoadLoop::choose_measured() {
  const Options& o = plan_.options;
  if (puts_used_up()) return {};
  uint64_t dice = o.put_percent + o.list_percent > 0 ? random_.below(100) : 100;
  bool gets = o.put_percent + o.list_percent < 100;
  if (dice < o.put_percent) return choose_put();
  if (dice < o.put_percent + o.list_percent) {
    Choice choice;
    choice.kind = Choice::Kind::kList;
    return choice;
  }
  if (gets && !picker_.has_any() && o.put_percent > 0) return choose_put();  // nothing to read yet
  return choose_get();
}

std::string LoadLoop::target_of_own(uint64_t counter) const {
  std::string target;
  target.reserve(plan_.path_before.size() + plan_.directory.size() + plan_.name_before.size() + 32 + plan_.path_after.size());
  target = plan_.path_before;
  picker_.append_own_name(target, counter);
  return target += plan_.path_after;
}

void LoadLoop::draw_body(Choice& choice, uint64_t number) const {
  const Options& o = plan_.options;
  const uint64_t drawn = scatter(plan_.seed + scatter(index_ + scatter(number)));
  choice.size = o.size_min + drawn % (o.size_max - o.size_min + 1);
  if (o.reader == ReaderType::kTar) choice.size = tar_size(choice.size);
  choice.content = scatter(~drawn);
}

bool LoadLoop::puts_used_up() const { return no_puts_ || puts_.used_up() || plan_.budget.used_up(); }

bool LoadLoop::reserve_put(uint64_t size) {
  if (no_puts_ || !puts_.reserve(size)) return false;
  if (plan_.budget.reserve(size)) return true;
  puts_.give_back(size);
  return false;
}

LoadLoop::Choice LoadLoop::choose_put() {
  Choice choice;
  draw_body(choice, next_own_);
  if (phase_.kind == Phase::Kind::kMeasure && !reserve_put(choice.size)) return {};
  choice.kind = Choice::Kind::kPut;
  choice.counter = next_own_++;
  choice.target = target_of_own(choice.counter);
  return choice;
}

LoadLoop::Choice LoadLoop::choose_preload() {
  if (next_own_ >= preload_end_) return {};
  return choose_put();
}

LoadLoop::Choice LoadLoop::choose_get() {
  Choice choice;
  choice.target.reserve(128);
  choice.target = plan_.path_before;
  if (!picker_.append_next(choice.target)) return {};
  choice.target += plan_.path_after;
  choice.kind = Choice::Kind::kGet;
  const uint64_t percent = plan_.options.update_percent;
  choice.updates = percent > 0 && random_.below(100) < percent;
  if (choice.updates) choice.counter = next_update_++;
  return choice;
}

/// After a GET that succeeded: the PUT of the same object, where one was drawn.
std::optional<LoadLoop::Choice> LoadLoop::choose_update(const Choice& get, Worker& worker) {
  if (!get.updates) return std::nullopt;
  Choice choice;
  draw_body(choice, kFirstUpdate + get.counter);
  if (!reserve_put(choice.size)) return std::nullopt;
  choice.kind = Choice::Kind::kUpdate;
  choice.target = std::move(worker.updated);
  return choice;
}

LoadLoop::Choice LoadLoop::choose_remove() {
  // Whatever keeps what was put from being removed is an error; what a failed PUT left is nobody's.
  for (; next_failed_ < failed_puts_.size() && failed_puts_[next_failed_] == next_remove_; ++next_failed_) ++next_remove_;
  Choice choice;
  choice.kind = Choice::Kind::kRemove;
  choice.put_failed = next_remove_ == next_own_;
  if (choice.put_failed && failed_puts_.empty()) return {};
  if (choice.put_failed) {
    choice.counter = failed_puts_.back();
    failed_puts_.pop_back();
  } else {
    choice.counter = next_remove_++;
  }
  choice.target = target_of_own(choice.counter);
  return choice;
}

}  // namespace ais::loader

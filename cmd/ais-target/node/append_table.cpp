#include "ais-target/node/append_table.h"

#include <algorithm>

namespace ais::target {

AppendTable::Open& AppendTable::entry(const std::string& work, uint64_t appended) {
  auto [it, fresh] = open_.try_emplace(work);
  if (!fresh) {
    by_age_.splice(by_age_.end(), by_age_, it->second.age);
    return it->second;
  }
  it->second.appended = appended;
  it->second.age = by_age_.insert(by_age_.end(), work);
  if (open_.size() > kAppendsMax) forget_oldest(work);
  return it->second;
}

// A claimed one would let a second request in beside the first. There are no more of them than requests.
void AppendTable::forget_oldest(const std::string& but) {
  const auto may_go = [&](const std::string& work) { return work != but && !open_.at(work).claimed; };
  const auto oldest = std::find_if(by_age_.begin(), by_age_.end(), may_go);
  if (oldest == by_age_.end()) return;
  open_.erase(*oldest);
  by_age_.erase(oldest);
}

Status stale_append(const AppendHandle& handle, uint64_t appended) {
  return make_status(Code::kInvalid, "stale APPEND handle: %llu bytes were appended, the handle says %llu",
                     static_cast<unsigned long long>(appended), static_cast<unsigned long long>(handle.appended));
}

Result<bool> AppendTable::begin(const AppendHandle& handle) {
  std::lock_guard lock(mutex_);
  const bool is_known = open_.contains(handle.work);
  Open& open = entry(handle.work, handle.appended);
  if (open.claimed) return Status(Code::kBusy, "append \"" + handle.work + "\" is currently busy, please try again");
  if (open.failed)
    return Status(Code::kInvalid, "append \"" + handle.work + "\" was interrupted in the middle of a request: start it again");
  if (open.appended != handle.appended) return stale_append(handle, open.appended);
  open.claimed = true;
  return is_known;
}

void AppendTable::finish(const std::string& work, uint64_t appended) {
  std::lock_guard lock(mutex_);
  Open& open = entry(work, appended);
  open.appended = appended;
  open.claimed = false;
}

void AppendTable::fail(const std::string& work) {
  std::lock_guard lock(mutex_);
  Open& open = entry(work, 0);
  open.failed = true;
  open.claimed = false;
}

void AppendTable::forget(const std::string& work) {
  std::lock_guard lock(mutex_);
  const auto it = open_.find(work);
  if (it == open_.end()) return;
  by_age_.erase(it->second.age);
  open_.erase(it);
}

}  // namespace ais::target

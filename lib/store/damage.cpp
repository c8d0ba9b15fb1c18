#include "store/damage.h"

#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "disk/directory_reader.h"
#include "store/store_context.h"

namespace ais::store {

namespace {

constexpr int64_t kPauses = 20;  // for each nanosecond of counting, so many of rest
// The kernel's times of change are as coarse as its tick: what changed so shortly before a count may change once more unseen.
constexpr int64_t kTickNs = 100'000'000;

}  // namespace

DamageRegister::Telling DamageRegister::note(uint64_t what, Kind kind, int64_t now_ns, meta::Generation generation) {
  const std::lock_guard lock(mutex_);
  if (auto known = entries_.find(key_of(what, kind)); known != entries_.end()) {
    Entry& entry = known->second;
    const bool again = entry.generation != generation || now_ns - entry.told_ns >= kRepeatNs;
    if (again) entry = {.told_ns = now_ns, .generation = generation};
    return again ? Telling::kAgain : Telling::kNothing;
  }
  if (entries_.size() >= kEntriesMax) return std::exchange(full_told_, true) ? Telling::kNothing : Telling::kFull;
  entries_[key_of(what, kind)] = {.told_ns = now_ns, .generation = generation};
  if (kind == Kind::kContent) bad_contents_.fetch_add(1, std::memory_order_release);
  if (kind != Kind::kInputOutput) damaged_objects_.fetch_add(1, std::memory_order_relaxed);
  return Telling::kFirst;
}

void DamageRegister::forget(uint64_t what) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key_of(what, Kind::kDamaged));
  if (entries_.erase(key_of(what, Kind::kContent)) > 0) bad_contents_.fetch_sub(1, std::memory_order_release);
}

bool DamageRegister::is_content_bad(uint64_t what, meta::Generation generation) const {
  if (bad_contents_.load(std::memory_order_acquire) == 0) return false;
  const std::lock_guard lock(mutex_);
  auto known = entries_.find(key_of(what, Kind::kContent));
  return known != entries_.end() && known->second.generation == generation;
}

void SetAsideTally::refresh(sys::ThreadPool& pool, int directory) {
  if (is_due(directory)) run_on(pool, [this, directory] { count(directory); });
}

void SetAsideTally::stop() {
  stopping_ = true;
  std::unique_lock lock(mutex_);
  counted_.wait(lock, [this] { return !counting_; });
}

bool SetAsideTally::is_due(int directory) {
  struct stat info {};
  if (files_.fstat(directory, &info) < 0) return false;
  const int64_t mtime_ns = static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
  const std::lock_guard lock(mutex_);
  if (stopping_ || counting_ || mtime_ns == seen_mtime_ns_ || clock_.monotonic_ns() < not_before_ns_) return false;
  counting_ = true;
  seen_mtime_ns_ = clock_.wall_ns() - mtime_ns < kTickNs ? -1 : mtime_ns;
  return true;
}

void SetAsideTally::count(int directory) {
  const int64_t began_ns = clock_.monotonic_ns();
  uint64_t found = 0, bytes = 0;
  std::vector<char> buffer;
  std::vector<std::string> directories{"."};
  while (!directories.empty() && found < kFilesMax && !stopping_) {
    const std::string path = std::move(directories.back());
    directories.pop_back();
    const Status status = disk::read_directory(files_, directory, path.c_str(), buffer, [&](std::string_view name, unsigned char type) {
      if (found >= kFilesMax || directories.size() >= kFilesMax || stopping_) return;
      std::string below = path + "/" + std::string(name);
      if (type == DT_DIR) return directories.push_back(std::move(below));
      struct stat info {};
      if (files_.fstat_at(directory, below.c_str(), &info) < 0) return;
      ++found;
      bytes += static_cast<uint64_t>(info.st_size);
    });
    if (!status.ok()) AIS_DEBUG("store", "%s: %s", disk::kBadDirectory, status.message().c_str());
  }
  file_count_.store(found, std::memory_order_relaxed);
  bytes_.store(bytes, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  counting_ = false;
  const int64_t now_ns = clock_.monotonic_ns();
  not_before_ns_ = now_ns + (now_ns - began_ns) * kPauses;
  counted_.notify_all();
}

}  // namespace ais::store

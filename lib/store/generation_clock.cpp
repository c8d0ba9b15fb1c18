#include "store/generation_clock.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"

namespace ais::store {
namespace {
constexpr uint64_t kReserve = 10'000ull << 16;  // ten seconds of clock per write of the state file
constexpr const char* kFileName = "generation";
constexpr const char* kNewFileName = "generation.new";
}  // namespace

GenerationClock::GenerationClock(sys::FileSystem& files, sys::Clock& clock, uint64_t writer, std::string state_dir)
    : files_(files), clock_(clock), writer_(writer), state_dir_(std::move(state_dir)) {}

GenerationClock::~GenerationClock() {
  if (state_fd_ >= 0) files_.close(state_fd_);
}

Status GenerationClock::restore() {
  if (state_dir_.empty()) return {};
  state_fd_ = files_.open_at(AT_FDCWD, state_dir_.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (state_fd_ < 0) return Status::from_errno(-state_fd_, "state directory " + state_dir_);
  int fd = files_.open_at(state_fd_, kFileName, O_RDONLY, 0);
  if (fd == -ENOENT) return {};
  if (fd < 0) return Status::from_errno(-fd, state_dir_ + "/" + kFileName);
  char text[32];
  ssize_t size = files_.pread(fd, text, sizeof(text), 0);
  files_.close(fd);
  if (size < 0) return Status::from_errno(static_cast<int>(-size), state_dir_ + "/" + kFileName);
  std::optional<uint64_t> bound = parse_uint(trim(std::string_view(text, static_cast<size_t>(size))));
  if (!bound) return make_status(Code::kCorrupt, "%s/%s does not hold a number", state_dir_.c_str(), kFileName);
  bound_ = *bound;
  last_ = *bound;
  return {};
}

Result<Generation> GenerationClock::next(Generation floor) {
  std::lock_guard lock(mutex_);
  uint64_t now = static_cast<uint64_t>(clock_.wall_ns() / 1'000'000) << 16;
  uint64_t issued = std::max({now, last_.load() + 1, floor.clock + 1});
  if (state_fd_ >= 0 && issued > bound_) AIS_RETURN_IF_ERROR(write_bound(issued + kReserve));
  last_ = std::max(last_.load(), issued);
  return Generation{.clock = issued, .writer = writer_};
}

void GenerationClock::observe(Generation generation) {
  uint64_t last = last_.load();
  while (last < generation.clock && !last_.compare_exchange_weak(last, generation.clock)) {
  }
}

void GenerationClock::save() {
  std::lock_guard lock(mutex_);
  if (state_fd_ < 0 || bound_ == 0) return;
  if (Status status = write_bound(last_.load()); !status.ok()) AIS_WARN("store", "generation clock: %s", status.to_string().c_str());
}

Status GenerationClock::write_bound(uint64_t bound) {
  int fd = files_.open_at(state_fd_, kNewFileName, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return Status::from_errno(-fd, state_dir_ + "/" + kNewFileName);
  std::string text = std::to_string(bound) + "\n";
  ssize_t written = files_.pwrite(fd, text.data(), text.size(), 0);
  int error = written < 0 ? static_cast<int>(written) : written != static_cast<ssize_t>(text.size()) ? -ENOSPC : files_.fsync(fd);
  files_.close(fd);
  if (error == 0) error = files_.rename_at(state_fd_, kNewFileName, state_fd_, kFileName, 0);
  if (error == 0) error = files_.fsync(state_fd_);
  if (error < 0) return Status::from_errno(-error, state_dir_ + "/" + kFileName);
  bound_ = bound;
  return {};
}

}  // namespace ais::store

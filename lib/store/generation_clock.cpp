#include "store/generation_clock.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "codec/checksum.h"

namespace ais::store {
namespace {
constexpr uint64_t kReserve = 10'000ull << 16;  // ten seconds of clock per write of the state file
constexpr const char* kFileName = "generation";
constexpr const char* kNewFileName = "generation.new";

std::string checksum_text(std::string_view number) { return format("%016llx", static_cast<unsigned long long>(codec::xxh64(number))); }

/// "<number> <checksum of the number>\n"; files of earlier programs have no checksum. The end of line tells them from a file cut short.
std::optional<uint64_t> parse_bound(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  const size_t space = text.find(' ');
  const std::string_view number = text.substr(0, space);
  if (space != std::string_view::npos && text.substr(space + 1) != checksum_text(number)) return std::nullopt;
  return parse_uint(number);
}
}  // namespace

GenerationClock::GenerationClock(sys::FileSystem& files, sys::Clock& clock, uint64_t writer, std::string state_dir)
    : files_(files), clock_(clock), writer_(writer), state_dir_(std::move(state_dir)) {}

GenerationClock::~GenerationClock() {
  if (state_fd_ >= 0) files_.close(state_fd_);
}

void GenerationClock::restore() {
  if (state_dir_.empty()) return;
  state_fd_ = files_.open_at(AT_FDCWD, state_dir_.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (state_fd_ < 0) {
    AIS_ERROR("store", "generation clock: %s cannot be opened, errno %d: it is not kept over a restart", state_dir_.c_str(), -state_fd_);
    return;
  }
  put_aside_unless_file(kNewFileName);
  Result<uint64_t> bound = read_bound();
  if (bound.ok()) {
    bound_ = *bound;
    last_ = *bound;
    return;
  }
  if (bound.code() == Code::kNotFound) return;
  AIS_ERROR("store", "generation clock: %s; continuing from the time of day and the objects that are opened",
            bound.status().message().c_str());
  put_aside(kFileName);
}

Result<uint64_t> GenerationClock::read_bound() {
  const std::string path = state_dir_ + "/" + kFileName;
  int fd = files_.open_at(state_fd_, kFileName, O_RDONLY | O_NONBLOCK, 0);
  if (fd < 0) return Status::from_errno(-fd, path);
  char text[128];
  ssize_t size = files_.pread(fd, text, sizeof(text), 0);
  files_.close(fd);
  if (size < 0) return Status::from_errno(static_cast<int>(-size), path);
  const std::optional<uint64_t> bound = parse_bound({text, static_cast<size_t>(size)});
  if (bound) return *bound;
  return Status(Code::kCorrupt, path + " is damaged: it does not hold a number with its checksum");
}

void GenerationClock::put_aside(const char* name) {
  const std::string aside = std::string(name) + ".damaged." + std::to_string(clock_.wall_ns());
  const int error = files_.rename_at(state_fd_, name, state_fd_, aside.c_str(), 0);
  if (error < 0) AIS_ERROR("store", "%s/%s cannot be renamed: errno %d", state_dir_.c_str(), name, -error);
  else AIS_ERROR("store", "%s/%s kept as %s", state_dir_.c_str(), name, aside.c_str());
}

void GenerationClock::put_aside_unless_file(const char* name) {
  struct stat info {};
  if (files_.fstat_at(state_fd_, name, &info) == 0 && !S_ISREG(info.st_mode)) put_aside(name);
}

Result<meta::Generation> GenerationClock::next(meta::Generation floor) {
  std::lock_guard lock(mutex_);
  uint64_t now = static_cast<uint64_t>(clock_.wall_ns() / 1'000'000) << 16;
  uint64_t issued = std::max({now, last_.load() + 1, floor.clock + 1});
  if (state_fd_ >= 0 && issued > bound_) AIS_RETURN_IF_ERROR(write_bound(issued + kReserve));
  last_ = std::max(last_.load(), issued);
  return meta::Generation{.clock = issued, .writer = writer_};
}

void GenerationClock::observe(meta::Generation generation) {
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
  const std::string number = std::to_string(bound);
  const std::string text = number + " " + checksum_text(number) + "\n";
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

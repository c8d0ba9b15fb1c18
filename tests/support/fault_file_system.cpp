#include "support/fault_file_system.h"

#include <string_view>
#include <utility>

namespace ais::sys {
namespace {
constexpr uint64_t kEvery = ~0ull;
}

void FaultFileSystem::fail_at(uint64_t n, int error_number, Scope scope) {
  fail_at_ = 0;
  scope_ = scope;
  armed_by_ = std::this_thread::get_id();
  error_number_ = error_number;
  calls_ = 0;
  fired_ = false;
  fail_at_ = n;
}

void FaultFileSystem::fail_always(int error_number, Scope scope) { fail_at(kEvery, error_number, scope); }

void FaultFileSystem::fail_paths(std::string part, int error_number) {
  const std::lock_guard lock(mutex_);
  bad_part_ = std::move(part);
  bad_part_error_ = error_number;
}

void FaultFileSystem::disarm() {
  fail_at_ = 0;
  fail_paths("", 0);
}

int FaultFileSystem::strike(Scope kind, const char* path) {
  if (path != nullptr) {
    const std::lock_guard lock(mutex_);
    if (bad_part_error_ != 0 && std::string_view(path).find(bad_part_) != std::string_view::npos) return bad_part_error_;
  }
  Scope scope = scope_.load();
  if (scope == kThisThread && armed_by_.load() != std::this_thread::get_id()) return 0;
  if (scope != kAll && scope != kThisThread && scope != kind) return 0;
  uint64_t call = calls_.fetch_add(1) + 1;
  uint64_t at = fail_at_.load();
  if (at == 0 || (at != kEvery && at != call)) return 0;
  fired_ = true;
  return error_number_.load();
}

#define AIS_PASS(kind, call)                          \
  if (int error = strike(kind); error) return -error; \
  return below_.call
#define AIS_PASS_PATH(path, call)                           \
  if (int error = strike(kAll, path); error) return -error; \
  return below_.call

int FaultFileSystem::open_at(int directory, const char* path, int flags, mode_t mode) {
  AIS_PASS_PATH(path, open_at(directory, path, flags, mode));
}
int FaultFileSystem::open_beneath(int directory, const char* path, int flags, Lookup lookup) {
  AIS_PASS_PATH(path, open_beneath(directory, path, flags, lookup));
}
ssize_t FaultFileSystem::pread(int fd, void* bytes, size_t size, uint64_t offset) { AIS_PASS(kAll, pread(fd, bytes, size, offset)); }
ssize_t FaultFileSystem::pwrite(int fd, const void* bytes, size_t size, uint64_t offset) {
  AIS_PASS(kWrites, pwrite(fd, bytes, size, offset));
}
ssize_t FaultFileSystem::copy_file_range(int from, uint64_t from_offset, int to, uint64_t to_offset, size_t size) {
  AIS_PASS(kWrites, copy_file_range(from, from_offset, to, to_offset, size));
}
int FaultFileSystem::ftruncate(int fd, uint64_t size) { AIS_PASS(kAll, ftruncate(fd, size)); }
int FaultFileSystem::leave_direct_mode(int fd) { AIS_PASS(kAll, leave_direct_mode(fd)); }
int FaultFileSystem::fsync(int fd) { AIS_PASS(kSyncs, fsync(fd)); }
int FaultFileSystem::fdatasync(int fd) { AIS_PASS(kSyncs, fdatasync(fd)); }
int FaultFileSystem::syncfs(int fd) { AIS_PASS(kSyncs, syncfs(fd)); }
int FaultFileSystem::rename_at(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  AIS_PASS(kAll, rename_at(from_directory, from, to_directory, to, flags));
}
int FaultFileSystem::link_open_file(int fd, int directory, const char* path) { AIS_PASS(kAll, link_open_file(fd, directory, path)); }
int FaultFileSystem::unlink_at(int directory, const char* path, int flags) { AIS_PASS(kAll, unlink_at(directory, path, flags)); }
int FaultFileSystem::mkdir_at(int directory, const char* path, mode_t mode) { AIS_PASS(kAll, mkdir_at(directory, path, mode)); }
ssize_t FaultFileSystem::get_xattr(const char* absolute_path, const char* name, void* value, size_t size) {
  AIS_PASS_PATH(absolute_path, get_xattr(absolute_path, name, value, size));
}
ssize_t FaultFileSystem::fget_xattr(int fd, const char* name, void* value, size_t size) {
  AIS_PASS(kAll, fget_xattr(fd, name, value, size));
}
int FaultFileSystem::fset_xattr(int fd, const char* name, const void* value, size_t size) {
  AIS_PASS(kWrites, fset_xattr(fd, name, value, size));
}
int FaultFileSystem::fstat(int fd, struct stat* out) { AIS_PASS(kAll, fstat(fd, out)); }
int FaultFileSystem::fstat_at(int directory, const char* path, struct stat* out) { AIS_PASS_PATH(path, fstat_at(directory, path, out)); }
int FaultFileSystem::fstatfs(int fd, struct statfs* out) { AIS_PASS(kAll, fstatfs(fd, out)); }
int FaultFileSystem::set_access_time(int fd, int64_t wall_ns) { AIS_PASS(kAll, set_access_time(fd, wall_ns)); }
int FaultFileSystem::set_times(int fd, int64_t wall_ns) { AIS_PASS(kAll, set_times(fd, wall_ns)); }
ssize_t FaultFileSystem::read_directory(int fd, void* records, size_t size) { AIS_PASS(kAll, read_directory(fd, records, size)); }
int FaultFileSystem::try_lock(int fd) { AIS_PASS(kAll, try_lock(fd)); }

#undef AIS_PASS
#undef AIS_PASS_PATH

}  // namespace ais::sys

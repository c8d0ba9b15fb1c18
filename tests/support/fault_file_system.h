// FaultFileSystem: a FileSystem for tests that counts calls and makes a chosen one fail.
//
//   FaultFileSystem files(real_file_system());
//   files.fail_at(3, EIO);        // the third call from now on answers -EIO, and only that one
//   files.fail_always(ENOSPC, FaultFileSystem::kWrites);
//   files.fail_paths("/bck/%ob/name", EIO);  // a bad spot of the disk: calls that name a path with these bytes in it
//
// Thread-safe: several threads share one count. close() is passed on and neither counted nor failed.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "sys/file_system.h"

namespace ais::sys {

class FaultFileSystem : public FileSystem {
 public:
  /// Which calls count (and may fail): kThisThread are all of the thread that arms.
  enum Scope { kAll, kWrites, kSyncs, kThisThread };

  explicit FaultFileSystem(FileSystem& below) : below_(below) {}

  /// The n-th call (1 = the next) of `scope` fails once with `error_number`.
  void fail_at(uint64_t n, int error_number, Scope scope = kAll);
  /// Every call of `scope` fails until disarm().
  void fail_always(int error_number, Scope scope);
  /// Every call that gets a path with `part` in it fails until disarm(). Calls on open descriptors have no path. Not
  /// counted.
  void fail_paths(std::string part, int error_number);
  void disarm();
  /// Calls of the scope since the last arming, or since construction.
  uint64_t calls() const { return calls_.load(); }
  /// True when the armed failure was delivered.
  bool fired() const { return fired_.load(); }

  int open_at(int directory, const char* path, int flags, mode_t mode) override;
  int open_beneath(int directory, const char* path, int flags, Lookup lookup) override;
  void close(int fd) override { below_.close(fd); }
  ssize_t pread(int fd, void* bytes, size_t size, uint64_t offset) override;
  ssize_t pwrite(int fd, const void* bytes, size_t size, uint64_t offset) override;
  ssize_t copy_file_range(int from, uint64_t from_offset, int to, uint64_t to_offset, size_t size) override;
  int ftruncate(int fd, uint64_t size) override;
  int leave_direct_mode(int fd) override;
  int fsync(int fd) override;
  int fdatasync(int fd) override;
  int syncfs(int fd) override;
  int rename_at(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) override;
  int link_open_file(int fd, int directory, const char* path) override;
  int unlink_at(int directory, const char* path, int flags) override;
  int mkdir_at(int directory, const char* path, mode_t mode) override;
  ssize_t get_xattr(const char* absolute_path, const char* name, void* value, size_t size) override;
  ssize_t fget_xattr(int fd, const char* name, void* value, size_t size) override;
  int fset_xattr(int fd, const char* name, const void* value, size_t size) override;
  int fstat(int fd, struct stat* out) override;
  int fstat_at(int directory, const char* path, struct stat* out) override;
  int fstatfs(int fd, struct statfs* out) override;
  int set_access_time(int fd, int64_t wall_ns) override;
  int set_times(int fd, int64_t wall_ns) override;
  ssize_t read_directory(int fd, void* records, size_t size) override;
  int try_lock(int fd) override;

 private:
  /// 0, or the errno to fail with.
  int strike(Scope kind, const char* path = nullptr);

  FileSystem& below_;
  std::atomic<Scope> scope_{kAll};
  std::atomic<std::thread::id> armed_by_{};
  std::atomic<int> error_number_{0};
  std::atomic<uint64_t> calls_{0};
  std::atomic<uint64_t> fail_at_{0};  // 0: none; kEvery: all
  std::atomic<bool> fired_{false};
  std::mutex mutex_;
  std::string bad_part_;  // guarded by mutex_, as the next
  int bad_part_error_ = 0;
};

}  // namespace ais::sys

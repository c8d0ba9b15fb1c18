// FileSystem: the door to the disk. The calls that the object store makes, one virtual function each, so that a test can count
// them and make any one of them fail.
//
// Every function returns the system call's result, or -errno; none sets errno for the caller, and calls interrupted by a signal
// are repeated. Paths are NUL-terminated and relative to `directory`, a descriptor. Thread-safe, as the kernel is.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <cstddef>
#include <cstdint>

namespace ais::sys {

class FileSystem {
 public:
  enum class Lookup { kBlocking, kCachedOnly };

  virtual ~FileSystem() = default;

  // --- opening -------------------------------------------------------------------------------------------------------------
  virtual int open_at(int directory, const char* path, int flags, mode_t mode) = 0;
  /// Never leaves `directory` and follows no symbolic link. kCachedOnly: -EAGAIN when the lookup would have to wait for the disk
  /// (or the kernel cannot tell). kBlocking: -EBUSY when somebody holds a lease on the file.
  virtual int open_beneath(int directory, const char* path, int flags, Lookup lookup) = 0;
  /// The descriptor is gone in any case; not counted as a failure point.
  virtual void close(int fd) = 0;

  // --- bytes ---------------------------------------------------------------------------------------------------------------
  virtual ssize_t pread(int fd, void* bytes, size_t size, uint64_t offset) = 0;
  virtual ssize_t pwrite(int fd, const void* bytes, size_t size, uint64_t offset) = 0;
  /// -EXDEV, -EOPNOTSUPP or -EINVAL where the kernel cannot: copy by hand then.
  virtual ssize_t copy_file_range(int from, uint64_t from_offset, int to, uint64_t to_offset, size_t size) = 0;
  virtual int ftruncate(int fd, uint64_t size) = 0;
  /// Switches O_DIRECT of an open file off: for filesystems that accept the flag and then refuse to write.
  virtual int leave_direct_mode(int fd) = 0;

  // --- stable storage ------------------------------------------------------------------------------------------------------
  virtual int fsync(int fd) = 0;
  virtual int fdatasync(int fd) = 0;
  /// The whole filesystem that `fd` is on. Reports write-back errors that happened since `fd` was opened.
  virtual int syncfs(int fd) = 0;

  // --- names ---------------------------------------------------------------------------------------------------------------
  /// `flags` as for renameat2 (RENAME_NOREPLACE).
  virtual int rename_at(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) = 0;
  /// Gives a name to an unnamed (O_TMPFILE) file. -EEXIST when the name is taken.
  virtual int link_open_file(int fd, int directory, const char* path) = 0;
  virtual int unlink_at(int directory, const char* path, int flags) = 0;
  virtual int mkdir_at(int directory, const char* path, mode_t mode) = 0;

  // --- attributes ----------------------------------------------------------------------------------------------------------
  virtual ssize_t get_xattr(const char* absolute_path, const char* name, void* value, size_t size) = 0;
  virtual ssize_t fget_xattr(int fd, const char* name, void* value, size_t size) = 0;
  virtual int fset_xattr(int fd, const char* name, const void* value, size_t size) = 0;
  virtual int fstat(int fd, struct stat* out) = 0;
  /// Does not follow a symbolic link.
  virtual int fstat_at(int directory, const char* path, struct stat* out) = 0;
  virtual int fstatfs(int fd, struct statfs* out) = 0;
  virtual int set_access_time(int fd, int64_t wall_ns) = 0;
  /// Times of access and of modification.
  virtual int set_times(int fd, int64_t wall_ns) = 0;

  // --- directories ---------------------------------------------------------------------------------------------------------
  /// getdents64: bytes of records, 0 at the end.
  virtual ssize_t read_directory(int fd, void* records, size_t size) = 0;
  /// An exclusive lock that lives as long as the descriptor; -EWOULDBLOCK when somebody else has it.
  virtual int try_lock(int fd) = 0;
};

/// The kernel's.
FileSystem& real_file_system();

}  // namespace ais::sys

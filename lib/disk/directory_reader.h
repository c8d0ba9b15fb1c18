// Reading a whole directory through a large buffer.
#pragma once

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "sys/file_system.h"

namespace ais::disk {

/// As the kernel lays out getdents64 records.
struct DirectoryRecord {
  uint64_t inode;
  int64_t offset;
  unsigned short record_bytes;
  unsigned char type;
  char name[];
};

/// `visit(std::string_view name, unsigned char type)` gets DT_* types, never DT_UNKNOWN, and neither "." nor "..". A directory that
/// is gone (or never was) counts as empty. `buffer` is scratch memory, at least 64 KiB.
template <typename Visit>
Status read_directory(sys::FileSystem& files, int base, const char* path, std::vector<char>& buffer, Visit visit) {
  int fd = files.open_beneath(base, path, O_RDONLY | O_DIRECTORY | O_NOATIME, sys::FileSystem::Lookup::kBlocking);
  if (fd == -ENOENT || fd == -ENOTDIR) return {};
  if (fd < 0) return Status::from_errno(-fd, path);
  if (buffer.empty()) buffer.resize(256 * 1024);
  while (true) {
    ssize_t size = files.read_directory(fd, buffer.data(), buffer.size());
    if (size <= 0) {
      files.close(fd);
      if (size == 0 || size == -ENOENT) return {};
      return Status::from_errno(static_cast<int>(-size), path);
    }
    for (ssize_t at = 0; at < size;) {
      const auto* record = reinterpret_cast<const DirectoryRecord*>(buffer.data() + at);
      at += record->record_bytes;
      std::string_view name(record->name);
      if (name == "." || name == "..") continue;
      unsigned char type = record->type;
      if (type == DT_UNKNOWN) {
        struct stat info {};
        const int error = files.fstat_at(fd, record->name, &info);
        if (error == -ENOENT) continue;
        if (error < 0) {
          files.close(fd);
          return Status::from_errno(-error, std::string(path) + "/" + record->name);
        }
        type = IFTODT(info.st_mode);
      }
      visit(name, type);
    }
  }
}

}  // namespace ais::disk

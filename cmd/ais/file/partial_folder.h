// PartialFolder: a hidden directory beside the files of a download, in which they lie until all of their bytes have arrived. A run that
// was killed leaves it behind; the next one that downloads to the same place removes it. It is in use as long as its process holds a
// lock on it (flock), so nothing that lives is ever removed.
//
// Objects may have any name, also that of such a directory. What was made here is known by its permissions, 0700 and the sticky bit,
// which no directory of a download gets; and only files that are named as ours (digits) are removed. Where a file system does not keep
// the sticky bit, a killed run's directory stays.
//
// Any thread. The directory is made with the first file and goes with the object.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "base/status.h"

namespace ais::cli {

class PartialFolder {
 public:
  static constexpr const char* kPrefix = ".ais-partial-";

  /// `parent` must exist when the first file is made.
  explicit PartialFolder(std::string parent) : parent_(std::move(parent)) {}
  ~PartialFolder();
  PartialFolder(const PartialFolder&) = delete;

  /// True for a directory that this class made.
  static bool is_one(const std::string& path);

  struct File {
    int fd = -1;
    std::string path;
  };
  /// A new empty file with the permissions that open(2) would give it.
  Result<File> create_file();

  /// Removes the folders of this process with all that is in them: before it ends without destructors. Any thread.
  static void remove_all();

 private:
  Status open_folder();

  const std::string parent_;
  std::mutex mutex_;
  std::string path_;  // guarded by mutex_ while it is made; "" before
  int lock_ = -1;
  std::atomic<bool> ready_{false};
  std::atomic<uint64_t> next_{0};
};

}  // namespace ais::cli

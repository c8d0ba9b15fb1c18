// Destination: the local side of a download: a directory that objects go below, with the directories that their names need.
// Any thread; blocking.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ais/file/output_file.h"
#include "ais/file/partial_folder.h"
#include "base/status.h"

namespace ais::cli {

/// `object` below `directory`, or kInvalid when the name would lead out of it or is no path ("a//b", "../x").
Result<std::string> path_below(const std::string& directory, const std::string& object);

class Destination {
 public:
  /// The file `path`, whose parent directories are made where they are missing. "-" and devices are what they are.
  Result<OutputFile> create(const std::string& path);
  /// Makes the file `path` of `bytes`: whole or not at all, in place of a regular file that is there.
  Status write(const std::string& path, std::string_view bytes);

 private:
  Result<PartialFolder*> partial_of(const std::string& parent);

  std::atomic<bool> unnamed_files_{true};  // they worked so far
  std::atomic<unsigned> likely_taken_{0};  // so many names more
  std::mutex mutex_;
  std::map<uint64_t, std::unique_ptr<PartialFolder>> partials_;  // by file system; guarded by mutex_
  std::unordered_map<std::string, PartialFolder*> parents_;      // directories that are there; guarded by mutex_
};

}  // namespace ais::cli

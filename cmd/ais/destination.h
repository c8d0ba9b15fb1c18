// Destination: the local side of a download: a directory that objects go below, with the directories that their names need.
// Any thread; blocking.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "ais/output_file.h"
#include "ais/partial_folder.h"
#include "base/status.h"

namespace ais::cli {

/// `object` below `directory`, or kInvalid when the name would lead out of it or is no path ("a//b", "../x").
Result<std::string> path_below(const std::string& directory, const std::string& object);

class Destination {
 public:
  /// The file `path`, whose parent directories are made where they are missing. "-" and devices are what they are.
  Result<OutputFile> create(const std::string& path);

 private:
  Result<PartialFolder*> partial_of(const std::string& parent);

  std::mutex mutex_;
  std::map<uint64_t, std::unique_ptr<PartialFolder>> partials_;  // by file system; guarded by mutex_
  std::unordered_map<std::string, PartialFolder*> parents_;      // directories that are there; guarded by mutex_
};

}  // namespace ais::cli

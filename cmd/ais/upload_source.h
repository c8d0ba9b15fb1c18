// UploadSource: which files a put sends, and under which object names. Directories are walked while the upload runs, so that memory
// does not grow with their number.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace ais::cli {

struct Upload {
  std::string path;    // "-" is standard input
  std::string object;  // name in the bucket
};

class UploadSource {
 public:
  struct Options {
    std::vector<std::string> sources;
    std::string object;      // "" or "dir/": names below it; else the name of the only file
    bool recursive = false;  // else only the files directly in a directory
  };
  /// `on_error` hears of every path that cannot be read; the walk goes on behind it.
  using OnError = std::function<void(const std::string& path, const Status& why)>;
  UploadSource(Options options, OnError on_error) : options_(std::move(options)), on_error_(std::move(on_error)) {}

  std::optional<Upload> next();

 private:
  std::optional<Upload> start_source(const std::string& source);
  std::optional<Upload> next_in_directory();
  void advance();

  const Options options_;
  const OnError on_error_;
  size_t next_source_ = 0;
  std::string directory_;  // that is being walked, "" = none
  std::string directory_prefix_;
  std::filesystem::recursive_directory_iterator walk_;
};

}  // namespace ais::cli

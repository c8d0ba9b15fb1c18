// OutputFile: where an object that is downloaded goes. A regular file appears under its name whole or not at all: bytes go to a file
// of a PartialFolder, which commit() renames and the destructor removes. Devices, pipes, "-" and the process's own descriptors are written
// directly.
// Not thread-safe; may move from thread to thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ais/file/partial_folder.h"
#include "base/status.h"

namespace ais::cli {

class OutputFile {
 public:
  /// `path` "-" is standard output. An existing regular file is replaced only by commit(). Missing directories are not made. `partial`
  /// is on the file system of `path`.
  static Result<OutputFile> create(std::string path, PartialFolder& partial);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// All of `bytes`, blocking.
  Status write(std::string_view bytes);
  Status commit();

 private:
  OutputFile(int fd, std::string path, std::string temporary) : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)) {}

  int fd_;
  std::string path_;
  std::string temporary_;  // "" when written directly
};

/// The descriptor of this process that `path` stands for: "/dev/stdout", "/dev/fd/3", "/proc/self/fd/1" and links to them. What it leads
/// to may be a regular file, but the name is none that could be replaced.
std::optional<int> own_descriptor(const std::string& path);

enum class NewFile { kWritten, kNotHere, kUnsupported };

/// Writes all of a file that does not exist yet, without a second name: nothing is left of it when the process dies in between.
/// kNotHere: something stands at `path`, or the name is no good; kUnsupported: this file system has no unnamed files. `parent` is the
/// directory of `path`. Blocking.
Result<NewFile> write_new_file(const std::string& parent, const std::string& path, std::string_view bytes);

}  // namespace ais::cli

#include "ais/file/destination.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "base/strings.h"

namespace ais::cli {
namespace {

constexpr unsigned kLikelyTaken = 64;  // a directory that is fetched again has many of the names
constexpr size_t kParentsKept = 4096;  // then they are looked at again

Status make_directories(const std::string& path) {
  if (path.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return {};
  if (error.value() == ENAMETOOLONG) return {Code::kInvalid, "the name, or a part of it between slashes, is too long for a directory"};
  if (error.value() == ENOTDIR || error.value() == EEXIST)
    return {Code::kInvalid, path + ": a file stands where the name needs a directory"};
  return Status::from_errno(error.value(), path);
}

}  // namespace

Result<std::string> path_below(const std::string& directory, const std::string& object) {
  if (object.find('\0') != std::string::npos) return Status(Code::kInvalid, "the name has a NUL byte");
  for (std::string_view part : split(object, '/'))
    if (part.empty() || part == "." || part == "..") return Status(Code::kInvalid, "the name is no path below a directory");
  return directory.empty() || directory.ends_with('/') ? directory + object : directory + "/" + object;
}

/// The folder of partial files on the file system of `parent`: files are renamed out of it.
Result<PartialFolder*> Destination::partial_of(const std::string& parent) {
  std::lock_guard guard(mutex_);
  auto found = parents_.find(parent);
  if (found != parents_.end()) return found->second;
  AIS_RETURN_IF_ERROR(make_directories(parent));
  struct stat info {};
  if (stat(parent.empty() ? "." : parent.c_str(), &info) != 0) return Status::from_errno(errno, parent);
  if (!S_ISDIR(info.st_mode)) return Status(Code::kInvalid, parent + ": a file stands where the name needs a directory");
  std::unique_ptr<PartialFolder>& partial = partials_[info.st_dev];
  if (!partial) partial = std::make_unique<PartialFolder>(parent);
  if (parents_.size() >= kParentsKept) parents_.clear();
  parents_[parent] = partial.get();
  return partial.get();
}

Status Destination::write(const std::string& path, std::string_view bytes) {
  unsigned likely_taken = likely_taken_.load(std::memory_order_relaxed);
  if (likely_taken > 0) {
    likely_taken_.store(likely_taken - 1, std::memory_order_relaxed);
  } else if (unnamed_files_.load(std::memory_order_relaxed)) {
    std::string parent = std::filesystem::path(path).parent_path().string();
    AIS_RETURN_IF_ERROR(partial_of(parent).status());
    AIS_TRY(NewFile made, write_new_file(parent, path, bytes));
    if (made == NewFile::kWritten) return {};
    if (made == NewFile::kNotHere) likely_taken_.store(kLikelyTaken, std::memory_order_relaxed);
    else unnamed_files_.store(false, std::memory_order_relaxed);
  }
  AIS_TRY(OutputFile file, create(path));
  AIS_RETURN_IF_ERROR(file.write(bytes));
  return file.commit();
}

Result<OutputFile> Destination::create(const std::string& path) {
  std::string parent = std::filesystem::path(path).parent_path().string();
  AIS_TRY(PartialFolder * partial, partial_of(path == "-" ? std::string() : parent));
  return OutputFile::create(path, *partial);
}

}  // namespace ais::cli

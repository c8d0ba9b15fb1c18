#include "ais/upload_source.h"

#include <cerrno>

namespace ais::cli {
namespace fs = std::filesystem;

std::optional<Upload> UploadSource::next() {
  while (true) {
    if (!directory_.empty()) {
      if (std::optional<Upload> upload = next_in_directory()) return upload;
      directory_.clear();
    }
    if (next_source_ == options_.sources.size()) return std::nullopt;
    if (std::optional<Upload> upload = start_source(options_.sources[next_source_++])) return upload;
  }
}

std::optional<Upload> UploadSource::start_source(const std::string& source) {
  const std::string& object = options_.object;
  if (source == "-") return Upload{source, object};
  std::error_code error;
  fs::file_status status = fs::status(source, error);
  if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none) {
    on_error_(source, Status::from_errno(error ? error.value() : ENOENT, source));
    return std::nullopt;
  }
  if (!fs::is_directory(status)) {
    bool named = !object.empty() && !object.ends_with('/');
    return Upload{source, named ? object : object + fs::path(source).filename().string()};
  }
  walk_ = fs::recursive_directory_iterator(source, fs::directory_options::skip_permission_denied, error);
  if (error) {
    on_error_(source, Status::from_errno(error.value(), source));
    return std::nullopt;
  }
  directory_ = source;
  directory_prefix_ = object.empty() || object.ends_with('/') ? object : object + "/";
  return std::nullopt;
}

std::optional<Upload> UploadSource::next_in_directory() {
  while (walk_ != fs::recursive_directory_iterator()) {
    std::error_code error;
    fs::path path = walk_->path();
    bool is_directory = walk_->is_directory(error);
    bool is_file = walk_->is_regular_file(error);
    if (is_directory && !options_.recursive) walk_.disable_recursion_pending();
    advance();
    if (is_file) return Upload{path.string(), directory_prefix_ + path.lexically_relative(directory_).generic_string()};
    if (!is_directory) on_error_(path.string(), Status(Code::kInvalid, "not a regular file, left out"));
  }
  return std::nullopt;
}

void UploadSource::advance() {
  std::error_code error;
  walk_.increment(error);
  if (!error) return;
  // The standard iterator is at its end after an error: what follows in this directory is lost, and the user must know.
  on_error_(directory_, Status::from_errno(error.value(), "reading the directory stopped"));
  walk_ = {};
}

}  // namespace ais::cli

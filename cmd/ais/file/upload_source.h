// UploadSource: which files a put sends, and under which object names. Directories are walked while the upload runs, so that memory
// does not grow with their number; names are remembered only where several sources might give the same one. One thread at a time;
// blocking.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/name_template.h"
#include "base/status.h"

namespace ais::cli {

struct Upload {
  std::string path;    // "-" is standard input
  std::string object;  // name in the bucket
};

class UploadSource {
 public:
  struct Options {
    /// Files, directories, "-"; and unless `literal`, where no file has that very name: templates ("shard-{00..99}.tar") and patterns
    /// of the shell ("*.jpg") in quotes.
    std::vector<std::string> sources;
    /// "" or "dir/": names below it; else the name of the only file. A template gives as many names as the sources do.
    std::string object;
    bool recursive = false;  // else only the files directly in a directory
    bool literal = false;
    /// Patterns of files in directories: with a slash for the path below the source, else for the name. A file must match one of
    /// `include` (when there are any) and none of `exclude`.
    std::vector<std::string> include, exclude;
    /// Names begin with the directory that a file was found in: its last component, for files below a directory that of the source.
    bool directory_names = false;
    /// The sources must be a single file.
    bool single_file = false;
    /// A name that an earlier source gave is an error of the later file.
    bool each_name_once = true;
  };
  /// `on_error` hears of every path that cannot be read or has a name that is taken; the walk goes on behind it.
  using OnError = std::function<void(const std::string& path, const Status& why)>;
  /// kInvalid on a bad template, on one whose names are not as many as the sources, and when several sources would be one object.
  static Result<UploadSource> create(Options options, OnError on_error);
  /// The names that a source stands for: itself, unless it is a template and there is no file of that very name.
  static Result<NameTemplate> expand(const std::string& source, bool literal);

  std::optional<Upload> next();
  /// Directories that were met and not entered, since `recursive` is off.
  uint64_t directories_left_out() const { return directories_left_out_; }

 private:
  UploadSource(Options options, OnError on_error) : options_(std::move(options)), on_error_(std::move(on_error)) {}
  Status expand_sources();
  Status check_names(uint64_t sources);
  Status check_single(uint64_t sources) const;
  std::optional<std::string> next_source();
  std::optional<Upload> start_source(const std::string& source);
  void start_pattern(const std::string& pattern);
  std::optional<Upload> next_match();
  std::string object_for(const std::string& path);
  bool claim(const Upload& upload);
  std::optional<Upload> next_in_directory();
  bool is_wanted(const std::filesystem::path& below) const;
  void advance();

  Options options_;
  OnError on_error_;
  std::vector<NameTemplate> templates_;  // one for each source
  uint64_t directories_left_out_ = 0;
  size_t template_ = 0;  // that is being read
  uint64_t in_template_ = 0;
  std::optional<NameTemplate> names_;  // of objects, when they are a template
  uint64_t next_name_ = 0;
  std::optional<std::unordered_set<std::string>> taken_;  // names so far, where one could come again
  std::string pattern_text_, pattern_;                    // that is being read, and its last component; "" = none
  bool pattern_matched_ = false;
  std::deque<std::string> matched_;         // directories in which its names are looked for
  std::filesystem::directory_iterator in_;  // the one that is being read
  std::string directory_;                   // that is being walked, "" = none
  std::string directory_prefix_;
  std::filesystem::recursive_directory_iterator walk_;
};

}  // namespace ais::cli

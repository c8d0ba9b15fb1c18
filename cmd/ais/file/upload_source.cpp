#include "ais/file/upload_source.h"

#include <fnmatch.h>
#include <glob.h>
#include <unistd.h>

#include <cerrno>

#include "ais/file/partial_folder.h"

namespace ais::cli {
namespace fs = std::filesystem;
namespace {

bool has_magic(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

/// Directories that a pattern of directories means; itself when it is none.
std::deque<std::string> matching_directories(const std::string& pattern) {
  if (!has_magic(pattern) && !pattern.starts_with('~')) return {pattern};
  glob_t found{};
  std::deque<std::string> out;
  if (glob(pattern.c_str(), GLOB_ONLYDIR | GLOB_TILDE, nullptr, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return out;
}

/// A pattern of files: directories in which they are, and the pattern of their names there.
struct FilePattern {
  explicit FilePattern(const std::string& text) {
    size_t slash = text.rfind('/');
    bool in_here = slash == std::string::npos;
    name = in_here ? text : text.substr(slash + 1);
    directories = matching_directories(in_here ? "." : text.substr(0, std::max<size_t>(slash, 1)));
  }
  bool matches(const fs::path& path) const { return fnmatch(name.c_str(), path.filename().c_str(), FNM_PERIOD) == 0; }
  std::string name;
  std::deque<std::string> directories;
};

bool is_pattern(const std::string& source) {
  std::error_code ignored;
  return (has_magic(source) || source.starts_with('~')) && !fs::exists(fs::status(source, ignored));
}

bool has_several_matches(const std::string& text) {
  FilePattern pattern(text);
  size_t matches = 0;
  std::error_code error;
  for (const std::string& directory : pattern.directories)
    for (fs::directory_iterator in(directory, error); !error && in != fs::directory_iterator(); in.increment(error))
      if (pattern.matches(in->path()) && ++matches > 1) return true;
  return false;
}

/// The last component of a directory's name, with a slash behind it; "" for the root.
std::string last_component(const std::string& directory) {
  std::error_code ignored;
  fs::path path = fs::absolute(directory, ignored).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.has_filename() ? path.filename().string() + "/" : "";
}

bool matches_any(const std::vector<std::string>& patterns, const std::string& below, const std::string& name) {
  for (const std::string& pattern : patterns) {
    bool on_path = pattern.find('/') != std::string::npos;
    if (fnmatch(pattern.c_str(), on_path ? below.c_str() : name.c_str(), 0) == 0) return true;
  }
  return false;
}

}  // namespace

Result<UploadSource> UploadSource::create(Options options, OnError on_error) {
  UploadSource source(std::move(options), std::move(on_error));
  AIS_RETURN_IF_ERROR(source.expand_sources());
  return source;
}

Result<NameTemplate> UploadSource::expand(const std::string& source, bool literal) {
  std::error_code ignored;
  bool plain = literal || source.find('{') == std::string::npos || fs::exists(fs::symlink_status(source, ignored));
  return plain ? NameTemplate::literal(source) : NameTemplate::parse(source);
}

Status UploadSource::expand_sources() {
  uint64_t count = 0;
  for (const std::string& text : options_.sources) {
    AIS_TRY(NameTemplate names, expand(text, options_.literal));
    count += names.count();
    templates_.push_back(std::move(names));
  }
  if (options_.single_file) AIS_RETURN_IF_ERROR(check_single(count));
  return check_names(count);
}

Status UploadSource::check_single(uint64_t sources) const {
  const std::string& first = options_.sources.front();
  std::error_code ignored;
  bool several = sources > 1 || (!options_.literal && is_pattern(first)) || fs::is_directory(fs::status(first, ignored));
  if (several) return {Code::kInvalid, "a checksum is that of a single file"};
  return {};
}

Status UploadSource::check_names(uint64_t sources) {
  const std::string& object = options_.object;
  AIS_TRY(NameTemplate names, options_.literal ? NameTemplate::literal(object) : NameTemplate::parse(object));
  bool with_pattern = !options_.literal && is_pattern(options_.sources.front());
  bool several = sources > 1 || with_pattern;
  if (names.has_range()) {
    if (names.count() != sources)
      return make_status(Code::kInvalid, "%llu sources for %llu object names", static_cast<unsigned long long>(sources),
                         static_cast<unsigned long long>(names.count()));
    names_ = std::move(names);
  } else if (!object.empty() && !object.ends_with('/') && several) {
    if (sources > 1 || has_several_matches(options_.sources.front()))
      return {Code::kInvalid, "several sources need a bucket or a prefix that ends with \"/\", not \"" + object + "\""};
  } else if (several && options_.each_name_once) {
    taken_.emplace();
  }
  return {};
}

std::optional<std::string> UploadSource::next_source() {
  while (template_ < templates_.size()) {
    if (in_template_ < templates_[template_].count()) return templates_[template_].at(in_template_++);
    ++template_;
    in_template_ = 0;
  }
  return std::nullopt;
}

std::optional<Upload> UploadSource::next() {
  while (true) {
    std::optional<Upload> upload;
    if (!directory_.empty()) {
      upload = next_in_directory();
      if (!upload) directory_.clear();
    } else if (!pattern_.empty()) {
      upload = next_match();
    } else {
      std::optional<std::string> source = next_source();
      if (!source) return std::nullopt;
      upload = start_source(*source);
    }
    if (upload && claim(*upload)) return upload;
  }
}

/// False when an earlier file has the name of this one, which would replace it without a word.
bool UploadSource::claim(const Upload& upload) {
  if (!taken_ || taken_->insert(upload.object).second) return true;
  on_error_(upload.path, Status(Code::kInvalid, "left out, since an earlier file is object \"" + upload.object + "\" already"));
  return false;
}

/// The name of a file's object; its place in the template when the names are one.
std::string UploadSource::object_for(const std::string& path) {
  const std::string& object = options_.object;
  if (names_) return next_name_ < names_->count() ? names_->at(next_name_++) : std::string();
  if (!object.empty() && !object.ends_with('/')) return object;
  fs::path file(path);
  std::string directory = options_.directory_names && file.has_parent_path() ? last_component(file.parent_path().string()) : "";
  return object + directory + file.filename().string();
}

std::optional<Upload> UploadSource::start_source(const std::string& source) {
  if (source == "-") return Upload{source, object_for(source)};
  std::error_code error;
  fs::file_status status = fs::status(source, error);
  if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none) {
    if (!options_.literal && is_pattern(source)) {
      start_pattern(source);
    } else {
      object_for("");  // its name in the template is nobody else's
      Status why = Status::from_errno(error ? error.value() : ENOENT, source);
      bool is_list = source.find(',') != std::string::npos;
      on_error_(source, is_list ? Status(why.code(), why.message() + "; several names in one argument: --list") : why);
    }
    return std::nullopt;
  }
  if (!fs::is_directory(status)) return Upload{source, object_for(source)};
  if (names_) {
    object_for("");
    on_error_(source, Status(Code::kInvalid, "a directory has no single object name"));
    return std::nullopt;
  }
  walk_ = fs::recursive_directory_iterator(source, fs::directory_options::skip_permission_denied, error);
  if (!error && access(source.c_str(), R_OK) != 0) error.assign(errno, std::generic_category());
  if (error) {
    on_error_(source, Status::from_errno(error.value(), source));
    return std::nullopt;
  }
  const std::string& object = options_.object;
  directory_ = source;
  directory_prefix_ = object.empty() || object.ends_with('/') ? object : object + "/";
  if (options_.directory_names) directory_prefix_ += last_component(source);
  return std::nullopt;
}

void UploadSource::start_pattern(const std::string& text) {
  FilePattern pattern(text);
  pattern_text_ = text;
  pattern_ = pattern.name;
  matched_ = std::move(pattern.directories);
  pattern_matched_ = false;
  in_ = {};
}

/// The next file that the pattern means; a directory begins a walk, as if it had been written in the pattern's place.
std::optional<Upload> UploadSource::next_match() {
  std::error_code error;
  while (in_ != fs::directory_iterator()) {
    fs::path path = in_->path();
    in_.increment(error);
    if (fnmatch(pattern_.c_str(), path.filename().c_str(), FNM_PERIOD) != 0) continue;
    pattern_matched_ = true;
    return start_source(path.lexically_normal().string());
  }
  if (!matched_.empty()) {
    in_ = fs::directory_iterator(matched_.front(), error);
    matched_.pop_front();
    return std::nullopt;
  }
  if (!pattern_matched_) on_error_(pattern_text_, Status(Code::kNotFound, "no file matches"));
  pattern_.clear();
  return std::nullopt;
}

bool UploadSource::is_wanted(const fs::path& below) const {
  std::string path = below.generic_string();
  std::string name = below.filename().string();
  if (!options_.include.empty() && !matches_any(options_.include, path, name)) return false;
  return !matches_any(options_.exclude, path, name);
}

std::optional<Upload> UploadSource::next_in_directory() {
  while (walk_ != fs::recursive_directory_iterator()) {
    std::error_code error;
    fs::path path = walk_->path();
    bool is_link = walk_->is_symlink(error);
    bool is_directory = walk_->is_directory(error);
    bool is_file = walk_->is_regular_file(error);
    bool is_partial = is_directory && PartialFolder::is_one(path.string());
    if (is_directory && (!options_.recursive || is_partial)) walk_.disable_recursion_pending();
    advance();
    fs::path below = path.lexically_relative(directory_);
    if (is_directory && options_.recursive && !is_partial &&
        !matches_any(options_.exclude, below.generic_string(), path.filename().string())) {
      if (is_link) on_error_(path.string(), Status(Code::kUnsupported, "a symbolic link to a directory, left out"));
      else if (access(path.c_str(), R_OK) != 0) on_error_(path.string(), Status::from_errno(errno, path.string()));
    }
    if (is_directory && !options_.recursive && !is_partial) ++directories_left_out_;
    if (is_directory) continue;
    if (!is_wanted(below)) continue;
    if (is_file) return Upload{path.string(), directory_prefix_ + below.generic_string()};
    on_error_(path.string(), Status(Code::kUnsupported, "not a regular file, left out"));
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

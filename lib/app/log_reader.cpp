#include "app/log_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "app/log_file.h"
#include "base/strings.h"
#include "sys/descriptor.h"

namespace ais::app {
namespace {

/// A file of the log, as it is at the moment.
struct LogFile {
  std::string path;
  LogPosition begin;
  uint64_t size = 0;

  bool has(const LogPosition& place) const { return begin.inode == place.inode && begin.born_ns == place.born_ns; }
};

/// Where to read, and what is known about the place.
struct Place {
  sys::Descriptor file;
  LogPosition position;
  uint64_t size = 0;                     // of its file
  std::optional<LogPosition> following;  // the beginning of the next file; the current file has none
  bool is_late = false;
};

/// The current file first.
Result<std::vector<LogFile>> find_files(const std::string& directory, const std::string& program) {
  std::vector<LogFile> files;
  for (const std::string& name : list_log_files(directory, program)) {
    LogFile file;
    file.path = directory + "/" + name;
    struct statx info {};
    if (statx(AT_FDCWD, file.path.c_str(), 0, STATX_BASIC_STATS | STATX_BTIME, &info) != 0) return Status::from_errno(errno, file.path);
    file.begin.inode = info.stx_ino;
    file.begin.born_ns = info.stx_btime.tv_sec * 1'000'000'000 + info.stx_btime.tv_nsec;
    file.size = info.stx_size;
    files.push_back(std::move(file));
  }
  if (files.empty()) return Status(Code::kNotFound, "there is no log in " + directory);
  return files;
}

Result<Place> find_place(const std::string& directory, const std::string& program, const std::optional<LogPosition>& after) {
  const auto unchanged = hold_log_files();
  AIS_TRY(const auto files, find_files(directory, program));
  Place place;
  size_t at = 0;
  if (after) {
    while (at < files.size() && !files[at].has(*after)) ++at;
    const bool is_gone = at == files.size();
    if (is_gone) --at;  // on with the oldest of those that were begun later
    while (is_gone && at > 0 && files[at].begin.born_ns < after->born_ns) --at;
    place.is_late = is_gone || after->offset > files[at].size;
  }
  place.position = files[at].begin;
  if (after && !place.is_late) place.position.offset = after->offset;
  place.size = files[at].size;
  if (at > 0) place.following = files[at - 1].begin;
  place.file = sys::Descriptor(open(files[at].path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!place.file.is_open()) return Status::from_errno(errno, files[at].path);
  return place;
}

/// Up to `limit` bytes; whole lines, but for one that is longer and for the end of a file that no longer grows.
Result<std::string> read_lines(const Place& place, size_t limit) {
  std::string text(std::min<uint64_t>(place.size - place.position.offset, limit), '\0');
  size_t got = 0;
  while (got < text.size()) {
    const ssize_t n = pread(place.file.get(), text.data() + got, text.size() - got, static_cast<off_t>(place.position.offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Status::from_errno(errno, "read log");
    if (n == 0) return Status(Code::kInputOutput, "the log became shorter while it was read");
    got += static_cast<size_t>(n);
  }
  const bool to_end = place.position.offset + got == place.size;
  if (to_end && place.following) return text;
  const size_t last = text.rfind('\n');
  if (last != std::string::npos) text.resize(last + 1);
  else if (to_end) text.clear();
  return text;
}

std::string warnings_of(std::string_view text) {
  std::string kept;
  for (std::string_view line : split(text, '\n')) {
    const char severity = severity_of_line(line);
    if (severity == 'W' || severity == 'E') kept.append(line).append("\n");
  }
  return kept;
}

}  // namespace

std::string LogPosition::to_string() const { return std::to_string(inode) + "-" + std::to_string(born_ns) + "-" + std::to_string(offset); }

std::optional<LogPosition> LogPosition::parse(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 3) return std::nullopt;
  const auto inode = parse_uint(parts[0]), born = parse_uint(parts[1]), offset = parse_uint(parts[2]);
  if (!inode || !born || !offset || *born > INT64_MAX) return std::nullopt;
  return LogPosition{*inode, static_cast<int64_t>(*born), *offset};
}

Result<LogPiece> read_log_after(const std::string& directory, const std::string& program, const std::optional<LogPosition>& after,
                                bool only_warnings, size_t limit) {
  AIS_TRY(const Place place, find_place(directory, program, after));
  LogPiece piece;
  AIS_TRY(piece.text, read_lines(place, limit));
  piece.is_late = place.is_late;
  piece.next = place.position;
  piece.next.offset += piece.text.size();
  piece.more = place.following || place.size - place.position.offset > limit;
  if (place.following && piece.next.offset == place.size) piece.next = *place.following;
  if (only_warnings) piece.text = warnings_of(piece.text);
  return piece;
}

}  // namespace ais::app

// Cluster documents as files of the state directory: one JSON object with format, kind, version, cluster uuid and a checksum
// over the document's text. Blocking calls on small files; any thread, one writer at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "sys/environment.h"

namespace ais::app {

struct StateDocument {
  std::string kind;  // "smap", "bmd", "config", "overrides"
  uint64_t version = 0;
  std::string uuid;
  std::string text;  // the document itself, JSON

  /// The file's bytes, with a newline at the end.
  std::string encode() const;
  /// kCorrupt when the text is not what was written, kUnsupported when the format is newer, kInvalid when it is another kind.
  static Result<StateDocument> decode(std::string_view bytes, std::string_view kind);
};

/// The directory of the documents, `<directory>/<kind>.json`. Owned by one process at a time.
class StateDirectory {
 public:
  StateDirectory(std::string path, const sys::Environment& environment) : path_(std::move(path)), environment_(environment) {}
  StateDirectory(const StateDirectory&) = delete;
  ~StateDirectory();

  /// Makes the directory where it is missing, takes its lock (kBusy: another process has it), and removes what a crash has left of
  /// documents that were being written.
  Status open();
  /// nullopt when there is no such document. A file that cannot be believed is renamed to "<kind>.json.damaged.<unix ns>" and the status
  /// says so. While such a file lies there and no new one, the status is the same: restoring the document or removing the damaged file
  /// is an administrator's decision. A file that cannot be read stays where it is.
  Result<std::optional<StateDocument>> load(const std::string& kind);
  /// Renames a document aside whose file was whole but whose content makes no sense. Returns the status to report.
  Status set_aside(const std::string& kind, const Status& why);
  /// On stable storage when OK. When it fails the old document stays, save for a failure of the last sync (sys::replace_file).
  Status store(const StateDocument& document);
  const std::string& path() const { return path_; }

 private:
  std::string file_of(const std::string& kind) const { return path_ + "/" + kind + ".json"; }
  /// "" when there is no damaged file of this kind.
  Result<std::string> find_damaged(const std::string& kind);

  const std::string path_;
  const sys::Environment environment_;
  int lock_ = -1;
};

}  // namespace ais::app

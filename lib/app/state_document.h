// Cluster documents as files of the state directory: one JSON object with format, kind, version, cluster uuid and a checksum
// over the document's text. Blocking calls on small files; any thread, one writer per file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

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

/// Reads `<directory>/<kind>.json`; nullopt when there is none. A file that cannot be believed is renamed to
/// "<kind>.json.damaged.<unix ns>" and the status says so. While such a file lies there and no new one, the status is the same:
/// restoring the document or removing the damaged file is an administrator's decision.
Result<std::optional<StateDocument>> load_state_document(const std::string& directory, const std::string& kind);
/// Renames a document aside whose file was whole but whose content makes no sense. Returns the status to report.
Status set_aside(const std::string& directory, const std::string& kind, const Status& why);
Status store_state_document(const std::string& directory, const StateDocument& document);

}  // namespace ais::app

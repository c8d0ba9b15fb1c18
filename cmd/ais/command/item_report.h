// ItemReport: says what happened to each of several things that a command changed, for people at once and as one JSON array at the end.
#pragma once

#include <string>
#include <string_view>

#include "ais/command/invocation.h"
#include "base/status.h"
#include "cli/properties.h"
#include "codec/json.h"

namespace ais::cli {

class ItemReport {
 public:
  /// `kind` ("bucket") names the things for people and is the key of their name in the JSON; `verb` says what was done: "created".
  ItemReport(Invocation& invocation, std::string kind, std::string verb);
  void add(std::string_view name, const Status& status);
  /// What was changed of it, or in a dry run would be: names and values, and the values before in the same order.
  void changed(std::string_view name, const Assignments& values, const Assignments& before, bool dry_run);
  /// It was so before, and nothing was done.
  void existed(std::string_view name);
  /// With --dry-run: what would be done.
  void would(std::string_view name);
  /// Prints the JSON, [{"bucket", "ok", "existed", "changed", "before", "error"}] or [{"bucket", "dry_run": true}], and fails when anything
  /// failed.
  Status finish();

 private:
  Invocation& invocation_;
  const std::string kind_, verb_;
  codec::JsonWriter json_;
  size_t items_ = 0, failed_ = 0;
  Status only_failure_;  // not told yet: when nothing comes after it, it is the result
};

}  // namespace ais::cli

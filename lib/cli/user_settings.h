// UserSettings: what a user wants of every run of every tool: the gateway, and of `ais` colour and patience. They are kept in
// cli/cli.json of the user's configuration directory, a file that may have members of others: these stay. A file that cannot be read as
// JSON is an error, and nothing but a reset overwrites it.
//
// Flags go before the environment, the environment before the file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "base/units.h"
#include "codec/json.h"

namespace ais::cli {

/// One setting, by its dotted name.
struct Setting {
  const char* name;
  const char* fallback;  // the value when nobody says anything
  const char* help;      // no full stop
};
std::span<const Setting> all_settings();

/// A value and who said so: "AIS_ENDPOINT", the path of the file, "the default".
struct SourcedText {
  std::string text, source;
};

class UserSettings {
 public:
  /// $XDG_CONFIG_HOME/ais/cli/cli.json or ~/.config/ais/cli/cli.json; "" when the environment names neither.
  static std::string default_path();
  /// A missing file has no settings. kInvalid when a setting in it has no legal value.
  static Result<UserSettings> load(const std::string& path);

  /// Of the file at default_path(). One that nobody can read is as good as none; one that says something broken might have named another
  /// cluster, and is an error.
  static Result<UserSettings> of_user();

  /// As the environment and the file say. `name` is one of all_settings().
  SourcedText value(std::string_view name) const;
  bool no_color() const { return value("no_color").text == "true"; }
  /// How long a node may stay silent; a year where the setting says 0.
  Nanoseconds timeout() const;

  /// The file's text with the setting in it, or without it. kInvalid when there is no such setting, or it cannot have that value.
  Result<std::string> text_with(std::string_view name, std::optional<std::string> value) const;

 private:
  std::string path_;
  std::optional<codec::JsonDocument> file_;
};

}  // namespace ais::cli

// Aliases: commands that people named themselves. They are kept in aliases.json of the user's configuration directory:
// {"aliases":{"sc":"show cluster"}}. A file that cannot be read as that is an error, and
// nothing but a reset overwrites it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cli/help_text.h"
#include "cli/text_file.h"

namespace ais::cli {

class Aliases {
 public:
  /// $XDG_CONFIG_HOME/ais/aliases.json or ~/.config/ais/aliases.json; "" when the environment names neither.
  static std::string default_path();
  /// A missing file has no aliases. kInvalid when its text is none of aliases.
  static Result<Aliases> load(const std::string& path);
  /// To be held from load() to save() by who changes the file. Makes its directory; kInvalid when `path` is "".
  static Result<DirectoryLock> lock(const std::string& path);
  /// Replaces the file whole.
  Status save(const std::string& path) const;

  /// kInvalid when the name is no single word of letters, digits, - and _, or that of a command or group, or when the line is no
  /// command.
  Status set(std::string_view name, const std::string& line);
  bool remove(std::string_view name) { return entries_.erase(std::string(name)) > 0; }
  void clear() { entries_.clear(); }
  const NamedLines& entries() const { return entries_; }

  /// `words` with its command word replaced by what the alias stands for; as they are when it is none. Flags may stand before it. What
  /// an alias stands for is not expanded again, so aliases cannot run in circles.
  std::vector<std::string> expand(const std::vector<std::string>& words) const;

 private:
  NamedLines entries_;
};

/// The index of the first word that is neither a global flag nor its value; words.size() when there is none.
size_t command_word(const std::vector<std::string>& words);

}  // namespace ais::cli

// What may stand where the cursor is: answers of "PROGRAM __complete" to the shells, from the program's tree and, where it can ask one,
// the live cluster. The scripts for the shells only carry words there and answers back, so they stay valid when commands change.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cli/help_text.h"
#include "cli/program.h"

namespace ais::cli {

struct Candidate {
  std::string text;  // the whole word, beginning with what is typed
  std::string help;  // "" for none
};

struct Completions {
  std::vector<Candidate> items;
  bool files = false;        // local files may stand here as well: the shell offers them itself
  bool directories = false;  // local directories only
};

/// What the tree does not know; this one knows nothing more. Trouble is an empty answer: completion never complains.
class LiveNames {
 public:
  virtual ~LiveNames() = default;
  /// Names that the user gave to lines of commands.
  virtual const NamedLines& aliases() const;
  /// The line with an alias in it replaced by what it stands for.
  virtual std::vector<std::string> expand(std::vector<std::string> words) const { return words; }
  /// The gateway that the line names; "" when it names none.
  virtual void set_endpoint(std::string) {}
  /// "ais://name" of every bucket.
  virtual std::vector<std::string> buckets() { return {}; }
  /// Names of the bucket's objects ("ais://name") that begin with a prefix, up to the next "/": directories end with it.
  virtual std::vector<std::string> objects(const std::string&, const std::string&) { return {}; }
  /// Ids of nodes with their role and address.
  virtual std::vector<Candidate> nodes(bool /*targets_only*/) { return {}; }
};

/// `words` without the program's name; the last one is where the cursor is, as far as it is typed ("" when nothing is).
Completions complete_line(const Program& program, std::vector<std::string> words, LiveNames& live);

/// "PROGRAM __complete SHELL ...": prints the answer in the form that the script of this shell reads, within two seconds: then the whole
/// process ends. Returns 0 always.
///   zsh, fish: `arguments` are the words. Lines "text TAB help", and ":files" or ":directories".
///   bash: the line up to the cursor, and $COMP_WORDBREAKS. Lines as they are to be put into COMPREPLY, and ":nospace" as well.
int print_completions(const Program& program, const std::vector<std::string>& arguments, LiveNames& live, FILE* out);

/// The script for the shell, which completes `program`. kInvalid for an unknown shell.
Result<std::string> completion_script(const Program& program, std::string_view shell);

}  // namespace ais::cli

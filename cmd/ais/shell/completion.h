// What may stand where the cursor is: answers of "ais __complete" to the shells, from the command table and the live cluster.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "ais/command/aliases.h"
#include "cli/flag.h"

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

/// What only the cluster knows. Trouble is an empty answer: completion never complains.
class LiveNames {
 public:
  virtual ~LiveNames() = default;
  /// The gateway that the line names; "" when it names none.
  virtual void set_endpoint(std::string endpoint) = 0;
  /// "ais://name" of every bucket.
  virtual std::vector<std::string> buckets() = 0;
  /// Names of the bucket's objects that begin with `prefix`, up to the next "/": directories end with it.
  virtual std::vector<std::string> objects(const std::string& bucket_uri, const std::string& prefix) = 0;
  /// Ids of nodes with their role and address.
  virtual std::vector<Candidate> nodes(bool targets_only) = 0;
};

/// `words` without the program's name; the last one is where the cursor is, as far as it is typed ("" when nothing is).
Completions complete_line(std::vector<std::string> words, const Aliases& aliases, LiveNames& live);

/// True when more belongs into the same word, so that the shell must not add a blank.
bool is_open_ended(std::string_view text);

/// "ais __complete SHELL ...": prints the answer in the form that the script of this shell reads. Returns 0 always.
///   zsh, fish: `arguments` are the words. Lines "text TAB help", and ":files" or ":directories".
///   bash: the line up to the cursor, and $COMP_WORDBREAKS. Lines as they are to be put into COMPREPLY, and ":nospace" as well.
int print_completions(const std::vector<std::string>& arguments, FILE* out);

/// The script for the shell, nullptr for an unknown one.
const char* completion_script(std::string_view shell);

}  // namespace ais::cli

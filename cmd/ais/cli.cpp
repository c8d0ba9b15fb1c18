#include "ais/cli.h"

#include <algorithm>
#include <cerrno>

#include "ais/command/aliases.h"
#include "ais/command/program.h"
#include "ais/shell/live_names.h"
#include "base/log.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man_page.h"
#include "cli/pages.h"

namespace ais::cli {

namespace {

/// The line with an alias replaced. The file of aliases is read only when the command word is none of ours.
Result<std::vector<std::string>> expand_aliases(const std::vector<std::string>& words) {
  size_t index = command_word(words);
  if (index == words.size() || words[index] == "help") return words;
  std::vector<std::string> known = words_after(program(), "");
  if (std::find(known.begin(), known.end(), words[index]) != known.end()) return words;
  AIS_TRY(Aliases aliases, Aliases::load(Aliases::default_path()));
  return aliases.expand(words);
}

/// Help must work even when the file of aliases does not.
std::string overview_with_aliases(const std::string& group) {
  Result<Aliases> aliases = Aliases::load(Aliases::default_path());
  return overview_text(program(), group, aliases.ok() ? aliases->entries() : NamedLines());
}

int write_docs(const std::string& directory, const Terminal& terminal) {
  Status status = write_pages(program(), directory);
  if (!status.ok()) std::fprintf(terminal.err, "error: %s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}

/// A group of commands without one of them is a wrong line, whatever a pipe makes of it: its help goes to standard error.
int explain_group(const std::string& group, const Terminal& terminal) {
  std::fprintf(terminal.err, "error: \"ais %s\" needs one of these commands\n\n%s", group.c_str(), overview_with_aliases(group).c_str());
  return 2;
}

int write_text(const std::string& text, const Terminal& terminal) {
  if (std::fwrite(text.data(), 1, text.size(), terminal.out) == text.size() && std::fflush(terminal.out) == 0) return 0;
  std::fprintf(terminal.err, "error: %s\n", Status::from_errno(errno, "cannot write the output").message().c_str());
  return 1;
}

}  // namespace

int run_cli(const std::vector<std::string>& words, const Terminal& terminal) {
  // What a library would log, a command says itself as its error.
  set_log_level(LogLevel::kError);
  if (!words.empty() && words[0] == "__complete") {
    ClusterNames live;
    return print_completions(program(), {words.begin() + 1, words.end()}, live, terminal.out);
  }
  Result<std::vector<std::string>> expanded = expand_aliases(words);
  if (!expanded.ok()) {
    std::fprintf(terminal.err, "error: %s\n", expanded.status().message().c_str());
    return 1;
  }
  Result<ParsedLine> line = parse_line(program(), *expanded);
  if (!line.ok()) {
    std::fprintf(terminal.err, "error: %s\n", line.status().message().c_str());
    return 2;
  }
  switch (line->kind) {
    case ParsedLine::Kind::kRun: return Invocation(std::move(line).value(), terminal).run();
    case ParsedLine::Kind::kIncomplete: return explain_group(line->group, terminal);
    case ParsedLine::Kind::kDocs: return write_docs(line->flags.get("print-docs"), terminal);
    case ParsedLine::Kind::kHelp:
      if (!line->command) return write_text(overview_with_aliases(line->group), terminal);
      [[fallthrough]];
    default: break;
  }
  Result<std::string> text = page_of(program(), *line);
  return text.ok() ? write_text(*text, terminal) : 1;
}

}  // namespace ais::cli

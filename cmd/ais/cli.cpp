#include "ais/cli.h"

#include <algorithm>
#include <cerrno>

#include "ais/command/aliases.h"
#include "ais/command/help.h"
#include "ais/command/pages.h"
#include "ais/shell/completion.h"
#include "api/node_status.h"
#include "base/log.h"
#include "cli/markdown.h"

namespace ais::cli {

namespace {

/// The line with an alias replaced. The file of aliases is read only when the command word is none of ours.
Result<std::vector<std::string>> expand_aliases(const std::vector<std::string>& words) {
  size_t index = command_word(words);
  if (index == words.size() || words[index] == "help") return words;
  std::vector<std::string> known = words_after("");
  if (std::find(known.begin(), known.end(), words[index]) != known.end()) return words;
  AIS_TRY(Aliases aliases, Aliases::load(Aliases::default_path()));
  return aliases.expand(words);
}

/// Help must work even when the file of aliases does not.
std::string overview_with_aliases(const std::string& group) {
  Result<Aliases> aliases = Aliases::load(Aliases::default_path());
  return overview_text(group, aliases.ok() ? *aliases : Aliases());
}

int write_docs(const std::string& directory, const Terminal& terminal) {
  Result<std::vector<DocsPage>> pages = docs_pages(directory);
  Status status = pages.status();
  if (pages.ok())
    for (const DocsPage& page : *pages)
      if (status.ok()) status = write_page(directory, page.name, page.text);
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
  if (!words.empty() && words[0] == "__complete") return print_completions({words.begin() + 1, words.end()}, terminal.out);
  Result<std::vector<std::string>> expanded = expand_aliases(words);
  if (!expanded.ok()) {
    std::fprintf(terminal.err, "error: %s\n", expanded.status().message().c_str());
    return 1;
  }
  Result<ParsedLine> line = parse_line(*expanded);
  if (!line.ok()) {
    std::fprintf(terminal.err, "error: %s\n", line.status().message().c_str());
    return 2;
  }
  std::string text;
  switch (line->kind) {
    case ParsedLine::Kind::kRun: return Invocation(std::move(line).value(), terminal).run();
    case ParsedLine::Kind::kHelp: text = line->command ? command_help_text(*line->command) : overview_with_aliases(line->group); break;
    case ParsedLine::Kind::kIncomplete: return explain_group(line->group, terminal);
    case ParsedLine::Kind::kVersion: text = "ais " + api::software_version() + "\n"; break;
    case ParsedLine::Kind::kDocs: return write_docs(line->flags.get("print-docs"), terminal);
    case ParsedLine::Kind::kManual: text = manual_page(); break;
  }
  return write_text(text, terminal);
}

}  // namespace ais::cli

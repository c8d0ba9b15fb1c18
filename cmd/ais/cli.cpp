#include "ais/cli.h"

#include "ais/help.h"
#include "api/node_status.h"
#include "base/log.h"

namespace ais::cli {

int run_cli(const std::vector<std::string>& words, const Terminal& terminal) {
  // What a library would log, a command says itself as its error.
  set_log_level(LogLevel::kError);
  Result<ParsedLine> line = parse_line(words);
  if (!line.ok()) {
    std::fprintf(terminal.err, "error: %s\n", line.status().message().c_str());
    return 2;
  }
  std::string text;
  switch (line->kind) {
    case ParsedLine::Kind::kRun: return Invocation(std::move(line).value(), terminal).run();
    case ParsedLine::Kind::kHelp: text = line->command ? command_help_text(*line->command) : overview_text(line->group); break;
    case ParsedLine::Kind::kVersion: text = "ais " + api::software_version() + "\n"; break;
    case ParsedLine::Kind::kDocs: text = docs_page(); break;
  }
  bool written = std::fwrite(text.data(), 1, text.size(), terminal.out) == text.size() && std::fflush(terminal.out) == 0;
  return written ? 0 : 1;
}

}  // namespace ais::cli

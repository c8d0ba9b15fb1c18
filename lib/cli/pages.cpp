#include "cli/pages.h"

#include "base/strings.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man_page.h"
#include "cli/text_file.h"

namespace ais::cli {
namespace {

/// Commands that belong to no group stand on one page.
constexpr std::string_view kSinglePage = "general";

bool is_single(const Program& program, const std::string& section) { return group_help(program, section).empty(); }

void append_flags(std::string& out, std::span<const Flag> flags) {
  out += "| flag | meaning |\n|---|---|\n";
  for (const Flag& flag : flags) {
    std::string spelling(trim(flag_spelling(flag)));
    out += "| `" + markdown_cell(spelling) + "` | " + markdown_cell(flag_meaning(flag)) + " |\n";
  }
  out += '\n';
}

void append_examples(std::string& out, std::span<const Example> examples) {
  out += "```sh\n";
  for (const Example& example : examples) out += std::string(example.line) + "   # " + example.what + "\n";
  out += "```\n\n";
}

/// Environment, files, exit statuses: a chapter for each that there is.
void append_meanings(std::string& out, const Program& program) {
  struct Chapter {
    const char *title, *column;
    std::span<const Meaning> meanings;
  };
  for (const Chapter& chapter : {Chapter{"Environment", "variable", program.environment},
                                 {"Files", "file", program.files},
                                 {"Exit status", "status", program.exit_statuses}}) {
    if (chapter.meanings.empty()) continue;
    out += std::string("## ") + chapter.title + "\n\n| " + chapter.column + " | meaning |\n|---|---|\n";
    for (const Meaning& meaning : chapter.meanings)
      out += "| `" + markdown_cell(meaning.name) + "` | " + markdown_cell(meaning.text) + " |\n";
    out += '\n';
  }
}

std::string command_text(const Program& program, const Command& command) {
  std::string out = std::string("## ") + program.name + " " + command.path + "\n\n" + command.help;
  if (*command.details) out += std::string("\n") + command.details;
  out += "\n\n```\n" + usage_line(program, command, command.path) + "\n```\n\n";
  if (*command.aliases) out += other_spellings(program, command, "`") + "\n\n";
  if (!command.flags.empty()) append_flags(out, command.flags);
  append_examples(out, command.examples);
  return out;
}

std::string head(const Program& program, const std::string& title, const char* source) {
  return "# " + title + "\n\n<!-- Printed by `" + program.name + " --print-docs` from " + source + "; a test compares. -->\n\n";
}

std::string commands_head(const Program& program, const std::string& title) {
  return head(program, title, "the command table and transcripts/");
}

std::string index_rows(const Program& program, const std::string& section, const std::string& page) {
  std::string out;
  for (const Command& command : program.commands)
    if (section_of(command) == section)
      out += std::string("| [`") + program.name + " " + command.path + "`](" + page + ".md) | " + markdown_cell(command.aliases) + " | " +
             markdown_cell(command.help) + " |\n";
  return out;
}

std::string index_text(const Program& program) {
  std::string out = commands_head(program, std::string(program.name) + ": the command line");
  out += std::string(program.page_begin) + program.introduction + "\n" + program.details + "\n| command | also | |\n|---|---|---|\n";
  for (const std::string& section : sections(program))
    out += index_rows(program, section, is_single(program, section) ? std::string(kSinglePage) : section);
  out += "\n## Flags of every command\n\n";
  append_flags(out, program.common);
  append_meanings(out, program);
  return out;
}

std::string without_empty_end(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

Result<DocsPage> finished(const std::string& directory, const std::string& name, std::string text) {
  AIS_TRY(std::optional<std::string> transcript, read_text_file(directory + "/transcripts/" + name + ".md"));
  return DocsPage{name, without_empty_end(std::move(text) + transcript.value_or(""))};
}

}  // namespace

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += "\\|";
    else out += c == '\n' ? ' ' : c;
  }
  return out;
}

Result<std::string> page_of(const Program& program, const ParsedLine& line, std::string_view more) {
  switch (line.kind) {
    case ParsedLine::Kind::kVersion: return std::string(program.name) + " " + program.version + "\n";
    case ParsedLine::Kind::kManual: return manual_page(program);
    case ParsedLine::Kind::kDocs: return program_page(program, more);
    case ParsedLine::Kind::kCompletion: return completion_script(program, line.flags.get("print-completion"));
    default: break;
  }
  if (line.command) return command_help_text(program, *line.command);
  return program.runs ? program_help(program) : overview_text(program, line.group);
}

Result<std::vector<DocsPage>> docs_pages(const Program& program, const std::string& directory) {
  std::vector<DocsPage> out;
  AIS_TRY(DocsPage index, finished(directory, "README", index_text(program)));
  out.push_back(std::move(index));
  std::string singles = commands_head(program, "Commands without a group");
  for (const std::string& section : sections(program)) {
    std::string commands;
    for (const Command& command : program.commands)
      if (section_of(command) == section) commands += command_text(program, command);
    if (is_single(program, section)) {
      singles += commands;
      continue;
    }
    const std::string title = commands_head(program, std::string(program.name) + " " + section);
    AIS_TRY(DocsPage page, finished(directory, section, title + group_help(program, section) + ".\n\n" + commands));
    out.push_back(std::move(page));
  }
  AIS_TRY(DocsPage page, finished(directory, std::string(kSinglePage), std::move(singles)));
  out.push_back(std::move(page));
  return out;
}

std::string program_page(const Program& program, std::string_view more) {
  const std::string more_text = std::string(program.introduction) + program.details;
  std::string out = head(program, program.name, "its table of flags") + program.help + "\n\n";
  out += std::string(trim(more_text)) + "\n\n```\n" + usage_line(program) + "\n```\n\n";
  for (const FlagGroup& group : program.flags) {
    out += "## " + std::string(group.title) + "\n\n";
    append_flags(out, group.flags);
  }
  out += program.commands.empty() ? "## Help\n\n" : "## Flags of every command\n\n";
  append_flags(out, program.common);
  append_meanings(out, program);
  out += "## Examples\n\n";
  append_examples(out, program.examples);
  for (const Command& command : program.commands) out += command_text(program, command);
  return without_empty_end(out + std::string(more));
}

Status write_pages(const Program& program, const std::string& directory) {
  AIS_TRY(const std::vector<DocsPage> pages, docs_pages(program, directory));
  for (const DocsPage& page : pages) AIS_RETURN_IF_ERROR(replace_text_file(directory + "/" + page.name + ".md", page.text));
  return {};
}

}  // namespace ais::cli

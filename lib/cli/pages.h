// What a program prints about itself, made from its tree; and the pages of docs/cli/ in Markdown. What really ran stands in files of its
// own, DIRECTORY/transcripts/, of which each is placed at the end of the page that has its name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cli/command_line.h"

namespace ais::cli {

/// What a line asks for that is not to be run: help, version, manual page, the page of docs/cli/ (with `more` at its end), the script of
/// a shell. kInvalid for a shell that is none.
Result<std::string> page_of(const Program& program, const ParsedLine& line, std::string_view more = "");

struct DocsPage {
  std::string name;  // without ".md"
  std::string text;
};

/// Of a program with groups of commands: README, then a page a group.
Result<std::vector<DocsPage>> docs_pages(const Program& program, const std::string& directory);
/// Of a program whose documentation is one page. `more` ("" for none) is Markdown too and stands at its end.
std::string program_page(const Program& program, std::string_view more = "");
/// Writes docs_pages() to DIRECTORY/NAME.md, each whole or not at all.
Status write_pages(const Program& program, const std::string& directory);

/// Text in a cell of a table: one line, and "|" does not end the cell.
std::string markdown_cell(std::string_view text);

}  // namespace ais::cli

// The parts of which the pages of docs/cli/ are made.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/flag.h"

namespace ais::cli {

/// Text in a cell of a table: one line, and "|" does not end the cell.
std::string markdown_cell(std::string_view text);
void append_markdown_flags(std::string& out, std::span<const Flag> flags);
void append_markdown_meanings(std::string& out, std::string_view title, std::span<const Meaning> meanings);
/// A block of shell lines with comments.
void append_markdown_examples(std::string& out, std::span<const Example> examples);

/// DIRECTORY/transcripts/NAME.md: what really ran, kept beside the page that shows it; "" when there is none.
Result<std::string> read_transcript(const std::string& directory, const std::string& name);
/// Writes DIRECTORY/NAME.md, whole or not at all.
Status write_page(const std::string& directory, const std::string& name, std::string_view text);

}  // namespace ais::cli

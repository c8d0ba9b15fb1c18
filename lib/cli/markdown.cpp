#include "cli/markdown.h"

#include "base/strings.h"
#include "cli/help_text.h"
#include "cli/text_file.h"

namespace ais::cli {

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += "\\|";
    else out += c == '\n' ? ' ' : c;
  }
  return out;
}

void append_markdown_flags(std::string& out, std::span<const Flag> flags) {
  out += "| flag | meaning |\n|---|---|\n";
  for (const Flag& flag : flags) {
    std::string spelling(trim(flag_spelling(flag)));
    out += "| `" + markdown_cell(spelling) + "` | " + markdown_cell(flag_meaning(flag)) + " |\n";
  }
  out += '\n';
}

void append_markdown_meanings(std::string& out, std::string_view title, std::span<const Meaning> meanings) {
  out += "| " + std::string(title) + " | meaning |\n|---|---|\n";
  for (const Meaning& meaning : meanings) out += "| `" + markdown_cell(meaning.name) + "` | " + markdown_cell(meaning.text) + " |\n";
  out += '\n';
}

void append_markdown_examples(std::string& out, std::span<const Example> examples) {
  out += "```sh\n";
  for (const Example& example : examples) out += std::string(example.line) + "   # " + example.what + "\n";
  out += "```\n\n";
}

Result<std::string> read_transcript(const std::string& directory, const std::string& name) {
  AIS_TRY(std::optional<std::string> text, read_text_file(directory + "/transcripts/" + name + ".md"));
  return text ? std::move(*text) : std::string();
}

Status write_page(const std::string& directory, const std::string& name, std::string_view text) {
  return replace_text_file(directory + "/" + name + ".md", text);
}

}  // namespace ais::cli

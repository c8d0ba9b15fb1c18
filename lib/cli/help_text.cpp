#include "cli/help_text.h"

#include "base/strings.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

constexpr size_t kFlagWidth = 26;

bool names_all(std::string_view text, std::string_view choices) {
  for (std::string_view choice : split(choices, ','))
    if (text.find(choice) == std::string_view::npos) return false;
  return true;
}

}  // namespace

std::string flag_spelling(const Flag& flag) {
  std::string out = flag.letter ? std::string("-") + flag.letter + ", " : "    ";
  out += std::string("--") + flag.name;
  if (flag.value) out += std::string(" ") + flag.value;
  return out;
}

std::string flag_meaning(const Flag& flag) {
  std::string out = flag.help;
  if (!names_all(out, flag.choices)) out += std::string(": ") + flag.choices;
  if (flag.repeatable) out += "; may be given several times";
  std::string also;
  for (std::string_view synonym : synonyms_of(flag)) also += (also.empty() ? " (also --" : ", --") + std::string(synonym);
  if (!also.empty()) out += also + ")";
  return out;
}

void append_wrapped(std::string& out, std::string_view text, size_t column, size_t indent) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::string next_line = "\n" + std::string(indent, ' ');
  bool begins = true;  // no word in this line yet
  auto end_line = [&](std::string_view newlines) {
    out += newlines;
    out += next_line;
    column = indent;
    begins = true;
  };
  for (std::string_view line : split(text, '\n')) {
    if (line.empty() && !text.empty()) end_line(begins ? "" : "\n");
    else if (line.starts_with('-') && !begins) end_line("");
    for (std::string_view word : split(line, ' ')) {
      const size_t width = display_width(word);
      if (!begins && column + 1 + width > kHelpColumns) end_line("");
      if (!begins) out += ' ';
      column += width + (begins ? 0 : 1);
      out += word;
      begins = line.empty();
    }
  }
  out += '\n';
}

void append_pair(std::string& out, std::string_view name, std::string_view text, size_t width) {
  size_t used = display_width(name);
  out += "  ";
  out += name;
  size_t padding = used < width ? width - used + 1 : 1;
  out.append(padding, ' ');
  append_wrapped(out, text, 2 + used + padding, 2 + width + 1);
}

void append_flag_lines(std::string& out, std::span<const Flag> flags) {
  for (const Flag& flag : flags) append_pair(out, flag_spelling(flag), flag_meaning(flag), kFlagWidth);
}

void append_example_lines(std::string& out, std::span<const Example> examples) {
  for (const Example& example : examples) out += std::string("  # ") + example.what + "\n  " + example.line + "\n";
}

}  // namespace ais::cli

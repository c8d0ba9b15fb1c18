#include "cli/man_page.h"

#include "base/strings.h"
#include "cli/help_text.h"

namespace ais::cli {
namespace {

/// What roff would draw otherwise, and how it is spelled so that the character on the keyboard comes out.
std::string_view spelled(char c) {
  switch (c) {
    case '\\': return "\\(rs";
    case '-': return "\\-";
    case '\'': return "\\(aq";
    case '"': return "\\(dq";
    case '^': return "\\(ha";
    case '`': return "\\(ga";
    case '~': return "\\(ti";
    default: return {};
  }
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// "Does this." as "does this", the form of NAME; what begins with a name ("AIStore") keeps its capital.
std::string summary_of(std::string_view help) {
  std::string out(help);
  if (out.ends_with('.')) out.pop_back();
  if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' && !(out[1] >= 'A' && out[1] <= 'Z')) out[0] = to_lower(out.substr(0, 1))[0];
  return out;
}

void append_command(ManPage& page, const Program& program, const Command& command) {
  std::string name = std::string(program.name) + " " + command.path;
  page.subsection(name);
  page.synopsis(name, trim(usage_line(program, command, command.path).substr(name.size())));
  page.paragraphs(std::string(command.help) + (*command.details ? "\n" : "") + command.details);
  if (*command.aliases) page.paragraphs(other_spellings(program, command, ""));
  page.flags(command.flags);
  page.examples(command.examples);
}

void append_options(ManPage& page, const Program& program) {
  page.section("OPTIONS");
  if (program.flags.empty()) page.paragraphs("These flags are taken by every command.");
  for (const FlagGroup& group : program.flags) {
    page.subsection(group.title);
    page.flags(group.flags);
  }
  if (!program.flags.empty()) page.subsection(program.commands.empty() ? "Help" : "Flags of every command");
  page.flags(program.common);
}

}  // namespace

std::string ManPage::escape(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (char c : text) {
    if (line_begins && c == '.') out += "\\&";
    if (std::string_view other = spelled(c); !other.empty()) out += other;
    else out += c;
    if (c == ',') out += "\\:";  // a long list of words without blanks may be broken here
    line_begins = c == '\n';
  }
  return out;
}

ManPage::ManPage(std::string_view name, int section_number, std::string_view version, std::string_view summary) {
  line(".\\\" Printed by the program itself from its table of flags.");
  const char* kind = section_number == 8 ? " 8 \"\" \"" : " 1 \"\" \"";
  line(".TH " + upper(escape(name)) + kind + escape(version) + "\" \"" + (section_number == 8 ? "System Administration" : "User Commands") +
       "\"");
  line(".nh");
  line(".ad l");
  section("NAME");
  line(escape(name) + " \\- " + escape(summary));
}

void ManPage::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void ManPage::section(std::string_view title) { line(".SH \"" + escape(title) + "\""); }
void ManPage::subsection(std::string_view title) { line(".SS \"" + escape(title) + "\""); }

void ManPage::paragraphs(std::string_view text) {
  bool begins = true;
  for (std::string_view part : split(text, '\n')) {
    if (part.empty()) {
      begins = true;
      continue;
    }
    if (begins) line(".PP");
    line(escape(part));
    begins = false;
  }
}

void ManPage::synopsis(std::string_view bold, std::string_view rest) {
  line(".PP");
  line("\\fB" + escape(bold) + "\\fR" + (rest.empty() ? "" : " ") + escape(rest));
}

void ManPage::item(std::string_view tag, std::string_view text) {
  line(".TP");
  line("\\fB" + escape(tag) + "\\fR");
  line(escape(text));
}

void ManPage::items(std::span<const Meaning> meanings) {
  for (const Meaning& meaning : meanings) item(meaning.name, meaning.text);
}

void ManPage::flags(std::span<const Flag> flags) {
  for (const Flag& flag : flags) {
    std::string tag = flag.letter ? "\\fB" + escape(std::string("-") + flag.letter) + "\\fR, " : "";
    tag += "\\fB" + escape(std::string("--") + flag.name) + "\\fR";
    if (flag.value) tag += " \\fI" + escape(flag.value) + "\\fR";
    line(".TP");
    line(tag);
    line(escape(flag_meaning(flag)));
  }
}

void ManPage::examples(std::span<const Example> examples) {
  for (const Example& example : examples) {
    line(".PP");
    line(escape(example.what) + ":");
    line(".PP");
    line(".RS 4");
    line(".nf");
    line("\\fB" + escape(example.line) + "\\fR");
    line(".fi");
    line(".RE");
  }
}

void ManPage::see_also(std::span<const char* const> pages) {
  section("SEE ALSO");
  std::string out;
  for (const char* page : pages) out += std::string(out.empty() ? "" : ", ") + "\\fB" + escape(page) + "\\fR";
  line(out);
}

std::string manual_page(const Program& program) {
  const std::string name = program.name;
  ManPage page(name, program.daemon ? 8 : 1, "AIStore " + program.version.substr(0, program.version.find(' ')), summary_of(program.help));
  page.section("SYNOPSIS");
  if (program.runs) page.synopsis(name, usage_line(program).substr(name.size() + 1));
  if (!program.commands.empty()) page.synopsis(name, "COMMAND [arguments] [flags]");
  if (!program.commands.empty()) page.synopsis(name, "COMMAND --help");
  page.section("DESCRIPTION");
  if (program.runs) page.paragraphs(program.help);
  page.paragraphs(std::string(program.introduction) + "\n" + program.details);
  append_options(page, program);
  if (!program.commands.empty()) page.section("COMMANDS");
  for (const Command& command : program.commands) append_command(page, program, command);
  for (const auto& [title, meanings] :
       {std::pair("ENVIRONMENT", program.environment), {"FILES", program.files}, {"EXIT STATUS", program.exit_statuses}}) {
    if (meanings.empty()) continue;
    page.section(title);
    page.items(meanings);
  }
  page.section("EXAMPLES");
  page.examples(program.examples);
  page.see_also(program.see_also);
  return page.take();
}

}  // namespace ais::cli

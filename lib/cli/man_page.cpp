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

ManPage::ManPage(std::string_view name, std::string_view version, std::string_view summary) {
  line(".\\\" Printed by the program itself from its table of flags.");
  line(".TH " + upper(escape(name)) + " 1 \"\" \"" + escape(version) + "\" \"User Commands\"");
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

}  // namespace ais::cli

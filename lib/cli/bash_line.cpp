#include "cli/bash_line.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

namespace ais::cli {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

class BashLineReader {
 public:
  BashLineReader(std::string_view line, std::string_view breaks) : line_(line), breaks_(breaks) {}

  BashLine read() {
    for (size_t i = 0; i < line_.size(); ++i) i += take(i);
    out_.words.push_back(word_);
    drop_program();
    out_.kept = std::string(line_.substr(begin_));
    return std::move(out_);
  }

 private:
  /// Returns how many bytes more than one were taken.
  size_t take(size_t i) {
    char c = line_[i];
    if (c == '\\' && out_.quote != '\'') {
      if (i + 1 == line_.size()) return 0;
      bool literal = out_.quote == '"' && std::string_view("\"\\$`").find(line_[i + 1]) == std::string_view::npos;
      if (literal) word_ += c;
      word_ += line_[i + 1];
      return 1;
    }
    if (out_.quote ? c == out_.quote : c == '\'' || c == '"') {
      out_.quote = out_.quote ? 0 : c;
      if (out_.quote) begin_ = i + 1;
      in_word_ = true;
      return 0;
    }
    if (!out_.quote && is_blank(c)) {
      end_word();
      begin_ = i + 1;
      return 0;
    }
    word_ += c;
    in_word_ = true;
    if (!out_.quote && breaks_.find(c) != std::string_view::npos) begin_ = i + 1;
    return 0;
  }

  void end_word() {
    if (in_word_) out_.words.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  /// Also drops assignments to the environment of the command.
  void drop_program() {
    auto is_assignment = [](const std::string& word) {
      size_t equals = word.find('=');
      return equals != std::string::npos && equals > 0 &&
             std::all_of(word.begin(), word.begin() + static_cast<ptrdiff_t>(equals),
                         [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
    };
    while (out_.words.size() > 1 && is_assignment(out_.words.front())) out_.words.erase(out_.words.begin());
    if (out_.words.size() > 1) out_.words.erase(out_.words.begin());
  }

  std::string_view line_;
  std::string_view breaks_;
  std::string word_;
  bool in_word_ = false;
  size_t begin_ = 0;
  BashLine out_;
};

/// Characters that bash reads as something else outside of quotes.
bool is_special(char c) { return std::string_view(" \t\"'\\$`|&;()<>*?[]{}#~!^").find(c) != std::string_view::npos; }

}  // namespace

BashLine read_bash_line(std::string_view line, std::string_view breaks) { return BashLineReader(line, breaks).read(); }

std::string BashLine::reply(std::string_view candidate) const {
  std::string out = kept;
  for (char c : candidate.substr(words.back().size())) {
    if (quote == '"' && c == '!') return "";  // history expansion, which a backslash does not turn off
    if (quote == '\'' && c == '\'') out += "'\\''";
    else if ((quote == '"' && std::string_view("\"\\$`").find(c) != std::string_view::npos) || (!quote && is_special(c)))
      out += std::string("\\") + c;
    else out += c;
  }
  return out;
}

}  // namespace ais::cli

#include "cli/shell_words.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace ais::cli {
namespace {

class WordSplitter {
 public:
  Result<std::vector<std::string>> split(std::string_view line) {
    for (size_t i = 0; i < line.size(); ++i) {
      char c = line[i];
      bool last = i + 1 == line.size();
      if (c == '\\' && quote_ != '\'') {
        if (last) return Status(Code::kInvalid, "a backslash ends the line");
        // In double quotes a backslash protects a few characters only.
        if (quote_ == '"' && std::string_view("\"\\$`").find(line[i + 1]) == std::string_view::npos) add(c);
        add(line[++i]);
      } else if (quote_ ? c == quote_ : c == '\'' || c == '"') {
        quote_ = quote_ ? 0 : c;
        in_word_ = true;
      } else if (!quote_ && (c == ' ' || c == '\t' || c == '\n')) {
        end_word();
      } else {
        add(c);
      }
    }
    if (quote_) return Status(Code::kInvalid, std::string("quote ") + quote_ + " is not closed");
    end_word();
    return std::move(words_);
  }

 private:
  void add(char c) {
    word_ += c;
    in_word_ = true;
  }
  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;
  char quote_ = 0;
};

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("-_./:=,@%+").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> split_shell_words(std::string_view line) { return WordSplitter().split(line); }

std::string quote_shell_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string out = "'";
  for (char c : word) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + "'";
}

std::string join_shell_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + quote_shell_word(word);
  return out;
}

}  // namespace ais::cli

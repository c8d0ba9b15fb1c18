#include <gtest/gtest.h>

#include "cli/shell_words.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("é"), 1u);
  EXPECT_EQ(display_width("e\u0301"), 1u);  // a combining accent
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("\U0001F600"), 2u);
  EXPECT_EQ(display_width("a\xff\xc3"), 3u);  // no UTF-8: a byte, a column
}

TEST(Printable, ShowsWhatWouldDriveTheTerminal) {
  EXPECT_EQ(printable("plain é 日本"), "plain é 日本");
  EXPECT_EQ(printable("a\033[2Jb\n\x7f"), "a\\x1b[2Jb\\x0a\\x7f");
  EXPECT_EQ(printable("\x9b"
                      "2J"),
            "\\x9b2J");                             // a control sequence for 8-bit terminals
  EXPECT_EQ(printable("\u009b2J"), "\\u{009b}2J");  // and for others
  EXPECT_EQ(printable("exe.\u202egpj"), "exe.\\u{202e}gpj");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(Fit, CutsBetweenCharacters) {
  EXPECT_EQ(fit("日本語", 5), "日本");
  EXPECT_EQ(fit("abc", 9), "abc");
  EXPECT_EQ(fit("e\u0301x", 1), "e\u0301");
  EXPECT_EQ(fit("日", 1), "");
}

TEST(ShellWords, Split) {
  EXPECT_EQ(split_shell_words("ls  ais://b --prefix 'a b'").value(), (Words{"ls", "ais://b", "--prefix", "a b"}));
  EXPECT_EQ(split_shell_words("a\\ b \"c \\\" \\n\" ''").value(), (Words{"a b", "c \" \\n", ""}));
  EXPECT_EQ(split_shell_words(" ").value(), Words{});
  EXPECT_FALSE(split_shell_words("'open").ok());
  EXPECT_FALSE(split_shell_words("end\\").ok());
}

TEST(ShellWords, JoinIsTheReverse) {
  for (const Words& words :
       std::vector<Words>{{"ls"}, {"a b", "it's", ""}, {"$HOME", "`x`", "a\\b", "\"", "new\nline"}, {"~", "*", "日本"}})
    EXPECT_EQ(split_shell_words(join_shell_words(words)).value(), words);
  EXPECT_EQ(join_shell_words({"ls", "ais://b/x", "--props=a,b"}), "ls ais://b/x --props=a,b");
}

}  // namespace
}  // namespace ais::cli

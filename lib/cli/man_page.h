// ManPage: a manual page in roff (the man macros), written part by part. All text is escaped here: callers pass plain UTF-8.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/flag.h"
#include "cli/program.h"

namespace ais::cli {

class ManPage {
 public:
  /// `name` "ais", `section` 1 or 8, `version` "AIStore 5.0.1", `summary` one line without a full stop. Writes the head and NAME.
  ManPage(std::string_view name, int section, std::string_view version, std::string_view summary);

  void section(std::string_view title);
  void subsection(std::string_view title);
  /// Paragraphs, separated by empty lines in `text`.
  void paragraphs(std::string_view text);
  /// A line of synopsis: the bold part, then the rest as it is.
  void synopsis(std::string_view bold, std::string_view rest);
  /// An indented text behind a bold tag.
  void item(std::string_view tag, std::string_view text);
  void items(std::span<const Meaning> meanings);
  void flags(std::span<const Flag> flags);
  /// Lines to be typed, each behind what it does.
  void examples(std::span<const Example> examples);
  /// "ais(1), aisloader(1)".
  void see_also(std::span<const char* const> pages);

  std::string take() { return std::move(text_); }

  /// The text with every character that roff reads as a command or changes (\ - ' ^ ` ~ and a leading dot) escaped. Public for tests.
  static std::string escape(std::string_view text);

 private:
  void line(std::string_view text);

  std::string text_;
};

/// The whole page of a program.
std::string manual_page(const Program& program);

}  // namespace ais::cli

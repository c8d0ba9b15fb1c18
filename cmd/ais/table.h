// Table: rows for people, in columns. Control bytes in cells (object names come from anybody) are shown as "\xNN", so that they
// cannot drive the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ais::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as there are columns.
  void add(std::vector<std::string> cells);
  size_t rows() const { return rows_.size(); }
  /// Lines that end with a newline; the last column is not padded. `colour` makes the titles bold.
  std::string render(bool colour) const;

  /// For tables that are printed page by page: keeps the widths, forgets the rows, and prints no titles from now on.
  void next_page();

 private:
  void append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths) const;
  std::vector<size_t> widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> kept_widths_;
  bool titles_ = true;
};

/// Characters of UTF-8 text (bytes that do not continue one).
size_t display_width(std::string_view text);
/// The text with control bytes replaced.
std::string printable(std::string_view text);

}  // namespace ais::cli

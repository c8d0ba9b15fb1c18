// Table: rows for people, in columns. Cells are made printable (object names come from anybody), so that they cannot drive the
// terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ais::cli {

enum class Align { kLeft, kRight };

/// How a row looks where colours may be used: a warning yellow, an alert red.
enum class Tone { kPlain, kWarning, kAlert };

struct Column {
  std::string title;
  Align align = Align::kLeft;
  bool whole = false;  // never shortened: half of it says nothing, as of ids and times
  bool key = false;    // says what a row is about; the first column does when none is one
};

/// What of a table is printed.
struct TableStyle {
  bool colour = false;  // bold titles, and tones
  bool titles = true;   // columns are as wide without them, so that rows look the same
  size_t width = 0;     // of the terminal: 0 = whatever lines take. Else long texts are shortened in their middle; where lines do not
                        // fit even so, the columns come in several tables, each with the keys
  bool footers = true;  // lines below the rows: totals, a summary; for those who print them
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as there are columns.
  void add(std::vector<std::string> cells, Tone tone = Tone::kPlain);
  size_t rows() const { return rows_.size(); }
  /// Columns of a terminal that a line takes, when nothing is shortened.
  size_t width() const;
  /// Lines that end with a newline; the last column is not padded.
  std::string render(const TableStyle& style) const;
  std::string render(bool colour) const { return render(TableStyle{.colour = colour}); }

  /// For tables that are printed page by page: keeps the widths, forgets the rows, and prints no titles from now on.
  void next_page();

 private:
  using Part = std::vector<size_t>;  // indices of columns that stand side by side
  void append_row(std::string& out, const Part& part, const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                  bool shortens) const;
  void append_part(std::string& out, const Part& part, const TableStyle& style, bool titles) const;
  std::vector<size_t> widths() const;
  std::vector<size_t> widths_within(const Part& part, size_t width) const;
  std::vector<Part> parts(size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<Tone> tones_;  // one a row
  std::vector<size_t> kept_widths_;
  bool titles_ = true;
};

}  // namespace ais::cli

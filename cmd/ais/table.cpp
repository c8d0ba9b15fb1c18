#include "ais/table.h"

#include <algorithm>

#include "base/assert.h"
#include "base/strings.h"

namespace ais::cli {

size_t display_width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) out += format("\\x%02x", byte);
    else out += c;
  }
  return out;
}

void Table::add(std::vector<std::string> cells) {
  AIS_ASSERT(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = cell.empty() ? "-" : printable(cell);
  rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::widths() const {
  if (!kept_widths_.empty()) return kept_widths_;
  std::vector<size_t> out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = titles_ ? display_width(columns_[i].title) : 0;
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    out.push_back(width);
  }
  return out;
}

void Table::append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths) const {
  for (size_t i = 0; i < cells.size(); ++i) {
    size_t used = display_width(cells[i]);
    size_t pad = used < widths[i] ? widths[i] - used : 0;
    if (i > 0) out += "  ";
    if (columns_[i].align == Align::kRight) out.append(pad, ' ');
    out += cells[i];
    if (columns_[i].align == Align::kLeft && i + 1 < cells.size()) out.append(pad, ' ');
  }
  out += '\n';
}

std::string Table::render(bool colour) const {
  std::vector<size_t> all_widths = widths();
  std::string out;
  if (titles_) {
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    if (colour) out += "\033[1m";
    append_row(out, titles, all_widths);
    if (colour) out.insert(out.size() - 1, "\033[0m");
  }
  for (const auto& row : rows_) append_row(out, row, all_widths);
  return out;
}

void Table::next_page() {
  kept_widths_ = widths();
  titles_ = false;
  rows_.clear();
}

}  // namespace ais::cli

#include "cli/table.h"

#include <algorithm>

#include "base/assert.h"
#include "cli/text_width.h"

namespace ais::cli {

void Table::add(std::vector<std::string> cells, Tone tone) {
  AIS_ASSERT(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = cell.empty() ? "-" : printable(cell);
  rows_.push_back(std::move(cells));
  tones_.push_back(tone);
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

/// The widest columns of text give way, down to kNarrowest; numbers stay whole, and so does the only column of a table.
std::vector<size_t> Table::widths_within(size_t width) const {
  constexpr size_t kNarrowest = 8;
  std::vector<size_t> out = widths();
  if (width == 0 || out.size() < 2) return out;
  size_t total = 2 * (out.size() - 1);
  for (size_t one : out) total += one;
  while (total > width) {
    size_t widest = out.size();
    for (size_t i = 0; i < out.size(); ++i)
      if (columns_[i].align == Align::kLeft && out[i] > kNarrowest && (widest == out.size() || out[i] > out[widest])) widest = i;
    if (widest == out.size()) break;
    --out[widest];
    --total;
  }
  return out;
}

size_t Table::width() const {
  size_t out = 0;
  for (size_t width : widths()) out += width + 2;
  return out > 0 ? out - 2 : 0;
}

void Table::append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths, bool shortens) const {
  for (size_t i = 0; i < cells.size(); ++i) {
    size_t used = display_width(cells[i]);
    bool is_cut = shortens && columns_[i].align == Align::kLeft && used > widths[i];
    size_t pad = used < widths[i] ? widths[i] - used : 0;
    if (i > 0) out += "  ";
    if (columns_[i].align == Align::kRight) out.append(pad, ' ');
    out += is_cut ? shortened(cells[i], widths[i]) : cells[i];
    if (columns_[i].align == Align::kLeft && i + 1 < cells.size()) out.append(pad, ' ');
  }
  out += '\n';
}

std::string Table::render(const TableStyle& style) const {
  const bool colour = style.colour;
  const std::vector<size_t> all_widths = widths_within(style.width);
  const bool shortens = style.width > 0 && columns_.size() > 1;
  std::string out;
  if (titles_ && style.titles) {
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    if (colour) out += "\033[1m";
    append_row(out, titles, all_widths, shortens);
    if (colour) out.insert(out.size() - 1, "\033[0m");
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    bool toned = colour && tones_[i] != Tone::kPlain;
    if (toned) out += tones_[i] == Tone::kAlert ? "\033[31m" : "\033[33m";
    append_row(out, rows_[i], all_widths, shortens);
    if (toned) out.insert(out.size() - 1, "\033[0m");
  }
  return out;
}

void Table::next_page() {
  kept_widths_ = widths();
  titles_ = false;
  rows_.clear();
  tones_.clear();
}

}  // namespace ais::cli

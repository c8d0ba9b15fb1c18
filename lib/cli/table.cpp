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

namespace {

size_t line_width(const std::vector<size_t>& part, const std::vector<size_t>& widths) {
  size_t out = 0;
  for (size_t column : part) out += widths[column] + 2;
  return out > 0 ? out - 2 : 0;
}

}  // namespace

/// The widest columns of text give way, down to kNarrowest; numbers stay whole, and so does the only column of a table.
std::vector<size_t> Table::widths_within(const Part& part, size_t width) const {
  constexpr size_t kNarrowest = 8;
  std::vector<size_t> out = widths();
  if (width == 0 || out.size() < 2) return out;
  for (size_t total = line_width(part, out); total > width; --total) {
    size_t widest = out.size();
    for (size_t i : part) {
      const bool yields = columns_[i].align == Align::kLeft && !columns_[i].whole && out[i] > kNarrowest;
      if (yields && (widest == out.size() || out[i] > out[widest])) widest = i;
    }
    if (widest == out.size()) break;
    --out[widest];
  }
  return out;
}

/// All columns side by side where that fits; else the keys, and as many of the others as fit beside them whole, again and again.
std::vector<Table::Part> Table::parts(size_t width) const {
  Part all, keys;
  for (size_t i = 0; i < columns_.size(); ++i) {
    all.push_back(i);
    if (columns_[i].key) keys.push_back(i);
  }
  if (width == 0 || all.size() < 2 || line_width(all, widths_within(all, width)) <= width) return {all};
  if (keys.empty()) keys.push_back(0);
  std::vector<size_t> wanted = widths();
  for (size_t key : keys)
    if (!columns_[key].whole) wanted[key] = std::min(wanted[key], width / 2);
  std::vector<Part> out = {keys};
  for (size_t column : all) {
    if (std::find(keys.begin(), keys.end(), column) != keys.end()) continue;
    Part longer = out.back();
    longer.push_back(column);
    const bool fits = line_width(longer, wanted) <= width;
    if (fits || out.back().size() == keys.size()) {
      out.back() = std::move(longer);
    } else {
      out.push_back(keys);
      out.back().push_back(column);
    }
  }
  return out;
}

size_t Table::width() const {
  size_t out = 0;
  for (size_t width : widths()) out += width + 2;
  return out > 0 ? out - 2 : 0;
}

void Table::append_row(std::string& out, const Part& part, const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                       bool shortens) const {
  for (size_t i : part) {
    const bool left = columns_[i].align == Align::kLeft;
    size_t used = display_width(cells[i]);
    bool is_cut = shortens && left && used > widths[i];
    size_t pad = used < widths[i] ? widths[i] - used : 0;
    if (i != part.front()) out += "  ";
    if (!left) out.append(pad, ' ');
    out += is_cut ? shortened(cells[i], widths[i]) : cells[i];
    if (left && i != part.back()) out.append(pad, ' ');
  }
  out += '\n';
}

void Table::append_part(std::string& out, const Part& part, const TableStyle& style, bool with_titles) const {
  const std::vector<size_t> all_widths = widths_within(part, style.width);
  const bool shortens = style.width > 0 && columns_.size() > 1;
  if (with_titles) {
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    if (style.colour) out += "\033[1m";
    append_row(out, part, titles, all_widths, shortens);
    if (style.colour) out.insert(out.size() - 1, "\033[0m");
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    bool toned = style.colour && tones_[i] != Tone::kPlain;
    if (toned) out += tones_[i] == Tone::kAlert ? "\033[31m" : "\033[33m";
    append_row(out, part, rows_[i], all_widths, shortens);
    if (toned) out.insert(out.size() - 1, "\033[0m");
  }
}

std::string Table::render(const TableStyle& style) const {
  std::string out;
  const std::vector<Part> all_parts = parts(style.width);
  for (const Part& part : all_parts) {
    if (part != all_parts.front()) out += '\n';
    append_part(out, part, style, style.titles && (titles_ || all_parts.size() > 1));
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

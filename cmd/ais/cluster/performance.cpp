#include "ais/cluster/performance.h"

#include <regex.h>

#include <algorithm>
#include <set>

namespace ais::cli {
namespace {

constexpr std::string_view kCount = ".n", kBytes = ".size", kTime = ".ns.total";

bool is_counter(std::string_view name) { return name.ends_with(kCount) || name.ends_with(kBytes) || name.ends_with(kTime); }
bool is_error(std::string_view name) { return name.starts_with("err.") && name.ends_with(kCount); }

int64_t value_of(const Tracker& tracker, const std::string& name) {
  auto found = tracker.find(name);
  return found == tracker.end() ? 0 : found->second;
}

/// Any counter that is smaller than before, or a younger process.
bool began_anew(const Tracker& before, const Tracker& now) {
  if (value_of(now, "up.ns.time") < value_of(before, "up.ns.time")) return true;
  return std::any_of(before.begin(), before.end(),
                     [&](const auto& item) { return is_counter(item.first) && value_of(now, item.first) < item.second; });
}

double seconds_between(const CounterSample& before, const CounterSample& now) {
  constexpr double kShortest = 1e-3;
  return std::max(kShortest, static_cast<double>(now.taken_ns - before.taken_ns) / 1e9);
}

/// A compiled pattern.
class Pattern {
 public:
  ~Pattern() {
    if (compiled_) regfree(&regex_);
  }
  Status compile(const std::string& text) {
    int error = regcomp(&regex_, text.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB);
    compiled_ = error == 0;
    if (compiled_) return {};
    char reason[128] = {};
    regerror(error, &regex_, reason, sizeof reason);
    return {Code::kInvalid, "\"" + text + "\" is not a regular expression: " + reason};
  }
  bool finds(const std::string& text) const { return regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0; }

 private:
  regex_t regex_{};
  bool compiled_ = false;
};

}  // namespace

Interval::Interval(const CounterSample& before, const CounterSample& now)
    : now_(now.tracker), before_(before.tracker), seconds_(seconds_between(before, now)) {
  if (began_anew(before.tracker, now.tracker)) before_.clear();
}

int64_t Interval::total(const std::string& name) const { return value_of(now_, name); }
int64_t Interval::increase(const std::string& name) const { return value_of(now_, name) - value_of(before_, name); }

OperationRates Interval::operation(std::string_view name) const {
  const std::string operation(name);
  const std::string time = operation + std::string(kTime), size = operation + std::string(kBytes);
  OperationRates out;
  out.count = total(operation + ".n");
  out.bytes = total(size);
  out.errors = total("err." + operation + ".n");
  out.new_count = increase(operation + ".n");
  out.new_errors = increase("err." + operation + ".n");
  out.per_second = static_cast<double>(out.new_count) / seconds_;
  out.bytes_per_second = static_cast<double>(increase(size)) / seconds_;
  bool timed = now_.contains(time);
  if (timed && out.new_count > 0) out.latency_ns = static_cast<double>(increase(time)) / static_cast<double>(out.new_count);
  if (timed && out.count > 0) out.latency_total_ns = static_cast<double>(total(time)) / static_cast<double>(out.count);
  if (now_.contains(size) && out.new_count > 0)
    out.average_bytes = static_cast<double>(increase(size)) / static_cast<double>(out.new_count);
  return out;
}

int64_t Interval::errors() const {
  int64_t sum = 0;
  for (const auto& [name, value] : now_) sum += is_error(name) ? value : 0;
  return sum;
}

int64_t Interval::new_errors() const {
  int64_t sum = 0;
  for (const auto& [name, value] : now_) sum += is_error(name) ? increase(name) : 0;
  return sum;
}

Result<std::vector<std::string>> counter_names(const std::vector<const Tracker*>& trackers, const std::string& pattern, bool all) {
  Pattern compiled;
  if (!pattern.empty()) AIS_RETURN_IF_ERROR(compiled.compile(pattern));
  std::set<std::string> names;
  for (const Tracker* tracker : trackers) {
    for (const auto& [name, value] : *tracker) {
      bool shown = (name.ends_with(kCount) || name.ends_with(kBytes)) && (all || value != 0);
      if (shown && (pattern.empty() || compiled.finds(counter_title(name)))) names.insert(name);
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

std::string counter_title(std::string_view name) {
  size_t dot = name.rfind('.');
  std::string out;
  for (char c : name.substr(0, dot)) out += c == '.' ? '-' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out + "(" + std::string(name.substr(dot + 1)) + ")";
}

}  // namespace ais::cli

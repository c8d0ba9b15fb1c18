// aisloader compare: its command line, and what it prints.
#include <cerrno>
#include <cstdio>
#include <optional>

#include "aisloader/compare.h"
#include "aisloader/text_units.h"
#include "base/strings.h"
#include "base/units.h"
#include "cli/table.h"
#include "cli/text_file.h"
#include "cli/text_width.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

constexpr int kCannot = 1, kUsage = 2, kWorse = 3;

/// "812us" of a latency, "12,345/s" of a rate.
std::string value_text(const ComparedRow& row, double value) {
  if (row.measure == "bytes_per_s") return format_size(static_cast<uint64_t>(value), 1) + "/s";
  return row.more_is_better ? rate_text(value) : latency_text(value * 1e3);
}

std::string measure_text(std::string_view key) {
  if (key == "ops_per_s") return "rate";
  if (key == "bytes_per_s") return "throughput";
  key.remove_prefix(key.find('.') + 1);
  return key == "p999" ? "p99.9" : std::string(key);
}

std::string upper(std::string_view text) {
  std::string out;
  for (char c : text) out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return out;
}

bool is_judged(const ComparedRow& row) {
  return row.measure == "ops_per_s" || row.measure == "latency_us.p50" || row.measure == "latency_us.p99";
}

Status print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return {};
  return Status::from_errno(errno, "standard output cannot be written");
}

Result<std::string> read(const std::string& path) {
  AIS_TRY(std::optional<std::string> text, cli::read_text_file(path));
  if (!text) return Status::from_errno(ENOENT, path);
  return std::move(*text);
}

struct Asked {
  std::string a_name, b_name;
  double factor_max = 0;  // 0 = whatever comes out
  bool json = false;
};

Result<Comparison> compare(const Asked& asked) {
  AIS_TRY(const std::string a, read(asked.a_name));
  AIS_TRY(const std::string b, read(asked.b_name));
  return compare_results(asked.a_name, a, asked.b_name, b);
}

int fail(const Status& status, int exit_status) {
  std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return exit_status;
}

}  // namespace

std::string comparison_table(const Comparison& comparison, const std::string& a_name, const std::string& b_name) {
  using cli::Align;
  std::string out = "a: " + cli::printable(a_name) + "\nb: " + cli::printable(b_name) + "\n";
  for (const std::string& warning : comparison.warnings) out += "warning: " + cli::printable(warning) + "\n";
  cli::Table table({{"OP", Align::kLeft},
                    {"MEASURE", Align::kLeft},
                    {"A", Align::kRight},
                    {"B", Align::kRight},
                    {"RATIO", Align::kRight},
                    {"BETTER", Align::kLeft}});
  for (const ComparedRow& row : comparison.rows)
    table.add({upper(row.operation), measure_text(row.measure), value_text(row, row.a), value_text(row, row.b),
               row.a > 0 ? format("%.2f", row.ratio()) : "-", row.better()});
  return out + "\n" + table.render(false);
}

std::string comparison_json(const Comparison& comparison, const std::string& a_name, const std::string& b_name) {
  codec::JsonWriter out;
  out.begin_object().field("a", a_name).field("b", b_name).key("warnings").begin_array();
  for (const std::string& warning : comparison.warnings) out.value(warning);
  out.end_array().key("rows").begin_array();
  for (const ComparedRow& row : comparison.rows) {
    out.begin_object().field("op", row.operation).field("measure", row.measure).field("a", row.a).field("b", row.b);
    out.key("ratio");
    if (row.a > 0) out.value(row.ratio());
    else out.null();
    out.field("better", row.better()).end_object();
  }
  return out.end_array().end_object().take() + "\n";
}

int run_compare(const cli::ParsedLine& line) {
  Asked asked{line.arguments[0], line.arguments[1], 0, line.flags.is_on("json")};
  if (line.flags.has("worse-than")) {
    std::optional<double> percent = parse_double(line.flags.get("worse-than"));
    if (!percent || !(*percent >= 0)) return fail(Status(Code::kInvalid, "--worse-than is not a percentage"), kUsage);
    asked.factor_max = 1 + *percent / 100;
  }
  Result<Comparison> comparison = compare(asked);
  if (!comparison.ok()) return fail(comparison.status(), kCannot);
  const Status printed = print(asked.json ? comparison_json(*comparison, asked.a_name, asked.b_name)
                                          : comparison_table(*comparison, asked.a_name, asked.b_name));
  if (!printed.ok()) return fail(printed, kCannot);
  for (const ComparedRow& row : comparison->rows)
    if (asked.factor_max > 0 && is_judged(row) && row.worse_by() > asked.factor_max) return kWorse;
  return 0;
}

}  // namespace ais::loader

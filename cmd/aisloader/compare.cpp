#include "aisloader/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "aisloader/cluster_facts.h"
#include "aisloader/result.h"
#include "aisloader/statistics.h"
#include "base/strings.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

/// Results that are nearer than that are the same: a 64th is what the histograms round by.
constexpr double kSame = 1.0 / 64;

struct Measure {
  const char* key;  // "latency_us.p99"
  bool more_is_better;
};
constexpr Measure kMeasures[] = {
    {"ops_per_s", true},       {"bytes_per_s", true},     {"latency_us.mean", false}, {"latency_us.p50", false},
    {"latency_us.p90", false}, {"latency_us.p99", false}, {"latency_us.p999", false}, {"latency_us.max", false},
};

/// Parameters of a run in which another value makes another measurement. The others say where and how it was begun and tidied up.
constexpr const char* kMatters[] = {
    "loop",       "workers",        "threads",   "duration",        "operations",          "object size", "bucket properties",
    "bytes from", "checksums sent", "PUT limit", "PUT bytes limit", "virtual directories", "updates",     "order of GETs",
    "epochs",     "range",          "checksums", "listings"};

std::string_view last_line(std::string_view text) {
  text = trim(text);
  const size_t end = text.rfind('\n');
  return end == std::string_view::npos ? text : text.substr(end + 1);
}

Result<codec::JsonDocument> parse_result(const std::string& name, std::string_view text) {
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(text);
  if (!document.ok()) document = codec::JsonDocument::parse(last_line(text));
  const bool ours = document.ok() && document->root()["report"].string_or("") == kReportMark;
  if (!ours) return Status(Code::kInvalid, name + " is not a result of aisloader --json");
  const int64_t version = document->root()["report_version"].int_or(0);
  if (version != kReportVersion)
    return make_status(Code::kInvalid, "%s has format version %lld, this program reads %d", name.c_str(), static_cast<long long>(version),
                       kReportVersion);
  return document;
}

codec::JsonView value_at(codec::JsonView in, std::string_view dotted) {
  for (std::string_view part : split(dotted, '.')) in = in[part];
  return in;
}

using Texts = std::map<std::string, std::string>;

/// A run without the operations that a parameter is about says nothing of it.
void add_difference(std::vector<std::string>& out, const std::string& what, std::string a, std::string b) {
  for (std::string* text : {&a, &b})
    if (text->empty()) *text = "none";
  if (a != b) out.push_back(what + " differs: " + a + " and " + b);
}

/// How many nodes of a kind there are, and CPUs and disks of their hosts.
std::string shape(codec::JsonView cluster) {
  std::vector<NodeFacts> nodes;
  for (size_t i = 0; i < cluster["nodes"].size(); ++i) nodes.push_back(read_node_facts(cluster["nodes"].at(i)));
  return count_nodes(nodes).text();
}

std::vector<std::string> differences(codec::JsonView a, codec::JsonView b) {
  std::vector<std::string> out;
  for (const char* name : kMatters) add_difference(out, name, a["parameters"][name].string_or(""), b["parameters"][name].string_or(""));
  add_difference(out, "version of the loader", a["loader_version"].string_or(""), b["loader_version"].string_or(""));
  add_difference(out, "version of the cluster", a["cluster"]["version"].string_or(""), b["cluster"]["version"].string_or(""));
  add_difference(out, "cluster", shape(a["cluster"]), shape(b["cluster"]));
  return out;
}

/// What a result warns of holds for the comparison too.
void add_warnings(std::vector<std::string>& out, const std::string& name, codec::JsonView result) {
  for (size_t i = 0; i < result["warnings"].size(); ++i) out.push_back(name + ": " + result["warnings"].at(i).string_or(""));
  if (uint64_t errors = result["total"]["errors"].uint_or(0); errors > 0)
    out.push_back(format("%s: %llu operations failed", name.c_str(), static_cast<unsigned long long>(errors)));
}

void add_rows(std::vector<ComparedRow>& out, const std::string& operation, codec::JsonView a, codec::JsonView b) {
  for (const Measure& measure : kMeasures) {
    ComparedRow row;
    row.operation = operation;
    row.measure = measure.key;
    row.more_is_better = measure.more_is_better;
    row.a = value_at(a, measure.key).double_or(0);
    row.b = value_at(b, measure.key).double_or(0);
    out.push_back(std::move(row));
  }
}

}  // namespace

const size_t kComparedParameters = std::size(kMatters);

double ComparedRow::worse_by() const {
  const double good = more_is_better ? b : a, bad = more_is_better ? a : b;
  return good > 0 ? bad / good : bad > 0 ? HUGE_VAL : 1;
}

const char* ComparedRow::better() const {
  if (std::abs(b - a) <= kSame * std::max(a, b)) return "same";
  return worse_by() > 1 ? "a" : "b";
}

Result<Comparison> compare_results(const std::string& a_name, const std::string& a, const std::string& b_name, const std::string& b) {
  AIS_TRY(const codec::JsonDocument first, parse_result(a_name, a));
  AIS_TRY(const codec::JsonDocument second, parse_result(b_name, b));
  Comparison out;
  out.warnings = differences(first.root(), second.root());
  add_warnings(out.warnings, "a", first.root());
  add_warnings(out.warnings, "b", second.root());
  size_t operations = 0;
  for (const OperationName& operation : kOperations) {
    const codec::JsonView in_a = first.root()[operation.name], in_b = second.root()[operation.name];
    const bool did_a = in_a["ops"].uint_or(0) > 0, did_b = in_b["ops"].uint_or(0) > 0;
    if (did_a != did_b) out.warnings.push_back(std::string(operation.title) + "s are in " + (did_a ? "a" : "b") + " only");
    if (!did_a || !did_b) continue;
    add_rows(out.rows, operation.name, in_a, in_b);
    ++operations;
  }
  if (operations > 1) add_rows(out.rows, "total", first.root()["total"], second.root()["total"]);
  if (out.rows.empty()) return Status(Code::kInvalid, a_name + " and " + b_name + " have no operation in common");
  return out;
}

}  // namespace ais::loader

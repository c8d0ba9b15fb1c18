// aisloader compare: two results of --json side by side, with ratios and which of them is better.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/command_line.h"

namespace ais::loader {

/// One measure of one operation in both results.
struct ComparedRow {
  std::string operation;  // "get"
  std::string measure;    // "ops_per_s", "latency_us.p99", ...: keys of results
  double a = 0, b = 0;
  /// b / a; 0 when a is 0.
  double ratio() const { return a > 0 ? b / a : 0; }
  bool more_is_better = false;
  /// How much worse b is, as a factor: 1.25 for a quarter; below 1 when it is better.
  double worse_by() const;
  /// "a", "b" or "same": within what the loader's histograms can tell apart.
  const char* better() const;
};

/// How many parameters of runs are compared (describe()): those in which another value makes another measurement.
extern const size_t kComparedParameters;

struct Comparison {
  std::vector<std::string> warnings;  // of what makes the results hard to compare
  std::vector<ComparedRow> rows;      // of operations that both did
};

/// `a` and `b` are texts of results: the object of --json, or the lines of --stats-output with --json, of which the last is the result.
/// kInvalid, naming the file, when a text is no such thing.
Result<Comparison> compare_results(const std::string& a_name, const std::string& a, const std::string& b_name, const std::string& b);

std::string comparison_table(const Comparison& comparison, const std::string& a_name, const std::string& b_name);
std::string comparison_json(const Comparison& comparison, const std::string& a_name, const std::string& b_name);

/// `line` has "compare" for its command. Prints, and returns the exit status that its help documents.
int run_compare(const cli::ParsedLine& line);

}  // namespace ais::loader

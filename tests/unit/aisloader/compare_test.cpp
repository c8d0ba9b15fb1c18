#include "aisloader/compare.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "aisloader/result.h"
#include "base/strings.h"

namespace ais::loader {
namespace {

RunResult run_of(uint64_t gets, uint64_t nanoseconds) {
  RunResult out;
  out.seconds = 10;
  out.parameters = {{"object size", "4KiB"}, {"workers", "16"}, {"seed", "new"}};
  for (uint64_t i = 0; i < gets; ++i) out.total.get.latency.record(nanoseconds);
  out.total.get.bytes = gets * 4096;
  return out;
}

Comparison compare(const RunResult& a, const RunResult& b) {
  Result<Comparison> out = compare_results("a.json", result_json(a), "b.json", result_json(b));
  EXPECT_TRUE(out.ok()) << out.status().message();
  return out.ok() ? *out : Comparison();
}

const ComparedRow& row(const Comparison& comparison, std::string_view operation, std::string_view measure) {
  auto found = std::find_if(comparison.rows.begin(), comparison.rows.end(),
                            [&](const ComparedRow& r) { return r.operation == operation && r.measure == measure; });
  EXPECT_NE(found, comparison.rows.end()) << operation << " " << measure;
  return *found;
}

TEST(Compare, MoreOperationsAndShorterLatenciesAreBetter) {
  const Comparison comparison = compare(run_of(1000, 2'000'000), run_of(1500, 4'000'000));
  EXPECT_TRUE(comparison.warnings.empty());
  const ComparedRow& rate = row(comparison, "get", "ops_per_s");
  EXPECT_DOUBLE_EQ(rate.ratio(), 1.5);
  EXPECT_STREQ(rate.better(), "b");
  const ComparedRow& median = row(comparison, "get", "latency_us.p50");
  EXPECT_NEAR(median.ratio(), 2, 0.05);
  EXPECT_STREQ(median.better(), "a");
  EXPECT_NEAR(median.worse_by(), 2, 0.05);
}

TEST(Compare, WhatTheHistogramsCannotTellApartIsTheSame) {
  const Comparison comparison = compare(run_of(1000, 2'000'000), run_of(1010, 2'010'000));
  for (const ComparedRow& r : comparison.rows) EXPECT_STREQ(r.better(), "same") << r.measure;
}

TEST(Compare, DifferencesThatMatterAreWarnedOf) {
  RunResult a = run_of(10, 1000), b = a;
  b.parameters = {{"object size", "16KiB"}, {"workers", "16"}, {"seed", "7"}, {"range", "1KiB from 0B"}};
  b.cluster.nodes.resize(1);
  b.cluster.nodes[0].kind = "target";
  b.cluster.nodes[0].cpus = 4;
  b.total.get.errors = 3;
  b.warnings = {"given up"};
  b.total.put.latency.record(5);
  const std::vector<std::string> expected = {"object size differs: 4KiB and 16KiB",
                                             "range differs: none and 1KiB from 0B",
                                             "cluster differs: 0 gateways, 0 targets and 0 gateways, 1 target, 4 CPUs",
                                             "b: given up",
                                             "b: 3 operations failed",
                                             "PUTs are in b only"};
  EXPECT_EQ(compare(a, b).warnings, expected);
}

TEST(Compare, EveryParameterThatMattersIsOneOfARun) {
  // A parameter that describe() calls otherwise would never be compared.
  Result<Request> request =
      parse_command_line({"--bucket=b", "--pctput=50", "--pctlist=10", "--pctupdate=5", "--cksum-type=md5", "--num-subdirs=3",
                          "--maxputs=5", "--totalputsize=1G", "--numepochs=2", "--verify-hash", "--bprops={\"mirror\":{\"copies\":2}}"});
  ASSERT_TRUE(request.ok()) << request.status().message();
  RunResult a = run_of(10, 1000), b = a;
  a.parameters = describe(request->options);
  a.parameters.emplace_back("range", "1KiB from 0B");  // not together with --verify-hash
  b.parameters.clear();
  EXPECT_EQ(compare(a, b).warnings.size(), kComparedParameters);
}

TEST(Compare, TheLastOfLinesIsTheResult) {
  const RunResult result = run_of(10, 1000);
  const std::string lines = interval_json(result.total, 5, 5, true) + result_json(result) + "\n";
  EXPECT_TRUE(compare_results("a", lines, "b", result_json(result)).ok());
}

TEST(Compare, NothingSaidIsNone) {
  const std::string puts = R"({"report":"aisloader","report_version":1,"get":{"ops":5},"parameters":{"PUT limit":"none"}})";
  const std::string gets = R"({"report":"aisloader","report_version":1,"get":{"ops":5}})";
  Result<Comparison> comparison = compare_results("a", puts, "b", gets);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->warnings, std::vector<std::string>());
}

TEST(Compare, OtherFilesAreRefused) {
  const std::string good = result_json(run_of(10, 1000));
  std::string newer = good;
  newer.replace(newer.find("\"report_version\":1"), 18, "\"report_version\":9");
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[1]"), std::string("<html>"),
                                 good.substr(0, good.size() / 2), std::string(R"({"report":"wrk"})"), newer}) {
    Result<Comparison> refused = compare_results("good.json", good, "bad.json", bad);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_NE(refused.status().message().find("bad.json"), std::string::npos);
  }
  EXPECT_FALSE(compare_results("a", good, "b", result_json(RunResult())).ok());  // nothing in common
}

TEST(Compare, NumbersThatAreNotThereAreNothing) {
  const std::string bare = R"({"report":"aisloader","report_version":1,"get":{"ops":5}})";
  Result<Comparison> comparison = compare_results("a", bare, "b", bare);
  ASSERT_TRUE(comparison.ok());
  for (const ComparedRow& r : comparison->rows) EXPECT_STREQ(r.better(), "same");
  EXPECT_NE(comparison_table(*comparison, "a", "b").find("-"), std::string::npos);
  EXPECT_NE(comparison_json(*comparison, "a", "b").find("\"ratio\":null"), std::string::npos);
}

}  // namespace
}  // namespace ais::loader

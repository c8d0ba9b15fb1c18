#include "aisloader/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "aisloader/coming_from_original.h"
#include "aisloader/text_units.h"
#include "base/strings.h"
#include "base/units.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

Statistics sample(uint64_t gets, uint64_t nanoseconds) {
  Statistics out;
  for (uint64_t i = 0; i < gets; ++i) out.get.latency.record(nanoseconds + i);
  out.get.bytes = gets * 10;
  out.started = gets;
  return out;
}

RunResult some_result() {
  RunResult out;
  out.bucket = "ais://b</script><b>'\"&";
  out.parameters = {{"<name>", "</td><script>alert(1)</script>"}, {"bytes", "\xff\xfe"}};
  out.workers = 4;
  out.threads = 2;
  out.seed = 7;
  out.seconds = 3;
  out.window = 3;
  out.begun = "2026-01-01T00:00:00Z";
  for (int i = 0; i < 3; ++i) {
    Statistics part = sample(100, 1'000'000u << i);
    out.total.merge(part);
    out.series.add(part, 1);
  }
  out.total.errors["http-404<"] = 3;
  out.total.get.errors = 3;
  return out;
}

size_t occurrences(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Report, WhatComesFromOutsideIsEscaped) {
  std::string page = report_page(some_result());
  EXPECT_EQ(occurrences(page, "<script"), 2u);  // the data and the page's own
  EXPECT_EQ(occurrences(page, "</script>"), 2u);
  EXPECT_EQ(occurrences(page, "<b>"), 0u);
  EXPECT_NE(page.find("&lt;/td&gt;&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(page.find("http-404&lt;"), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
}

TEST(Report, TellsWhatWasRunOnWhat) {
  RunResult result = some_result();
  result.command_line = "aisloader --bucket 'b<'";
  result.ended = "2026-01-01T00:00:03Z";
  result.objects_found = 12'345;
  NodeFacts node;
  node.id = "t1";
  node.kind = "target";
  node.cpus = 48;
  node.memory = 3 * kGiB / 2;
  node.mountpaths = 2;
  node.disks = {"nvme0n1", "nvme1n1"};
  result.cluster.version = "5.0.7";
  result.cluster.nodes = {node};
  const std::string page = report_page(result), table = result_table(result);
  for (const char* text : {"aisloader --bucket &#39;b&lt;&#39;", "2026-01-01T00:00:03Z", "12,345", "nvme0n1 nvme1n1", "1.5GiB", "5.0.7"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  for (const char* text : {"aisloader --bucket 'b<'", "2026-01-01T00:00:00Z to 2026-01-01T00:00:03Z", "objects found: 12,345",
                           "cluster 5.0.7: 0 gateways, 1 target with 2 disks, 48 CPUs"})
    EXPECT_NE(table.find(text), std::string::npos) << text;
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(result));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->root()["report"].string_or(""), "aisloader");
  EXPECT_EQ(json->root()["command_line"].string_or(""), result.command_line);
  EXPECT_EQ(json->root()["objects_found"].uint_or(0), 12'345u);
  codec::JsonView first = json->root()["cluster"]["nodes"].at(0);
  EXPECT_EQ(first["cpus"].uint_or(0), 48u);
  EXPECT_EQ(first["memory_available_bytes"].uint_or(0), 3 * kGiB / 2);
  EXPECT_EQ(first["disks"].at(1).string_or(""), "nvme1n1");
}

TEST(Report, TotalIsAllOperationsTogether) {
  RunResult result = some_result();
  EXPECT_EQ(result_table(result).find("TOTAL"), std::string::npos);  // of one kind it would say the same again
  Statistics puts;
  for (int i = 0; i < 100; ++i) puts.put.latency.record(50'000'000);
  puts.put.bytes = 5000;
  puts.put.errors = 2;
  result.total.merge(puts);
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(result));
  ASSERT_TRUE(json.ok());
  codec::JsonView total = json->root()["total"];
  EXPECT_EQ(total["ops"].uint_or(0), 400u);
  EXPECT_EQ(total["bytes"].uint_or(0), 8000u);
  EXPECT_EQ(total["errors"].uint_or(0), 5u);
  EXPECT_EQ(total["latency_us"]["max"].double_or(0), 50'000);
  EXPECT_EQ(total["latency_us"]["p90"].double_or(0), json->root()["put"]["latency_us"]["p50"].double_or(1));
  EXPECT_NE(result_table(result).find("\nTOTAL "), std::string::npos);
  EXPECT_NE(report_page(result).find("<th scope=\"row\">TOTAL</th>"), std::string::npos);
}

TEST(Report, WhatNeverSucceededHasNoLatency) {
  RunResult result = some_result();
  result.total.get = OperationStatistics();
  result.total.get.errors = 7;
  const std::string table = result_table(result);
  const std::string row = table.substr(table.find("\nGET "), table.find('\n', table.find("\nGET ") + 1) - table.find("\nGET "));
  EXPECT_EQ(row.find("0us"), std::string::npos) << row;
  EXPECT_EQ(std::count(row.begin(), row.end(), '-'), 6) << row;
}

TEST(Report, PercentilesAreToldApartInEveryForm) {
  RunResult result = some_result();
  result.total.get = OperationStatistics();
  for (uint64_t i = 1; i <= 10'000; ++i) result.total.get.latency.record(i * 100'000);  // 0.1 ms ... 1 s
  const Histogram& latency = result.total.get.latency;
  for (const std::string& text : {result_table(result), report_page(result)}) {
    for (double percent : {50.0, 90.0, 99.0, 99.9, 100.0})
      EXPECT_NE(text.find(latency_text(latency.percentile(percent))), std::string::npos) << percent;
  }
  const std::string line = interval_line(result.total, 10, 10);
  EXPECT_NE(line.find("   10.0s  GET 1,000/s"), std::string::npos) << line;
  const std::string numbers = " p50 " + latency_text(latency.percentile(50)) + " p99 " + latency_text(latency.percentile(99)) + " p99.9 " +
                              latency_text(latency.percentile(99.9)) + " max 1.00s";
  EXPECT_NE(line.find(numbers), std::string::npos) << line;
}

TEST(Report, NeedsNothingFromElsewhere) {
  std::string page = report_page(some_result());
  for (const char* reference : {"http:", "https:", "src=", "href=", "url(", "@import", "fetch(", "XMLHttpRequest"})
    EXPECT_EQ(page.find(reference), std::string::npos) << reference;
}

TEST(Report, KeysThatTheOriginalHasOtherNamesForAreThere) {
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(some_result()));
  ASSERT_TRUE(json.ok());
  for (const JsonKey& key : json_keys()) {
    if (!*key.here) continue;
    codec::JsonView value = json->root();
    for (std::string_view part : split(key.here, '.')) value = value[part];
    EXPECT_TRUE(value.is_number()) << key.here;
  }
}

TEST(Report, ATraceIsMeansOfItsRequests) {
  RunResult result = some_result();
  EXPECT_EQ(result_json(result).find("trace_us"), std::string::npos);
  EXPECT_EQ(result_table(result).find("trace"), std::string::npos);
  EXPECT_EQ(report_page(result).find("Where the time went"), std::string::npos);
  Statistics part;
  part.get.times = {2, 1, 600'000, 1'000'000, 3'000'000, 500'000};
  result.total.merge(part);
  result.total.merge(part);
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(result));
  ASSERT_TRUE(json.ok());
  codec::JsonView trace = json->root()["get"]["trace_us"];
  EXPECT_EQ(trace["gateway"].double_or(0), 500);
  EXPECT_EQ(trace["first_byte"].double_or(0), 1500);
  EXPECT_EQ(trace["rest"].double_or(0), 250);
  EXPECT_EQ(trace["connect"].double_or(0), 300);
  EXPECT_EQ(trace["whole"].double_or(0), 2550);
  EXPECT_EQ(json->root()["get"]["trace"]["ops"].uint_or(0), 4u);
  EXPECT_EQ(json->root()["get"]["trace"]["connections"].uint_or(0), 2u);
  EXPECT_TRUE(json->root()["put"]["trace_us"].is_null());
  EXPECT_NE(result_table(result).find(
                "GET trace, means: connect 300us, gateway 500us, first byte 1.50ms, rest 250us; whole 2.55ms; connections made 2\n"),
            std::string::npos);
  EXPECT_NE(report_page(result).find("<td>4</td><td>2</td><td>300us</td><td>500us</td><td>1.50ms</td><td>250us</td><td>2.55ms</td>"),
            std::string::npos);
}

TEST(Report, DataAgreesWithTheResult) {
  RunResult result = some_result();
  Result<codec::JsonDocument> data = codec::JsonDocument::parse(report_data(result));
  ASSERT_TRUE(data.ok()) << data.status().message();
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(result));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(data->root()["result"].to_text(), json->root().to_text());
  uint64_t in_series = 0, in_histogram = 0;
  for (size_t i = 0; i < data->root()["series"].size(); ++i) in_series += data->root()["series"].at(i)["get"]["ops"].uint_or(0);
  codec::JsonView histogram = data->root()["histogram"]["get"];
  for (size_t i = 0; i < histogram.size(); ++i) in_histogram += histogram.at(i).at(1).uint_or(0);
  EXPECT_EQ(in_series, 300u);
  EXPECT_EQ(in_histogram, 300u);
  EXPECT_EQ(json->root()["get"]["ops"].uint_or(0), 300u);
  EXPECT_TRUE(json->root()["rate"].is_null());
}

TEST(Report, AnEmptyRunHasAPage) {
  RunResult empty;
  std::string page = report_page(empty);
  EXPECT_NE(page.find("</html>"), std::string::npos);
  EXPECT_NE(page.find("No errors."), std::string::npos);
}

TEST(Result, RateIsToldInOpenLoop) {
  RunResult result = some_result();
  result.rate = 200;
  result.total.not_started = 300;
  result.total.lag_max_ns = 2'500'000'000;
  result.total.late = 310;
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(result_json(result));
  ASSERT_TRUE(json.ok());
  codec::JsonView rate = json->root()["rate"];
  EXPECT_EQ(rate["intended_per_s"].double_or(0), 200);
  EXPECT_EQ(rate["achieved_per_s"].double_or(0), 100);
  EXPECT_EQ(rate["due"].uint_or(0), 600u);
  EXPECT_EQ(rate["late"].uint_or(0), 310u);
  EXPECT_EQ(rate["lag_max_us"].double_or(0), 2'500'000);
  EXPECT_NE(result_table(result).find("310 late, of them 300 never begun"), std::string::npos);
}

TEST(TimeSeries, StaysBoundedAndLosesNothing) {
  TimeSeries series;
  constexpr int kSamples = 5000;
  for (int i = 0; i < kSamples; ++i) series.add(sample(2, 1000), 0.5);
  ASSERT_LE(series.points().size(), TimeSeries::kPointsMax);
  ASSERT_GE(series.points().size(), TimeSeries::kPointsMax / 4);
  uint64_t operations = 0;
  double end = 0;
  for (const TimeSeries::Point& point : series.points()) {
    EXPECT_DOUBLE_EQ(point.begin, end);
    end = point.begin + point.seconds;
    operations += point.statistics.operations();
  }
  EXPECT_DOUBLE_EQ(end, kSamples * 0.5);
  EXPECT_EQ(operations, 2u * kSamples);
}

TEST(TimeSeries, WhatIsLeftAtTheEndIsNoPointOfItsOwn) {
  TimeSeries series;
  series.finish();
  series.add(sample(50, 1000), 1);
  series.finish();
  ASSERT_EQ(series.points().size(), 1u);
  series.add(sample(50, 1000), 1);
  series.add(sample(3, 1000), 0.1);  // the answers to what had begun before
  series.finish();
  ASSERT_EQ(series.points().size(), 2u);
  EXPECT_DOUBLE_EQ(series.points()[1].seconds, 1.1);
  EXPECT_EQ(series.points()[1].statistics.operations(), 53u);
  series.add(sample(20, 1000), 0.6);  // long enough for a rate
  series.finish();
  EXPECT_EQ(series.points().size(), 3u);
}

}  // namespace
}  // namespace ais::loader

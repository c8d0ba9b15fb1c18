#include "ais/cluster/performance.h"

#include <gtest/gtest.h>

#include "ais/cluster/performance_rows.h"

namespace ais::cli {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

Tracker sample_tracker() {
  return {{"get.n", 100},   {"get.size", 100'000},   {"get.ns.total", 200'000'000}, {"put.n", 7}, {"put.size", 70}, {"err.get.n", 2},
          {"err.put.n", 0}, {"http.connections", 9}, {"up.ns.time", 60 * kSecond}};
}

TEST(Interval, RatesAndLatencies) {
  CounterSample before{10 * kSecond, sample_tracker()};
  CounterSample now{12 * kSecond, sample_tracker()};
  now.tracker["get.n"] += 50;
  now.tracker["get.size"] += 50'000;
  now.tracker["get.ns.total"] += 50'000'000;
  now.tracker["err.get.n"] += 1;
  now.tracker["up.ns.time"] += 2 * kSecond;
  now.tracker["http.connections"] = 1;  // a gauge may fall
  Interval interval(before, now);
  EXPECT_DOUBLE_EQ(interval.seconds(), 2);
  OperationRates get = interval.operation("get");
  EXPECT_EQ(get.count, 150);
  EXPECT_EQ(get.new_count, 50);
  EXPECT_DOUBLE_EQ(get.per_second, 25);
  EXPECT_DOUBLE_EQ(get.bytes_per_second, 25'000);
  EXPECT_DOUBLE_EQ(get.latency_ns, 1'000'000);
  EXPECT_DOUBLE_EQ(get.latency_total_ns, 250e6 / 150);
  EXPECT_DOUBLE_EQ(get.average_bytes, 1000);
  EXPECT_EQ(get.errors, 3);
  EXPECT_EQ(get.new_errors, 1);
  EXPECT_EQ(interval.new_errors(), 1);
  OperationRates put = interval.operation("put");
  EXPECT_EQ(put.new_count, 0);
  EXPECT_LT(put.latency_ns, 0);     // nothing happened
  EXPECT_LT(put.average_bytes, 0);  // of no operation
  EXPECT_LT(interval.operation("head").latency_total_ns, 0);
}

TEST(Interval, ResetCountersCountFromZero) {
  CounterSample before{0, sample_tracker()};
  CounterSample now{kSecond, sample_tracker()};
  now.tracker["get.n"] = 5;
  now.tracker["get.size"] = 900'000;  // more than before, all the same it is of five operations
  now.tracker["err.get.n"] = 0;
  Interval interval(before, now);
  EXPECT_EQ(interval.operation("get").new_count, 5);
  EXPECT_DOUBLE_EQ(interval.operation("get").bytes_per_second, 900'000);
  EXPECT_EQ(interval.operation("put").new_count, 7);
}

TEST(Interval, RestartIsNoticedByUptimeAlone) {
  CounterSample before{0, sample_tracker()};
  CounterSample now{kSecond, sample_tracker()};
  now.tracker["up.ns.time"] = kSecond / 2;
  EXPECT_EQ(Interval(before, now).operation("get").new_count, 100);
}

TEST(Interval, NoTimeBetweenIsNoDivisionByZero) {
  CounterSample sample{5, sample_tracker()};
  EXPECT_DOUBLE_EQ(Interval(sample, sample).operation("get").per_second, 0);
}

TEST(CounterNames, AreChosenByPattern) {
  Tracker tracker = sample_tracker();
  std::vector<const Tracker*> trackers = {&tracker};
  EXPECT_EQ(*counter_names(trackers, "", false), (std::vector<std::string>{"err.get.n", "get.n", "get.size", "put.n", "put.size"}));
  EXPECT_EQ(*counter_names(trackers, "^err", true), (std::vector<std::string>{"err.get.n", "err.put.n"}));
  EXPECT_EQ(*counter_names(trackers, "put.n\\)$|x", false), std::vector<std::string>{"put.n"});
  EXPECT_FALSE(counter_names(trackers, "(", false).ok());
  EXPECT_EQ(counter_title("err.get.n"), "ERR-GET(n)");
}

TEST(PerformanceRows, TableHasASumAndDashesForTheSilent) {
  NodeReport one, two;
  one.id = "t1", one.state = "ready", one.tracker = sample_tracker();
  two.id = "t2", two.state = "offline", two.error = "refused";
  CounterSample before{0, sample_tracker()}, now{kSecond, sample_tracker()};
  now.tracker["get.n"] += 4;
  now.tracker["get.ns.total"] += 5'000;
  Activities nodes = {{&one, before, now}, {&two, {}, {}}};
  EXPECT_EQ(activity_table(nodes, SizeUnits::kIec).render(false),
            "NODE  STATE    GET(n)  GET/s  GET(size)/s  GET(t)  PUT(n)  PUT/s  PUT(size)/s  PUT(t)  ERRORS  NEW ERRORS\n"
            "t1    ready       104    4.0         0B/s  1.25us       7      0         0B/s       -       2           0\n"
            "t2    offline       -      -            -       -       -      -            -       -       -           -\n"
            "all   -           104    4.0         0B/s       -       7      0         0B/s       -       2           0\n");
  EXPECT_EQ(latency_text(0), "0ns");
  EXPECT_EQ(latency_text(12'345'678), "12.3ms");
  EXPECT_EQ(latency_text(-1), "");
}

}  // namespace
}  // namespace ais::cli

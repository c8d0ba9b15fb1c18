#include "app/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace ais::app {
namespace {

std::unique_ptr<Metrics> sample() {
  auto metrics = std::make_unique<Metrics>(std::vector<MetricInfo>{{"get.n", MetricKind::kCounter, "objects read"},
                                                                   {"get.size", MetricKind::kSize, "bytes read"},
                                                                   {"open", MetricKind::kGauge, "open files"},
                                                                   {"get.ns.total", MetricKind::kTotalNanoseconds, "time"}});
  return metrics;
}

TEST(Metrics, SumsOverThreads) {
  const auto metrics = sample();
  std::vector<std::thread> threads;
  for (int i = 0; i < 70; i++) {
    threads.emplace_back([&metrics] {
      for (int n = 0; n < 100; n++) metrics->add(0);
      metrics->add(1, 5);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(metrics->read(0), 7000);
  EXPECT_EQ(metrics->read(1), 350);
  metrics->add(2, 3);
  metrics->reset();
  EXPECT_EQ(metrics->read(0), 0);
  EXPECT_EQ(metrics->read(2), 3);
}

TEST(Metrics, NamesAndText) {
  const auto metrics = sample();
  metrics->add_callback({"up.ns.time", MetricKind::kSpecial, "uptime"}, [] { return int64_t{12}; });
  EXPECT_EQ(metrics->tracker().count("get.n"), 0u) << "nothing was counted";
  EXPECT_EQ(metrics->tracker().at("open"), 0) << "a gauge of 0 says something";
  metrics->add(0, 2);
  EXPECT_EQ(metrics->tracker().at("get.n"), 2);
  const std::map<std::string, std::string> kinds = {
      {"get.n", "counter"}, {"get.size", "size"}, {"open", "gauge"}, {"get.ns.total", "total"}, {"up.ns.time", "special"}};
  EXPECT_EQ(metrics->kinds(), kinds);
  EXPECT_EQ(metrics->tracker().at("up.ns.time"), 12);
  const std::string text = metrics->prometheus_text("ais_target", {{"node_id", "t1"}});
  EXPECT_NE(text.find("# HELP ais_target_get_count objects read\n# TYPE ais_target_get_count counter\n"
                      "ais_target_get_count{node_id=\"t1\"} 2\n"),
            std::string::npos)
      << text;
  for (const char* line : {"# TYPE ais_target_open gauge", "# TYPE ais_target_get_bytes counter", "# TYPE ais_target_get_ns_total counter",
                           "# TYPE ais_target_up_ns_time gauge"})
    EXPECT_NE(text.find(line), std::string::npos) << line;
}

TEST(Metrics, ResetOfErrorsLeavesTheRest) {
  Metrics metrics({{"get.n", MetricKind::kCounter, "objects read"}, {"err.get.n", MetricKind::kCounter, "failed reads"}});
  metrics.add(0, 4);
  metrics.add(1, 5);
  metrics.reset(/*errors_only=*/true);
  EXPECT_EQ(metrics.read(0), 4);
  EXPECT_EQ(metrics.read(1), 0);
  metrics.reset();
  EXPECT_EQ(metrics.read(0), 0);
}

TEST(Metrics, ThroughputIsOfTheLatestInterval) {
  constexpr int64_t kSecond = 1'000'000'000;
  const auto metrics = sample();
  metrics->add_throughput({"get.bps", MetricKind::kThroughput, "bytes per second"}, 1);
  const auto rate = [&] { return metrics->tracker().at("get.bps"); };
  EXPECT_EQ(metrics->kinds().at("get.bps"), "bw");
  metrics->add(1, 500);
  metrics->sample(7 * kSecond);
  EXPECT_EQ(rate(), 0) << "there is no interval before the first look";
  metrics->add(1, 3000);
  EXPECT_EQ(rate(), 0);
  metrics->sample(9 * kSecond);
  EXPECT_EQ(rate(), 1500);
  metrics->add(1, 10);
  EXPECT_EQ(rate(), 1500) << "until the interval ends";
  metrics->reset();
  metrics->add(1, 40);
  metrics->sample(11 * kSecond);
  EXPECT_EQ(rate(), 20) << "what came after the reset";
  metrics->sample(13 * kSecond);
  EXPECT_EQ(rate(), 0);
}

TEST(Metrics, ComputedCountersCountFromTheReset) {
  Metrics metrics({});
  int64_t damaged = 11, failures = 3, open = 7;
  metrics.add_callback({"damaged.n", MetricKind::kCounter, "h"}, [&] { return damaged; });
  metrics.add_callback({"err.io.n", MetricKind::kCounter, "h"}, [&] { return failures; });
  metrics.add_callback({"lst.open.n", MetricKind::kGauge, "h"}, [&] { return open; });
  metrics.reset(/*errors_only=*/true);
  EXPECT_EQ(metrics.tracker(), (std::map<std::string, int64_t>{{"damaged.n", 11}, {"lst.open.n", 7}}));
  metrics.reset();
  damaged = 13, failures = 4;
  EXPECT_EQ(metrics.tracker(), (std::map<std::string, int64_t>{{"damaged.n", 2}, {"err.io.n", 1}, {"lst.open.n", 7}}));
  EXPECT_NE(metrics.prometheus_text("p", {}).find("p_damaged_count 2"), std::string::npos);
}

}  // namespace
}  // namespace ais::app

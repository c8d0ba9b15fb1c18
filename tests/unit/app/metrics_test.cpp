#include "app/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace ais::app {
namespace {

std::unique_ptr<Metrics> sample() {
  auto metrics = std::make_unique<Metrics>(std::vector<MetricInfo>{{"get.n", MetricKind::kCounter, "objects read"},
                                                                   {"get.size", MetricKind::kCounter, "bytes read"},
                                                                   {"open", MetricKind::kGauge, "open files"},
                                                                   {"get.ns.total", MetricKind::kTotalNanoseconds, "time"}});
  metrics->set_prefix("ais_target");
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
  metrics->add_callback({"up.ns.time", MetricKind::kGauge, "uptime"}, [] { return int64_t{12}; });
  metrics->add(0, 2);
  const auto names = metrics->prometheus_names();
  EXPECT_EQ(names.at("get.n"), "ais_target_get_count");
  EXPECT_EQ(names.at("get.size"), "ais_target_get_bytes");
  EXPECT_EQ(names.at("get.ns.total"), "ais_target_get_ns_total");
  EXPECT_EQ(names.at("up.ns.time"), "ais_target_up_ns_time");
  EXPECT_EQ(metrics->tracker().at("up.ns.time"), 12);
  const std::string text = metrics->prometheus_text("ais_target", {{"node_id", "t1"}});
  EXPECT_NE(text.find("# HELP ais_target_get_count objects read\n# TYPE ais_target_get_count counter\n"
                      "ais_target_get_count{node_id=\"t1\"} 2\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("# TYPE ais_target_open gauge"), std::string::npos);
}

}  // namespace
}  // namespace ais::app

#include "ais-target/node/target_metrics.h"

#include "base/assert.h"

namespace ais::target {

std::vector<app::MetricInfo> metric_table() {
  using enum app::MetricKind;
  std::vector<app::MetricInfo> table = {
      {"get.n", kCounter, "objects read"},
      {"get.size", kSize, "bytes of objects read"},
      {"get.ns.total", kTotalNanoseconds, "time spent on reading objects"},
      {"put.n", kCounter, "objects written"},
      {"put.size", kSize, "bytes of objects written"},
      {"put.ns.total", kTotalNanoseconds, "time spent on writing objects"},
      {"head.n", kCounter, "requests for object attributes"},
      {"del.n", kCounter, "objects deleted"},
      {"ren.n", kCounter, "objects renamed"},
      {"copy.n", kCounter, "objects copied"},
      {"patch.n", kCounter, "changes of custom properties"},
      {"lst.n", kCounter, "pages of listings served"},
      {"lst.ns.total", kTotalNanoseconds, "time spent on listing"},
      {"append.n", kCounter, "appends and flushes"},
      {"append.ns.total", kTotalNanoseconds, "time spent on appends and flushes that succeeded"},
      {"redirect.n", kCounter, "reads redirected to the owner because the client's cluster map was outdated"},
      {"err.cksum.n", kCounter, "stored objects whose content did not match their checksum"},
      {"err.put.cksum.n", kCounter, "received objects whose content did not match the checksum sent with them"},
      {"err.get.n", kCounter, "failed reads"},
      {"err.put.n", kCounter, "failed writes"},
      {"err.head.n", kCounter, "failed attribute requests"},
      {"err.del.n", kCounter, "failed deletes"},
      {"err.ren.n", kCounter, "failed renames and other object actions"},
      {"err.patch.n", kCounter, "failed changes of custom properties"},
      {"err.lst.n", kCounter, "failed listings"},
      {"err.append.n", kCounter, "failed appends"},
  };
  AIS_ASSERT(table.size() == kMetricCount);
  return table;
}

void add_throughputs(app::Metrics& metrics) {
  using enum app::MetricKind;
  metrics.add_throughput({"get.bps", kThroughput, "bytes of objects read per second, over the latest periodic.stats_time"}, kGetBytes);
  metrics.add_throughput({"put.bps", kThroughput, "bytes of objects written per second, over the latest periodic.stats_time"}, kPutBytes);
}

}  // namespace ais::target

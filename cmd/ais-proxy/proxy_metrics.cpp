#include "ais-proxy/proxy_metrics.h"

namespace ais::proxy {

std::vector<app::MetricInfo> proxy_metric_table() {
  using app::MetricKind;
  return {
      {"get.n", MetricKind::kCounter, "GET requests redirected"},
      {"put.n", MetricKind::kCounter, "PUT requests redirected"},
      {"append.n", MetricKind::kCounter, "append requests redirected"},
      {"head.n", MetricKind::kCounter, "HEAD(object) requests redirected"},
      {"del.n", MetricKind::kCounter, "DELETE(object) requests redirected"},
      {"ren.n", MetricKind::kCounter, "POST(object) requests redirected (rename, lock check)"},
      {"patch.n", MetricKind::kCounter, "PATCH(object) requests redirected"},
      {"lst.n", MetricKind::kCounter, "pages of listings served"},
      {"get.redir.ns.total", MetricKind::kTotalNanoseconds, "time spent on choosing the target of a GET"},
      {"put.redir.ns.total", MetricKind::kTotalNanoseconds, "time spent on choosing the target of a PUT"},
      {"err.get.n", MetricKind::kCounter, "GET requests refused"},
      {"err.put.n", MetricKind::kCounter, "PUT requests refused"},
      {"err.append.n", MetricKind::kCounter, "append requests refused"},
      {"err.head.n", MetricKind::kCounter, "HEAD(object) requests refused"},
      {"err.del.n", MetricKind::kCounter, "DELETE(object) requests refused"},
      {"err.ren.n", MetricKind::kCounter, "POST(object) requests refused"},
      {"err.patch.n", MetricKind::kCounter, "PATCH(object) requests refused"},
      {"err.lst.n", MetricKind::kCounter, "listings that failed"},
      {"err.http.n", MetricKind::kCounter, "bucket and cluster requests refused"},
      {"kalive.ns.total", MetricKind::kTotalNanoseconds, "time spent answering keepalives"},
      {"metasync.n", MetricKind::kCounter, "pushes of cluster documents to nodes"},
      {"err.metasync.n", MetricKind::kCounter, "pushes of cluster documents that a node did not acknowledge"},
  };
}

}  // namespace ais::proxy

// What every part of the gateway needs: the daemon it lives in, its own name, and its metrics. One per process; outlives all
// handlers. Members are set once before the listeners start, so any thread may read them.
#pragma once

#include <string>

#include "ais-proxy/proxy_metrics.h"
#include "app/daemon.h"
#include "base/log.h"
#include "net/http_server.h"

namespace ais::proxy {

struct ProxyContext {
  explicit ProxyContext(app::Daemon& d) : daemon(d), clock(d.environment().clock), id(d.node().id), name(d.display_name()) {}

  app::Daemon& daemon;
  sys::Clock& clock;
  const std::string id;    // "pXXXXXXXX"
  const std::string name;  // "p[pXXXXXXXX]", as errors name this node

  void count(ProxyMetric metric, int64_t delta = 1) const { daemon.metrics().add(static_cast<size_t>(metric), delta); }
  /// True when the cluster map names this gateway as primary.
  bool named_primary() const { return daemon.cluster().snapshot().smap->primary_id == id; }
};

/// Sends what `sending` sends. A client that left meanwhile is not an event worth more than a debug line.
inline async::Task<void> answer(async::Task<Status> sending) {
  const Status sent = co_await std::move(sending);
  if (!sent.ok()) AIS_DEBUG("proxy", "answer not delivered: %s", sent.message().c_str());
}

}  // namespace ais::proxy

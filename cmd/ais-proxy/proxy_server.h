// ProxyServer: the gateway put together: its parts, its route table, and its part in the cluster (primary or secondary).
#pragma once

#include <memory>
#include <vector>

#include "ais-proxy/bucket_routes.h"
#include "ais-proxy/cluster_info.h"
#include "ais-proxy/cluster_routes.h"
#include "ais-proxy/document_distributor.h"
#include "ais-proxy/easy_url.h"
#include "ais-proxy/embedded_coordinator.h"
#include "ais-proxy/empty_lists.h"
#include "ais-proxy/membership.h"
#include "ais-proxy/metadata_editor.h"
#include "ais-proxy/object_redirect.h"
#include "ais-proxy/proxy_context.h"
#include "ais-proxy/reverse.h"
#include "app/daemon.h"

namespace ais::proxy {

class ProxyServer {
 public:
  explicit ProxyServer(std::unique_ptr<app::Daemon> daemon);
  /// Ends the loops before the parts that their handlers use.
  ~ProxyServer();

  /// Opens the listeners and takes up the gateway's role. Not OK: the process cannot serve.
  Status start();
  /// Serves until a signal. Returns the exit code.
  int run();
  app::Daemon& daemon() { return *daemon_; }

 private:
  std::vector<app::Route> routes();
  bool wants_primary() const;
  Status start_primary();
  /// The path of a document that is missing beside others; "" when all are there, or none is.
  std::string missing_document() const;

  std::unique_ptr<app::Daemon> daemon_;
  bool loops_ended_ = false;
  ProxyContext context_;
  EmbeddedCoordinator coordinator_;
  DocumentDistributor distributor_;
  MetadataEditor editor_;
  Membership membership_;
  ObjectRedirect objects_;
  BucketRoutes buckets_;
  EasyUrl easy_url_;
  ClusterInfo cluster_info_;
  ClusterRoutes cluster_;
  EmptyLists empty_lists_;
  Reverse reverse_;
};

}  // namespace ais::proxy

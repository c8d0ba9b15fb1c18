// Membership at the primary: nodes join, keep alive, and are removed by an administrator. Other gateways pass joins on.
//
// What is decided about them is decided elsewhere, without I/O (admission.h, join_queue.h, failure_detector.h): this asks, stores,
// answers, and keeps the time.
#pragma once

#include <atomic>
#include <string>

#include "ais-proxy/admission.h"
#include "ais-proxy/failure_detector.h"
#include "ais-proxy/join_queue.h"
#include "ais-proxy/metadata_editor.h"
#include "ais-proxy/proxy_context.h"
#include "api/membership.h"

namespace ais::proxy {

class Membership {
 public:
  Membership(ProxyContext& context, MetadataEditor& editor, DocumentDistributor& distributor)
      : context_(context), editor_(editor), distributor_(distributor), detector_(context.id) {}

  /// Makes this gateway the primary of its stored cluster, or of a new one: takes part in the map with its present addresses.
  /// Blocking; after the listeners know their ports, before requests are answered in earnest.
  Status become_primary();
  /// Begins to look for silent nodes. Any thread.
  void start_watch();

  /// POST /v1/cluster/autoreg.
  async::Task<void> handle_join(net::HttpExchange& exchange);
  /// POST /v1/cluster/keepalive/<id>, intra-cluster listener only.
  async::Task<void> handle_keepalive(net::HttpExchange& exchange);
  /// DELETE /v1/cluster/daemon/<id>.
  async::Task<void> handle_remove(net::HttpExchange& exchange);
  /// {"<id>": seconds of silence}. Resumes on the caller's loop.
  async::Task<std::string> suspects_json();
  /// As of the last look. Any thread.
  size_t suspect_count() const { return suspect_count_.load(std::memory_order_relaxed); }

 private:
  async::Task<Status> join(const api::JoinRequest& request);
  async::Task<Status> keepalive(net::HttpExchange& exchange, std::string& answer_json);
  /// Carries out what the admission asks for. OK: the node is admitted.
  async::Task<Status> admit(Admission admission);
  async::Task<Status> enter(meta::Node node);
  async::Task<Status> flush_joins();
  /// Any thread.
  void heard(std::string node_id, api::DocumentVersions versions);
  void look_for_suspects();
  Nanoseconds now() const { return Nanoseconds(context_.clock.monotonic_ns()); }

  ProxyContext& context_;
  MetadataEditor& editor_;
  DocumentDistributor& distributor_;
  FailureDetector detector_;  // control loop only, as the next
  JoinQueue joins_;
  std::atomic<size_t> suspect_count_{0};
};

}  // namespace ais::proxy

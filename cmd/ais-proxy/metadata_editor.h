// MetadataEditor: the one place at the primary where cluster documents change. Edits run one after the other; each is stored
// durably by the coordinator before anybody sees it, then distributed, and the caller waits for the nodes to acknowledge.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "ais-proxy/coordinator.h"
#include "ais-proxy/document_distributor.h"
#include "ais-proxy/proxy_context.h"
#include "async/mutex.h"
#include "base/function.h"
#include "sys/thread_pool.h"

namespace ais::proxy {

/// Makes the next documents from the current ones: returns those that change, with raised versions; none = nothing to do. Its
/// snapshot has the configuration as stored in `cluster_config` (without transient changes), as in force in `config`. Runs on the
/// control loop, must not block, and is called again when the stored version turned out to be another one.
using DocumentEdit = UniqueFunction<Result<api::ClusterDocuments>(const app::ClusterSnapshot&)>;

enum class Distribution {
  kWait,        // until all nodes acknowledged or became laggards
  kBackground,  // begin, and return
};

class MetadataEditor {
 public:
  MetadataEditor(ProxyContext& context, Coordinator& coordinator, DocumentDistributor& distributor);
  ~MetadataEditor();

  /// True while this gateway is the primary: named in the map and holding the lease.
  bool is_primary() const;
  /// Applies an edit. Callable on any loop, resumes there. OK: stored durably here. Else kNotPrimary, kUnavailable (quarantine,
  /// shutdown), kTooManyRequests (too many edits wait), or what the edit or the storage says.
  async::Task<Status> apply(DocumentEdit edit, Distribution distribution);
  /// Replaces the configuration in the memory of all nodes until a newer version is stored. The edit sees the one in force in
  /// `cluster_config`. Any loop.
  async::Task<Status> apply_transient(UniqueFunction<Result<meta::ClusterConfig>(const app::ClusterSnapshot&)> edit);
  /// What the nodes have told about overrides of theirs (DocumentDistributor::lost_overrides). Any loop.
  async::Task<std::string> lost_overrides() { return distributor_.lost_overrides(); }
  /// Blocking form for start-up, on a thread that runs no loop.
  Status apply_blocking(DocumentEdit edit);
  /// Ends the storing thread; later edits answer kUnavailable.
  void stop();

 private:
  Status check_may_edit() const;
  app::ClusterSnapshot stored_snapshot() const;
  async::Task<Status> store(DocumentEdit& edit);

  ProxyContext& context_;
  Coordinator& coordinator_;
  DocumentDistributor& distributor_;
  async::Mutex turn_;
  app::ConfigPtr stored_config_;  // the newest that was stored, without transient changes; null: as in the view
  std::unique_ptr<sys::ThreadPool> pool_;
  std::atomic<bool> stopping_{false};
};

}  // namespace ais::proxy

// ClusterView: the cluster documents as this node knows them. Readers take a snapshot without a lock; new versions are written
// to the state directory (atomically, synced) before they are seen. Helpers and tools watch those files and never write them.
//
// Files (docs/formats.md): <state>/smap.json, bmd.json, config.json, overrides.json (this node's).
// A document that is damaged, of another cluster, or of an unknown format is never deleted: it is renamed aside and the node says
// so (quarantine): it stays up, serves nothing that needs the document, and waits for an administrator.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/membership.h"
#include "base/status.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_config.h"
#include "meta/cluster_map.h"
#include "meta/node_overrides.h"
#include "sys/environment.h"

namespace ais::app {

using ConfigPtr = std::shared_ptr<const meta::ClusterConfig>;

struct ClusterSnapshot {
  meta::ClusterMapPtr smap;                 // never null; version 0 before the node joined
  meta::BucketMetadataPtr bmd;              // never null
  ConfigPtr cluster_config;                 // as of the cluster
  ConfigPtr config;                         // with this node's overrides applied
  std::vector<std::string> lost_overrides;  // names of those that do not fit the cluster's configuration; its values hold there
};

class ClusterView {
 public:
  /// Loads what the state directory has (creating it), or starts from defaults.
  static Result<std::unique_ptr<ClusterView>> open(std::string state_dir, const sys::Environment& environment);
  ~ClusterView();

  /// This thread's current snapshot: no lock and no shared counter while nothing changed. The reference is valid until the next
  /// call on this thread: coroutines that suspend copy what they need.
  const ClusterSnapshot& snapshot() const;
  ClusterSnapshot copy() const;

  /// Installs newer documents: those not newer than what is held are ignored, another cluster's uuid is kWrongCluster.
  /// Persists first. Then the listeners run on the calling thread. Any thread; blocks on the disk.
  Status install(api::ClusterDocuments documents);
  /// This node's overrides, kept as they are given; persisted unless `transient`; none resets. All of them or none: kInvalid,
  /// kUnsupported, and what meta::change_config says. Older ones that are lost at this moment are forgotten where they
  /// stand in the way.
  Status set_overrides(const meta::ConfigValues& values, bool transient);
  Status reset_overrides();
  /// A transient cluster-wide change: in memory only, until a newer version arrives.
  Status install_transient_config(meta::ClusterConfig config);

  /// Called after every change with the new snapshot. Register before threads start.
  void add_listener(std::function<void(const ClusterSnapshot&)> listener);

  api::DocumentVersions versions() const;
  /// Why the node is in quarantine, or "".
  std::string quarantine_reason() const;
  /// Begins a quarantine: from now on no document is taken and none changed, until a restart. The first reason stays. The listeners are
  /// called. Any thread.
  void quarantine(const std::string& reason);
  const std::string& state_dir() const;

 private:
  struct Impl;
  explicit ClusterView(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::app

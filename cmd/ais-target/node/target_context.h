// What every handler of a target needs: the daemon's shell, the store and the few pieces of shared state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ais-target/node/append_table.h"
#include "ais-target/node/bucket_refresh.h"
#include "ais-target/node/bucket_sync.h"
#include "ais-target/node/capacity_guard.h"
#include "ais-target/node/listing_walkers.h"
#include "ais-target/node/object_ref.h"
#include "ais-target/node/target_metrics.h"
#include "app/daemon.h"
#include "async/task.h"
#include "store/object_store.h"

namespace ais::target {

/// Lives as long as the listeners. Members are safe to use from every loop.
struct TargetContext {
  app::Daemon& daemon;
  store::ObjectStore& store;
  sys::Clock& clock;
  std::string node_name;  // "t[id]"
  std::string node_id;
  std::vector<std::string> locations;   // by mountpath index: "t[id]:mp[/path, fs=/dev/sda1(ext4)]"
  std::vector<std::string> mountpaths;  // by mountpath index
  CapacityGuard capacity;
  BucketSync bucket_sync;
  BucketRefresh bucket_refresh;
  ListingWalkers walkers;
  AppendTable appends;

  TargetContext(app::Daemon& shell, store::ObjectStore& objects);
  void count(Metric metric, int64_t delta = 1) const { daemon.metrics().add(metric, delta); }
  int64_t monotonic_ns() const { return clock.monotonic_ns(); }
  /// A store's error about `object` in the words of the protocol: it is missing, is not what was demanded, is being moved, or its bucket is
  /// gone or has no directories here yet.
  Status explain(const ObjectRef& object, Status status) const;
  /// False between the arrival of new bucket metadata and the making of their directories: a request awaits settle_buckets() then.
  bool buckets_are_settled() const { return bucket_sync.has_tried(daemon.cluster().snapshot().bmd->version); }
  async::Task<void> settle_buckets() { return bucket_sync.settle(daemon.cluster().copy().bmd); }
  /// Whether the bucket metadata name it.
  bool knows_bucket(std::string_view bucket_uname) const;
};

}  // namespace ais::target

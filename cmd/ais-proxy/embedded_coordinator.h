// EmbeddedCoordinator: the coordinator of a cluster whose metadata one gateway keeps, in files of its own state directory. No
// other service is needed. The view holds the lock of that directory, so that two processes cannot both write; the lease adds that a
// gateway whose stored map names another primary never becomes one by itself.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "ais-proxy/coordinator.h"
#include "app/cluster_view.h"

namespace ais::proxy {

class EmbeddedCoordinator : public Coordinator {
 public:
  /// `view` keeps the files and must outlive this; `self_id` is this gateway's id.
  EmbeddedCoordinator(app::ClusterView& view, std::string self_id) : view_(view), self_id_(std::move(self_id)) {}

  Status acquire_lease() override;
  void release_lease() override;
  bool holds_lease() const override { return leased_.load(std::memory_order_acquire); }
  Result<api::ClusterDocuments> read() override;
  Status compare_and_swap(const api::DocumentVersions& expected, api::ClusterDocuments next) override;
  void watch(std::function<void()> changed) override;

 private:
  Status check_versions(const api::DocumentVersions& expected, const api::ClusterDocuments& next) const;

  app::ClusterView& view_;
  const std::string self_id_;
  std::mutex mutex_;  // one writer at a time: check and install belong together
  std::atomic<bool> leased_{false};
  std::function<void()> changed_;
};

}  // namespace ais::proxy

#include "ais-proxy/embedded_coordinator.h"

#include <utility>

namespace ais::proxy {

namespace {

Status check_version(const char* kind, uint64_t stored, uint64_t expected, uint64_t next) {
  if (stored != expected) {
    return make_status(Code::kStaleVersion, "%s has version %llu, not %llu", kind, static_cast<unsigned long long>(stored),
                       static_cast<unsigned long long>(expected));
  }
  if (next <= stored) {
    return make_status(Code::kInvalid, "%s version %llu does not follow %llu", kind, static_cast<unsigned long long>(next),
                       static_cast<unsigned long long>(stored));
  }
  return {};
}

}  // namespace

Status EmbeddedCoordinator::acquire_lease() {
  const std::lock_guard guard(mutex_);
  const meta::ClusterMapPtr smap = view_.copy().smap;
  if (smap->version > 0 && smap->primary_id != self_id_)
    return Status(Code::kBusy, "the stored cluster map names p[" + smap->primary_id + "] as primary gateway");
  leased_.store(true, std::memory_order_release);
  return {};
}

void EmbeddedCoordinator::release_lease() {
  const std::lock_guard guard(mutex_);
  leased_.store(false, std::memory_order_release);
}

Result<api::ClusterDocuments> EmbeddedCoordinator::read() {
  const app::ClusterSnapshot snapshot = view_.copy();
  api::ClusterDocuments documents;
  if (snapshot.smap->version > 0) documents.smap = *snapshot.smap;
  if (snapshot.bmd->version > 0) documents.bmd = *snapshot.bmd;
  if (snapshot.cluster_config->version > 0) documents.config = *snapshot.cluster_config;
  return documents;
}

Status EmbeddedCoordinator::check_versions(const api::DocumentVersions& expected, const api::ClusterDocuments& next) const {
  const app::ClusterSnapshot held = view_.copy();
  if (next.smap) AIS_RETURN_IF_ERROR(check_version("cluster map", held.smap->version, expected.smap, next.smap->version));
  if (next.bmd) AIS_RETURN_IF_ERROR(check_version("bucket metadata", held.bmd->version, expected.bmd, next.bmd->version));
  if (next.config) {
    AIS_RETURN_IF_ERROR(check_version("configuration", static_cast<uint64_t>(held.cluster_config->version), expected.config,
                                      static_cast<uint64_t>(next.config->version)));
  }
  return {};
}

Status EmbeddedCoordinator::compare_and_swap(const api::DocumentVersions& expected, api::ClusterDocuments next) {
  {
    const std::lock_guard guard(mutex_);
    if (!holds_lease()) return Status(Code::kNotPrimary, "this gateway does not hold the primary lease");
    AIS_RETURN_IF_ERROR(check_versions(expected, next));
    AIS_RETURN_IF_ERROR(view_.install(std::move(next)));
  }
  if (changed_) changed_();
  return {};
}

void EmbeddedCoordinator::watch(std::function<void()> changed) { changed_ = std::move(changed); }

}  // namespace ais::proxy

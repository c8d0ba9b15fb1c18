// Coordinator: where the truth about the cluster lies, and who may change it. The one primary gateway writes through it; every
// other component only reads what the primary distributes.
//
// Calls block (disk or network): the caller runs them on a pool thread. Implementations are thread-safe.
#pragma once

#include <functional>

#include "api/membership.h"
#include "base/status.h"

namespace ais::proxy {

class Coordinator {
 public:
  virtual ~Coordinator() = default;

  /// Takes the primary lease, or says who holds it (kBusy) or why it cannot be had. Idempotent for its holder.
  virtual Status acquire_lease() = 0;
  virtual void release_lease() = 0;
  /// False from the moment on at which another gateway may be primary. Does not block.
  virtual bool holds_lease() const = 0;

  /// All documents as they are stored; a document that was never written is absent.
  virtual Result<api::ClusterDocuments> read() = 0;

  /// Stores the documents present in `next`, all or none, if each is still stored with the version that `expected` names
  /// (0: not stored yet). When it returns OK they are on stable storage. kStaleVersion: somebody else was faster, read and decide
  /// again. kNotPrimary: the lease is not held.
  virtual Status compare_and_swap(const api::DocumentVersions& expected, api::ClusterDocuments next) = 0;

  /// `changed` runs on a thread of the coordinator after each change that becomes visible, own ones included. Register before use.
  virtual void watch(std::function<void()> changed) = 0;
};

}  // namespace ais::proxy

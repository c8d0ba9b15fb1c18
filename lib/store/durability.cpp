// The two syncs of a batch.
#include "store/committer.h"
#include "sys/fault_points.h"

namespace ais::store {
namespace {

// From this many changes on, one sync of the filesystem stands for syncing them one by one (README.md: what was measured, and not).
constexpr size_t kGroupFrom = 3;

/// The descriptor of what must be safely stored before it takes the place of an object that may be; -1: nothing. A rename may bring
/// content that nobody has synced yet, whatever the policy is now.
int replacement(const Change& change) {
  if (change.finished || !change.result.replaced) return -1;
  if (change.kind == Change::Kind::kRename) return change.current->fd();
  return change.kind == Change::Kind::kPut && change.policy != WritePolicy::kNever ? change.body.file.fd() : -1;
}

void fail(Change& change, const Status& status) {
  change.status = status;
  change.finished = true;
  change.published = false;
}

}  // namespace

Status Committer::sync_filesystem() {
  context_.counters.syncs.fetch_add(1, std::memory_order_relaxed);
  int error = context_.files.syncfs(mountpath_.root_fd);
  return error < 0 ? context_.io_error(mountpath_, -error, "sync") : Status();
}

void Committer::sync_before_publish(Batch& batch) {
  // An object that exists may be lost only to a successor that is safely stored. New names need no such care: a torn one is
  // recognised by its size and was not acknowledged.
  std::vector<Change*> replacing;
  for (ChangePtr& change : batch) {
    if (replacement(*change) >= 0) replacing.push_back(change.get());
  }
  if (replacing.empty()) return;
  if (replacing.size() >= kGroupFrom) {
    if (Status status = sync_filesystem(); !status.ok()) {
      for (Change* change : replacing) fail(*change, status);
    }
  } else {
    for (Change* change : replacing) {
      context_.counters.syncs.fetch_add(1, std::memory_order_relaxed);
      int error = context_.files.fsync(replacement(*change));
      if (error < 0) fail(*change, context_.io_error(mountpath_, -error, "sync " + change->name.uname));
    }
  }
  AIS_FAULT_POINT("put.after_data_sync");
}

Status Committer::sync_one(Change& change) {
  for (int fd : {change.sync_file, change.sync_directory, change.sync_directory_too}) {
    if (fd < 0) continue;
    context_.counters.syncs.fetch_add(1, std::memory_order_relaxed);
    if (int error = context_.files.fsync(fd); error < 0) return context_.io_error(mountpath_, -error, "sync " + change.name.uname);
  }
  return {};
}

bool Committer::needs_sync(const Batch& batch) {
  bool needed = false;
  for (const ChangePtr& change : batch) {
    if (!change->published) continue;
    needed |= change->policy == WritePolicy::kImmediate;
    if (change->policy == WritePolicy::kDelayed && !dirty_) {
      dirty_ = true;
      dirty_since_ns_ = context_.clock.monotonic_ns();
    }
  }
  return needed;
}

void Committer::sync_after_publish(std::vector<PublishedBatch>& batches) {
  std::vector<Change*> immediate;
  bool tree_changed = false;
  for (PublishedBatch& batch : batches) {
    tree_changed |= batch.parents->tree_changed();
    for (ChangePtr& change : batch.changes) {
      if (change->published && change->policy == WritePolicy::kImmediate) immediate.push_back(change.get());
    }
  }
  if (tree_changed || immediate.size() >= kGroupFrom) {
    Status status = sync_filesystem();
    for (Change* change : immediate) {
      if (!status.ok()) fail(*change, status);
    }
  } else {
    for (Change* change : immediate) {
      if (Status status = sync_one(*change); !status.ok()) fail(*change, status);
    }
  }
  for (Change* change : immediate) {
    switch (change->kind) {
      case Change::Kind::kPut: AIS_FAULT_POINT("put.after_directory_sync"); break;
      case Change::Kind::kRemove: AIS_FAULT_POINT("delete.after_sync"); break;
      case Change::Kind::kRename: AIS_FAULT_POINT("rename.after_sync"); break;
      case Change::Kind::kSetCustom: AIS_FAULT_POINT("custom.after_sync"); break;
      default: break;
    }
  }
}

void Committer::sync_delayed() {
  // A failure was counted and logged; the callers were promised an attempt. The next change tries again.
  (void)sync_filesystem();
  dirty_ = false;
}

}  // namespace ais::store

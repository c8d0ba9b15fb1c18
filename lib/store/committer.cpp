#include "store/committer.h"

#include <pthread.h>

#include <chrono>
#include <future>
#include <iterator>
#include <limits>
#include <unordered_set>

#include "base/log.h"
#include "sys/fault_points.h"

namespace ais::store {
namespace {
constexpr size_t kBatchMax = 256;
constexpr uint64_t kBatchBytesMax = 16 * kMiB;  // of bodies that the committer writes itself
constexpr int64_t kDelayNs = 1'000'000'000;     // kDelayed: synced within this time

// From this many changes on, one sync of the filesystem stands for syncing them one by one (README.md: what was measured, and not).
constexpr size_t kGroupFrom = 3;

/// The descriptor of what must be safely stored before it takes the place of an object that may be; -1: nothing. A rename may bring
/// content that nobody has synced yet, whatever the policy is now.
int replacement(const Change& change) {
  if (change.finished || !change.result.replaced) return -1;
  if (change.kind == ChangeKind::kRename) return change.current->fd();
  return change.kind == ChangeKind::kPut && change.policy != WritePolicy::kNever ? change.body.file.fd() : -1;
}

void fail(Change& change, const Status& status) {
  change.status = status;
  change.finished = true;
  change.published = false;
}

}  // namespace

Committer::Committer(StoreContext& context, Mountpath& mountpath) : context_(context), mountpath_(mountpath), steps_(context, mountpath) {
  const std::string index = std::to_string(mountpath.index);
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), ("commit" + index).substr(0, 15).c_str());
  sync_thread_ = std::thread([this] { sync_published(); });
  pthread_setname_np(sync_thread_.native_handle(), ("sync" + index).substr(0, 15).c_str());
}

Committer::~Committer() { stop(); }

void Committer::stop() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  {
    std::lock_guard lock(sync_mutex_);
    sync_stopping_ = true;
  }
  sync_wake_.notify_one();
  sync_thread_.join();
}

void Committer::submit(ChangePtr change) {
  // Notified under the lock: once it is released the change may be done, and with it the whole store.
  std::lock_guard lock(mutex_);
  if (queue_.empty()) wake_.notify_one();
  queue_.push_back(std::move(change));
}

void Committer::run(UniqueFunction<void()> task) {
  std::promise<void> finished;
  auto change = std::make_unique<Change>();
  change->kind = ChangeKind::kTask;
  change->task = std::move(task);
  change->done = [&finished](Result<CommitResult>) { finished.set_value(); };
  submit(std::move(change));
  finished.get_future().wait();
}

void Committer::end_claim(uint64_t digest, uint64_t id) {
  std::lock_guard lock(mutex_);
  std::vector<ChangePtr> freed = claims_.remove(digest, id);
  if (!freed.empty()) requeue(std::move(freed), queue_.begin());
}

void Committer::refuse_waiting(bool refuse) {
  std::lock_guard lock(mutex_);
  refuse_waiting_ = refuse;
  if (!refuse) return;
  // Through the queue again, where they are judged anew.
  requeue(claims_.take_waiting(), queue_.end());
}

void Committer::requeue(std::vector<ChangePtr> waited, std::deque<ChangePtr>::iterator where) {
  context_.counters.waiting.fetch_sub(waited.size(), std::memory_order_relaxed);
  if (queue_.empty()) wake_.notify_one();
  queue_.insert(where, std::make_move_iterator(waited.begin()), std::make_move_iterator(waited.end()));
}

bool Committer::admit_first() {
  ChangePtr& first = queue_.front();
  if (first->finished) return true;  // judged already, when a batch had no room for it
  Status refusal;
  switch (claims_.judge(*first)) {
    case Claims::Verdict::kGo: return true;
    case Claims::Verdict::kTargetBusy:
      refusal = name_is_moving(first->kind == ChangeKind::kRename ? first->to.uname : first->name.uname);
      break;
    case Claims::Verdict::kWait:
      if (refuse_waiting_) {
        refusal = make_status(Code::kUnavailable, "object %s is being renamed, and the node is stopping", first->name.uname.c_str());
        break;
      }
      first = claims_.wait(std::move(first), context_.clock.monotonic_ns());
      if (!first) {
        context_.counters.waiting.fetch_add(1, std::memory_order_relaxed);
        queue_.pop_front();
        return false;
      }
      refusal = make_status(Code::kTooManyRequests, "too many requests are waiting for the rename of %s", first->name.uname.c_str());
      break;
  }
  first->status = std::move(refusal);
  first->finished = true;
  return true;
}

void Committer::expire_waiting() {
  const std::optional<int64_t> expiry = claims_.next_expiry_ns();
  if (!expiry || *expiry > context_.clock.monotonic_ns()) return;
  std::vector<ChangePtr> expired = claims_.take_expired(context_.clock.monotonic_ns());
  for (ChangePtr& change : expired) {
    change->status = make_status(Code::kUnavailable, "object %s is still being renamed, please try again", change->name.uname.c_str());
    change->finished = true;
  }
  requeue(std::move(expired), queue_.end());
}

Committer::Batch Committer::take_batch() {
  Batch batch;
  if (!claims_.empty()) expire_waiting();
  std::unordered_set<uint64_t> names;
  uint64_t bytes = 0;
  while (!queue_.empty() && batch.size() < kBatchMax && bytes < kBatchBytesMax) {
    if (!claims_.empty() && !admit_first()) continue;
    Change& next = *queue_.front();
    bool alone = next.kind == ChangeKind::kTask;
    if (alone && !batch.empty()) break;
    // A change must see what the one before it of the same name did.
    if (!alone && !names.insert(next.name.digest).second) break;
    if (next.kind == ChangeKind::kRename && next.to.digest != next.name.digest && !names.insert(next.to.digest).second) break;
    if (next.kind == ChangeKind::kClaim && !next.finished) next.claim = MoveClaim(this, next.name.digest, claims_.add(next));
    bytes += next.body.memory.size;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return batch;
}

void Committer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  std::optional<int64_t> until = claims_.next_expiry_ns();
  if (dirty_) until = std::min(until.value_or(std::numeric_limits<int64_t>::max()), dirty_since_ns_ + kDelayNs);
  if (!until) return wake_.wait(lock);
  const int64_t left = *until - context_.clock.monotonic_ns();
  if (left > 0) wake_.wait_for(lock, std::chrono::nanoseconds(std::min(left, kDelayNs)));
}

void Committer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    Batch batch = take_batch();
    if (batch.empty()) {
      if (stopping_) break;
      wait_for_work(lock);
    }
    lock.unlock();
    if (!batch.empty()) process(std::move(batch));
    if (dirty_ && context_.clock.monotonic_ns() - dirty_since_ns_ >= kDelayNs) sync_delayed();
    lock.lock();
  }
  lock.unlock();
  if (dirty_) sync_delayed();
}

void Committer::process(Batch batch) {
  if (batch.front()->kind == ChangeKind::kTask) {
    wait_until_synced();
    batch.front()->task();
    batch.front()->done(CommitResult());
    return;
  }
  auto parents = std::make_unique<ParentDirectories>(context_);
  for (ChangePtr& change : batch) {
    if (!change->finished) steps_.prepare(*change);
  }
  sync_before_publish(batch);
  for (ChangePtr& change : batch) {
    if (!change->finished) steps_.publish(*change, *parents);
  }
  for (ChangePtr& change : batch) {
    if (change->kind == ChangeKind::kClaim && change->status.ok()) continue;
    // Also after a failure: the name may have changed before the step that failed.
    context_.cache.invalidate(change->name.digest);
    if (change->kind == ChangeKind::kRename) context_.cache.invalidate(change->to.digest);
    change->bucket->changes.fetch_add(1, std::memory_order_release);
    if (change->to_bucket) change->to_bucket->changes.fetch_add(1, std::memory_order_release);
    // The move is over, or never began: what waits sees how it ended.
    if (change->kind == ChangeKind::kRemove || !change->status.ok()) change->claim.release();
  }
  context_.counters.commit_batches.fetch_add(1, std::memory_order_relaxed);
  const bool needs = needs_sync(batch);
  {
    std::unique_lock lock(sync_mutex_);
    // Even a change that did nothing may have relied on a name that is not durable yet.
    if (!needs && published_.empty() && !syncing_) {
      lock.unlock();
      return answer(batch);
    }
    published_.push_back({std::move(batch), std::move(parents)});
  }
  sync_wake_.notify_one();
}

void Committer::answer(Batch& batch) {
  for (ChangePtr& change : batch) {
    if (change->kind == ChangeKind::kPut) AIS_FAULT_POINT("put.before_answer");
    if (!change->status.ok()) {
      change->body.file = WorkFile();  // whoever hears of a failure finds nothing left of it
      change->done(std::move(change->status));
    } else {
      change->done(std::move(change->result));
    }
  }
}

// The second thread: one sync for everything that was published while the previous one ran.
void Committer::sync_published() {
  std::unique_lock lock(sync_mutex_);
  while (true) {
    sync_wake_.wait(lock, [this] { return !published_.empty() || sync_stopping_; });
    if (published_.empty()) return;
    std::vector<PublishedBatch> batches = std::exchange(published_, {});
    syncing_ = true;
    lock.unlock();
    sync_after_publish(batches);
    for (PublishedBatch& batch : batches) answer(batch.changes);
    batches.clear();
    lock.lock();
    syncing_ = false;
    synced_.notify_all();
  }
}

void Committer::wait_until_synced() {
  std::unique_lock lock(sync_mutex_);
  synced_.wait(lock, [this] { return published_.empty() && !syncing_; });
}

// --- the two syncs of a batch ----------------------------------------------------------------------------------------------------

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
      case ChangeKind::kPut: AIS_FAULT_POINT("put.after_directory_sync"); break;
      case ChangeKind::kRemove: AIS_FAULT_POINT("delete.after_sync"); break;
      case ChangeKind::kRename: AIS_FAULT_POINT("rename.after_sync"); break;
      case ChangeKind::kSetCustom: AIS_FAULT_POINT("custom.after_sync"); break;
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

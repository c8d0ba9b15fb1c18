#include "store/committer.h"

#include <pthread.h>

#include <chrono>
#include <future>
#include <unordered_set>

#include "base/log.h"
#include "sys/fault_points.h"

namespace ais::store {
namespace {
constexpr size_t kBatchMax = 256;
constexpr uint64_t kBatchBytesMax = 16 * kMiB;  // of bodies that the committer writes itself
constexpr int64_t kDelayNs = 1'000'000'000;     // kDelayed: synced within this time
}  // namespace

ReceivedBody& ReceivedBody::operator=(ReceivedBody&& other) noexcept {
  if (this == &other) return *this;
  if (pool) pool->give_back(memory);
  pool = std::move(other.pool);
  memory = std::exchange(other.memory, {});
  file = std::move(other.file);
  data_synced = other.data_synced;
  size = other.size;
  checksum = std::move(other.checksum);
  return *this;
}

ReceivedBody::~ReceivedBody() {
  if (pool) pool->give_back(memory);
}

Change::~Change() {
  if (current) files->close(current->fd);
  if (torn) files->close(torn->fd);
}

Committer::Committer(StoreContext& context, Mountpath& mountpath) : context_(context), mountpath_(mountpath) {
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), ("commit" + std::to_string(mountpath.index)).substr(0, 15).c_str());
}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Committer::submit(ChangePtr change) {
  change->files = &context_.files;
  bool wake;
  {
    std::lock_guard lock(mutex_);
    wake = queue_.empty();
    queue_.push_back(std::move(change));
  }
  if (wake) wake_.notify_one();
}

void Committer::run(UniqueFunction<void()> task) {
  std::promise<void> finished;
  auto change = std::make_unique<Change>();
  change->kind = Change::Kind::kTask;
  change->task = std::move(task);
  change->done = [&finished](Result<CommitResult>) { finished.set_value(); };
  submit(std::move(change));
  finished.get_future().wait();
}

Committer::Batch Committer::take_batch(std::unique_lock<std::mutex>&) {
  Batch batch;
  std::unordered_set<uint64_t> names;
  uint64_t bytes = 0;
  while (!queue_.empty() && batch.size() < kBatchMax && bytes < kBatchBytesMax) {
    Change& next = *queue_.front();
    bool alone = next.kind == Change::Kind::kTask;
    if (alone && !batch.empty()) break;
    // A change must see what the one before it of the same name did.
    if (!alone && !names.insert(next.name.digest).second) break;
    if (next.kind == Change::Kind::kRename && next.to.digest != next.name.digest && !names.insert(next.to.digest).second) break;
    bytes += next.body.memory.size;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return batch;
}

void Committer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (queue_.empty()) {
      if (stopping_) break;
      if (!dirty_) {
        wake_.wait(lock);
        continue;
      }
      int64_t left = dirty_since_ns_ + kDelayNs - context_.clock.monotonic_ns();
      if (left > 0 && wake_.wait_for(lock, std::chrono::nanoseconds(std::min(left, kDelayNs))) == std::cv_status::no_timeout) continue;
      if (!queue_.empty()) continue;
      lock.unlock();
      sync_delayed();
      lock.lock();
      continue;
    }
    Batch batch = take_batch(lock);
    lock.unlock();
    process(batch);
    batch.clear();
    if (dirty_ && context_.clock.monotonic_ns() - dirty_since_ns_ > kDelayNs) sync_delayed();
    lock.lock();
  }
  lock.unlock();
  if (dirty_) sync_delayed();
}

void Committer::process(Batch& batch) {
  if (batch.front()->kind == Change::Kind::kTask) {
    batch.front()->task();
    batch.front()->done(CommitResult());
    return;
  }
  ParentDirectories parents(context_);
  for (ChangePtr& change : batch) prepare(*change);
  sync_before_publish(batch);
  for (ChangePtr& change : batch) {
    if (!change->finished) publish(*change, parents);
  }
  sync_after_publish(batch, parents);
  for (ChangePtr& change : batch) {
    // Also after a failure: the name may have changed before the step that failed.
    context_.cache.invalidate(change->name.digest);
    if (change->kind == Change::Kind::kRename) context_.cache.invalidate(change->to.digest);
  }
  context_.counters.commit_batches.fetch_add(1, std::memory_order_relaxed);
  for (ChangePtr& change : batch) {
    if (change->kind == Change::Kind::kPut) AIS_FAULT_POINT("put.before_answer");
    if (!change->status.ok()) {
      change->done(std::move(change->status));
    } else {
      change->done(std::move(change->result));
    }
  }
}

}  // namespace ais::store

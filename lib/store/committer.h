// Committer: the one thread that changes the objects of a mountpath. It takes whatever is queued as a batch, so that many changes
// share their syncs:
//
//   prepare    look up the current object, decide version and generation, write small bodies and the metadata to work files
//   sync       work files that will replace an object become durable before they may be seen
//   publish    link, rename, unlink or set the xattr, in queue order; drop stale descriptors
//   sync       one syncfs for a large batch, single fsyncs for a small one
//   answer     call back
//
// The last two run on a second thread, which takes all batches published so far at once: while the disk flushes, the next batch
// is prepared and published. Two changes of one name never share a batch. Callbacks run on either thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/change.h"
#include "store/claims.h"

namespace ais::store {

class Committer {
 public:
  Committer(StoreContext& context, Mountpath& mountpath);
  /// stop(), if that has not been.
  ~Committer();
  Committer(const Committer&) = delete;

  /// Finishes what is queued, makes delayed changes durable, and joins its threads. Claims may still end here afterwards.
  void stop();

  /// Any thread.
  void submit(ChangePtr change);
  /// Any thread: lets go on what waited for the claim.
  void end_claim(uint64_t digest, uint64_t id);
  /// Changes that wait for the end of a move are answered kUnavailable, now and until this is called with false.
  void refuse_waiting(bool refuse);
  /// Runs `task` alone on the committer's thread and waits for it. Not from a committer.
  void run(UniqueFunction<void()> task);

 private:
  using Batch = std::vector<ChangePtr>;
  /// A batch whose names are changed and that waits for its sync. `parents` keeps borrowed descriptors open.
  struct PublishedBatch {
    Batch changes;
    std::unique_ptr<ParentDirectories> parents;
  };

  void work();
  Batch take_batch();
  /// Decides about the first of the queue what claims mean for it: true when it may be taken, perhaps finished with an error already.
  bool admit_first();
  /// Takes back into the queue what claims kept.
  void requeue(std::vector<ChangePtr> waited, std::deque<ChangePtr>::iterator where);
  /// Puts what has waited too long for the end of a move back into the queue, finished.
  void expire_waiting();
  /// Until there may be something to do: a change, the end of a wait, or the time to sync delayed changes.
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void process(Batch batch);
  void answer(Batch& batch);
  void sync_published();
  void wait_until_synced();

  void sync_before_publish(Batch& batch);
  /// Remembers delayed changes; true when a change of the batch must be synced before its answer.
  bool needs_sync(const Batch& batch);
  void sync_after_publish(std::vector<PublishedBatch>& batches);
  Status sync_one(Change& change);
  Status sync_filesystem();
  void sync_delayed();

  StoreContext& context_;
  Mountpath& mountpath_;
  ChangeSteps steps_;  // committer's thread
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<ChangePtr> queue_;  // guarded by mutex_
  Claims claims_;                // guarded by mutex_
  bool refuse_waiting_ = false;  // guarded by mutex_
  bool stopping_ = false;        // guarded by mutex_
  bool dirty_ = false;           // committer's thread: changes with kDelayed that are not synced yet
  int64_t dirty_since_ns_ = 0;

  std::mutex sync_mutex_;  // guards what follows; never taken together with mutex_
  std::condition_variable sync_wake_;
  std::condition_variable synced_;
  std::vector<PublishedBatch> published_;
  bool syncing_ = false;
  bool sync_stopping_ = false;

  std::thread thread_;
  std::thread sync_thread_;
};

}  // namespace ais::store

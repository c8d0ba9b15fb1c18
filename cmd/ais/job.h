// Job: the frame of a command that does the same to many things: where they come from, and what is done to each. run_job() keeps
// several of them in work while the next ones are being found, stops early when the batch says so, and holds a bounded number at a
// time. Loop thread only.
#pragma once

#include <vector>

#include "ais/batch.h"
#include "ais/parallel.h"
#include "ais/work_queue.h"
#include "base/status.h"

namespace ais::cli {

template <typename Item>
class Job {
 public:
  virtual ~Job() = default;
  /// The next items in order; an empty list is the end. Not called again before it returned.
  virtual net::Task<Result<std::vector<Item>>> produce() = 0;
  /// Does one item and tells the batch what came of it.
  virtual net::Task<void> perform(Item item) = 0;
};

namespace internal {

constexpr size_t kItemsWaiting = 512;  // more are looked for when fewer wait

template <typename Item>
net::Task<void> produce_all(Job<Item>& job, Batch& batch, WorkQueue<Item>& queue, Status& status) {
  while (!batch.stopped()) {
    Result<std::vector<Item>> items = co_await job.produce();
    if (!items.ok()) status = items.status();
    if (!items.ok() || items->empty()) break;
    queue.push(std::move(items).value());
    co_await queue.wait_for_room(kItemsWaiting);
  }
  queue.close();
}

template <typename Item>
net::Task<void> work(Job<Item>& job, Batch& batch, WorkQueue<Item>& queue) {
  while (true) {
    std::optional<Item> item = co_await queue.pop();
    if (!item) break;
    if (batch.stopped()) {
      queue.close(true);
      break;
    }
    batch.begin_item();
    co_await job.perform(std::move(*item));
    batch.end_item();
  }
}

}  // namespace internal

/// Returns when all is done or the batch was stopped; the error is the producer's.
template <typename Item>
net::Task<Status> run_job(Job<Item>& job, Batch& batch, size_t parallel) {
  WorkQueue<Item> queue;
  Status status;
  std::vector<net::Task<void>> tasks;
  for (size_t i = 0; i < parallel; ++i) tasks.push_back(internal::work(job, batch, queue));
  tasks.push_back(internal::produce_all(job, batch, queue, status));
  co_await run_parallel(std::move(tasks));
  co_return status;
}

}  // namespace ais::cli

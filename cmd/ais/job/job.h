// Job: the frame of a command that does the same to many things: where they come from, and what is done to each. run_job() keeps
// several of them in work, on several loops, while the next ones are being found, stops early when the batch says so, and holds a
// bounded number at a time.
#pragma once

#include <atomic>
#include <vector>

#include "ais/job/batch.h"
#include "ais/job/job_loops.h"
#include "async/channel.h"
#include "async/parallel.h"
#include "base/status.h"

namespace ais::cli {

template <typename Item>
class Job {
 public:
  virtual ~Job() = default;
  /// The next items in order; an empty list is the end. On the command's loop; not called again before it returned.
  virtual async::Task<Result<std::vector<Item>>> produce() = 0;
  /// Does one item and tells the batch what came of it. On the thread of `loop`, beside other items there and on other loops.
  virtual async::Task<void> perform(JobLoop& loop, Item item) = 0;
};

namespace internal {

constexpr size_t kItemsWaiting = 512;  // found, and not yet in work

/// What became of the work as a whole.
struct Course {
  Status status;                     // the producer's
  bool found_all = false;            // the producer came to its end
  std::atomic<bool> dropped{false};  // items that nobody did, since the batch was stopped
};

template <typename Item>
async::Task<void> produce_all(Job<Item>& job, Batch& batch, async::Channel<Item>& found, Course& course) {
  while (!batch.stopped()) {
    Result<std::vector<Item>> items = co_await job.produce();
    if (!items.ok()) course.status = items.status();
    course.found_all = items.ok() && items->empty() && !batch.stopped();
    if (!items.ok() || items->empty()) break;
    for (Item& item : *items) {
      const bool taken = co_await found.send(std::move(item));
      if (!taken) break;  // the batch was stopped
    }
  }
  found.close();
}

template <typename Item>
async::Task<void> work(JobLoop& loop, Job<Item>& job, Batch& batch, async::Channel<Item>& found, Course& course) {
  while (true) {
    std::optional<Item> item = co_await found.receive();
    if (!item) break;
    if (batch.stopped()) {
      course.dropped.store(true, std::memory_order_relaxed);
      found.close_and_drop();
      break;
    }
    batch.begin_item();
    co_await job.perform(loop, std::move(*item));
    batch.end_item();
  }
}

/// Goes to loop `index`, works there, and comes back.
template <typename Item>
async::Task<void> work_on(JobLoops& loops, size_t index, size_t workers, Job<Item>& job, Batch& batch, async::Channel<Item>& found,
                          Course& course) {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(loops.event_loop(index));
  {
    JobLoop loop(loops.cluster(), loops.file_threads());
    std::vector<async::Task<void>> tasks;
    for (size_t i = 0; i < workers; ++i) tasks.push_back(work(loop, job, batch, found, course));
    co_await async::when_all(std::move(tasks));
  }
  co_await async::resume_on(home);
}

}  // namespace internal

/// Returns when all is done or the batch was stopped; the error is the producer's. With `workers` = 1 everything happens on the
/// command's loop.
template <typename Item>
async::Task<Status> run_job(Invocation& invocation, Job<Item>& job, Batch& batch, size_t workers) {
  AIS_CO_TRY(std::unique_ptr<JobLoops> loops, JobLoops::start(invocation, workers));
  async::Channel<Item> found(internal::kItemsWaiting);
  internal::Course course;
  std::vector<async::Task<void>> tasks;
  for (size_t i = 0; i < loops->size(); ++i) {
    size_t share = workers / loops->size() + (i < workers % loops->size() ? 1 : 0);
    tasks.push_back(internal::work_on(*loops, i, share, job, batch, found, course));
  }
  tasks.push_back(internal::produce_all(job, batch, found, course));
  co_await async::when_all(std::move(tasks));
  if (course.found_all && !course.dropped.load(std::memory_order_relaxed)) batch.all_done();
  co_return std::move(course.status);
}

}  // namespace ais::cli

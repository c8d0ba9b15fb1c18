// run_object_job(): how every command ends that does the same to selected objects: the work and, for the progress line, the count of what
// there is, side by side; then the account, and what more there is to say about a failure.
#pragma once

#include <utility>
#include <vector>

#include "ais/job/job.h"
#include "ais/object/hints.h"
#include "ais/object/object_source.h"

namespace ais::cli {

namespace internal {

template <typename Item>
async::Task<void> run_until_over(Invocation& invocation, Job<Item>& job, Batch& batch, size_t workers, Status& status, bool& over) {
  status = co_await run_job(invocation, job, batch, workers);
  over = true;
}

}  // namespace internal

/// `selection` is what the job's items come from. On the command's loop.
template <typename Item>
async::Task<Status> run_object_job(Invocation& invocation, Job<Item>& job, Batch& batch, ObjectSelection selection, size_t workers) {
  Status status;
  bool over = false;
  std::vector<async::Task<void>> tasks;
  tasks.push_back(internal::run_until_over(invocation, job, batch, workers, status, over));
  if (batch.wants_total()) tasks.push_back(count_objects(invocation.cluster(), selection, batch, over));
  co_await async::when_all(std::move(tasks));
  status = batch.finish(std::move(status));
  co_return co_await explained(invocation, std::move(selection), std::move(status));
}

}  // namespace ais::cli

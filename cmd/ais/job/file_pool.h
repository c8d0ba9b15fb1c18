// on_pool(): a blocking function on a pool of threads, as a task: what touches local files must not hold up the network.
// FileLane: the same for the short work of small files, which is done at once while the file system is quick: handing a job to a thread
// and back costs more than to create a file in the page cache.
#pragma once

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

#include "async/offload.h"
#include "async/task.h"

namespace ais::cli {

/// Threads for local files. They are started as they are needed.
constexpr size_t kFileThreads = 4;

/// `function` and what it refers to must stay until the task ends.
template <typename Function>
async::Task<std::invoke_result_t<Function>> on_pool(sys::ThreadPool& pool, Function function) {
  async::OffloadAwaiter<Function> job(pool, std::move(function));
  co_return co_await job;
}

/// Loop thread only.
class FileLane {
 public:
  explicit FileLane(sys::ThreadPool& pool) : pool_(pool) {}

  /// Runs `function` here when its like took little time lately, else on the pool.
  template <typename Function>
  async::Task<std::invoke_result_t<Function>> run(Function function) {
    double took = 0;
    auto timed = [&function, &took] {
      auto begun = std::chrono::steady_clock::now();
      auto result = function();
      took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
      return result;
    };
    if (recent_ < kQuick) {
      auto result = timed();
      note(took);
      co_return result;
    }
    auto result = co_await on_pool(pool_, timed);
    note(took);
    co_return result;
  }

 private:
  static constexpr double kQuick = 300e-6;  // seconds; about what a few answers of the cluster take
  static constexpr double kWeight = 1.0 / 16;
  static constexpr double kLongest = 10 * kQuick;  // one stall is no habit
  void note(double seconds) { recent_ += (std::min(seconds, kLongest) - recent_) * kWeight; }

  sys::ThreadPool& pool_;
  double recent_ = 0;
};

}  // namespace ais::cli

// LoadLoop: the workers of one event loop. Each is a coroutine in a closed loop: choose, ask, wait for the answer, count.
// Made, run and destroyed on its loop's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aisloader/object_picker.h"
#include "aisloader/plan.h"
#include "aisloader/sender.h"
#include "aisloader/statistics.h"
#include "base/function.h"
#include "codec/checksum.h"
#include "net/event_loop.h"
#include "net/http_client.h"

namespace ais::loader {

class LoadLoop {
 public:
  /// `index` < plan.options.threads; `workers` of all are this loop's.
  LoadLoop(net::EventLoop& loop, Plan& plan, size_t index, size_t workers);

  /// Starts all workers on the phase; `done` is called on this thread when the last one has ended.
  void start(Phase phase, UniqueFunction<void()> done);
  /// What was measured since the last call.
  Statistics take_statistics();

 private:
  struct Choice {
    enum class Kind { kGet, kPut, kRemove, kEnd } kind = Kind::kEnd;
    std::string target;
    uint64_t counter = 0;  // of an own object (kPut, kRemove)
  };
  net::Task<void> work();
  Choice choose();
  Choice choose_put();
  Choice choose_get();
  Choice choose_remove();
  bool put_budget_left() const;
  std::string target_of_own(uint64_t counter) const;
  bool time_is_up() const;

  net::Task<Result<uint64_t>> run(Choice& choice, std::vector<char>& buffer);
  net::Task<Result<uint64_t>> put(Choice& choice);
  net::Task<Result<uint64_t>> get(Choice& choice, std::vector<char>& buffer);
  net::Task<Result<uint64_t>> remove(Choice& choice);
  void account(const Choice& choice, const Result<uint64_t>& outcome, uint64_t nanoseconds);

  net::EventLoop& loop_;
  Plan& plan_;
  const size_t workers_;
  net::HttpClient http_;
  Sender sender_;
  ObjectPicker picker_;
  sys::Random random_;
  Phase phase_;
  Nanoseconds deadline_{0};
  UniqueFunction<void()> done_;
  size_t running_ = 0;
  uint64_t next_own_ = 0;  // counter of the next object that is put
  uint64_t next_remove_ = 0;
  Statistics statistics_;
};

/// Reads the body to its end and compares it with the checksum in the headers. kBadChecksum when it differs; an object without a checksum
/// is only read. Returns the number of bytes.
net::Task<Result<uint64_t>> read_and_verify(net::ClientResponse& response, std::vector<char>& buffer);

}  // namespace ais::loader

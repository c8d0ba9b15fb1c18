// LoadLoop: the workers of one event loop. Each is a coroutine: choose, ask, wait for the answer, count; in closed loop at once again, in
// open loop when the next operation is due. Made, run and destroyed on its loop's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aisloader/arrivals.h"
#include "aisloader/object_picker.h"
#include "aisloader/plan.h"
#include "aisloader/sender.h"
#include "aisloader/statistics.h"
#include "api/cluster_client.h"
#include "base/function.h"
#include "codec/checksum.h"
#include "net/event_loop.h"
#include "net/http_client.h"

namespace ais::loader {

class LoadLoop {
 public:
  /// `index` < plan.options.threads; `workers` of all are this loop's. plan.gateways are valid URLs.
  LoadLoop(net::EventLoop& loop, Plan& plan, size_t index, size_t workers);

  /// Starts all workers on the phase; `done` is called on this thread when the last one has ended.
  void start(Phase phase, UniqueFunction<void()> done);
  /// What was measured since the last call.
  Statistics take_statistics();

 private:
  struct Choice {
    enum class Kind { kGet, kPut, kUpdate, kList, kRemove, kEnd } kind = Kind::kEnd;
    std::string target;
    uint64_t counter = 0;     // of an own object (kPut, kRemove)
    uint64_t size = 0;        // of a PUT
    uint64_t content = 0;     // seed of its bytes
    bool updates = false;     // kGet: a PUT of the same object follows
    bool put_failed = false;  // kRemove
  };
  /// What a worker keeps from operation to operation.
  struct Worker {
    std::vector<char> buffer;
    api::ListRequest page;  // the next page of its listing
    Nanoseconds pause{0};   // after the errors so far
    std::string updated;    // the object that was read, when it is to be updated
    Moments moments;        // of its request, when it is traced
  };
  struct Done {
    uint64_t bytes = 0;
    uint64_t names = 0;
  };
  async::Task<void> work();
  async::Task<void> work_open(Worker& worker);
  async::Task<void> work_closed(Worker& worker);
  /// One operation (and the update that follows it) that was due at `begun`; false when there is nothing more to do.
  async::Task<bool> operate(Worker& worker, uint64_t& begun);
  async::Task<void> pause(Worker& worker);

  // load_choice.cpp: what is next
  Choice choose();
  Choice choose_measured();
  Choice choose_put();
  /// Size and bytes of the PUT with this number of its kind: the same in every run with the seed, whatever happens in between.
  void draw_body(Choice& choice, uint64_t number) const;
  bool puts_used_up() const;
  bool reserve_put(uint64_t size);
  Choice choose_get();
  Choice choose_remove();
  Choice choose_preload();
  std::optional<Choice> choose_update(const Choice& get, Worker& worker);
  std::string target_of_own(uint64_t counter) const;
  bool is_over(uint64_t now) const;

  // load_operation.cpp: doing it
  async::Task<Result<Done>> run(Choice& choice, Worker& worker);
  async::Task<Result<Done>> put(Choice& choice, Worker& worker);
  async::Task<Result<Done>> get(Choice& choice, Worker& worker);
  async::Task<Result<Done>> list(Worker& worker);
  async::Task<Result<Done>> remove(Choice& choice);
  Nanoseconds timeout_now() const;
  /// Where send() notes the moments of the worker's request; null when nobody wants them.
  Moments* moments_of(Worker& worker) const { return plan_.trace.load(std::memory_order_relaxed) ? &worker.moments : nullptr; }
  void add_times(RequestTimes& times, const Moments& moments) const;
  void account(const Choice& choice, const Result<Done>& outcome, uint64_t begun, uint64_t ended);

  net::EventLoop& loop_;
  Plan& plan_;
  const size_t index_;
  const size_t workers_;
  net::HttpClient http_;
  Sender sender_;
  std::vector<api::ClusterClient> listers_;  // one a gateway, when there are listings
  ObjectPicker picker_;
  sys::Random random_;
  ArrivalGate gate_;
  Phase phase_;
  uint64_t deadline_ns_ = 0;
  UniqueFunction<void()> done_;
  size_t running_ = 0;  // workers
  size_t busy_ = 0;     // of them with an operation
  uint64_t last_success_ns_ = 0;
  uint64_t next_own_;  // counter of the next object that is put
  uint64_t next_remove_;
  std::vector<uint64_t> failed_puts_;  // counters, ascending from kRemove on: what they left, if anything, is removed last
  size_t next_failed_ = 0;
  static constexpr size_t kFailedPutsMax = 1'000'000;  // more are taken for objects that are there
  uint64_t next_update_ = 0;                           // counter of the next GET that an update follows
  PutBudget puts_;                                     // this loop's part of --maxputs
  const bool no_puts_;                                 // that part is nothing
  uint64_t preload_end_ = 0;
  Statistics statistics_;
};

/// Reads the body to its end and compares it with the checksum in the headers. kBadChecksum when it differs; an object without a checksum
/// is only read. Returns the number of bytes.
async::Task<Result<uint64_t>> read_and_verify(net::ClientResponse& response, std::vector<char>& buffer);

/// Monotonic nanoseconds.
uint64_t now_ns();

}  // namespace ais::loader

// Batch: the account of a command that does something to many objects: what was done, left out or failed, the progress line, and when
// to stop early: on SIGINT or SIGTERM, when the cluster cannot be reached any more, when nothing that follows can succeed.
//
// What tells of one object may be called from any thread; the rest belongs to the loop on which the batch was made. Made where the work
// begins (after questions were asked), since from then on the first signal no longer ends the process: it stops the batch. Requests in
// flight get kGrace to end; then the account is printed and the process ends without them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ais/command/invocation.h"
#include "ais/job/interrupt.h"
#include "ais/job/progress.h"
#include "base/status.h"

namespace ais::cli {

/// How the flags of a command and the terminal want the progress line.
ProgressLine::Mode progress_mode(const Invocation& invocation);

class Batch {
 public:
  struct Options {
    std::string done;             // for people, in the past: "uploaded"
    std::string planned;          // what a dry run says: "would upload"
    bool dry_run = false;         // nothing is changed, each object is told
    bool output_is_data = false;  // out carries the objects themselves: nothing else may be printed there
    bool resumable = false;       // the command has --skip-existing
    std::string nothing = "";     // said on a terminal when there was nothing to do: "nothing begins with ..."
    std::string things = "object";
    bool tells_bytes = true;  // sizes of objects are told as they are done; else the objects alone measure how far it is
  };
  /// What is done to one object, or would be.
  struct Plan {
    std::string from;
    std::string to;                // "" when there is no second name
    std::optional<uint64_t> size;  // unknown for pipes, and where nobody asked
  };
  static constexpr Nanoseconds kGrace = std::chrono::seconds(1);
  static constexpr unsigned kConnectionFailuresMax = 32;  // in a row
  static constexpr size_t kFailuresShown = 20;
  static constexpr size_t kFailuresKept = 1000;
  static constexpr size_t kReasonsKept = 64;  // of nodes that are out of reach

  Batch(Invocation& invocation, Options options);
  Batch(const Batch&) = delete;
  ~Batch();

  bool dry_run() const { return options_.dry_run; }
  /// --verbose: each object that was done is to be told.
  bool verbose() const { return verbose_; }
  /// No new work is to be taken. Any thread.
  bool stopped() const { return stop_.load(std::memory_order_relaxed) != Stop::kNo; }
  /// True when a progress line is shown: finding out the total is worth something.
  bool wants_total() const { return progress_.mode() != ProgressLine::Mode::kOff; }
  void set_total(uint64_t objects, uint64_t bytes);

  /// Each object was worked on to its end: unless one failed, a signal that came by then has interrupted nothing.
  void all_done() { all_done_ = true; }

  /// Around the work on one object. Any thread.
  void begin_item() { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void end_item() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }
  /// Bytes of a large object that is on its way, for the progress line: kept up to date by whoever moves them. Any thread.
  class Moving {
   public:
    /// `size` of the object; 0 when nobody knows.
    explicit Moving(Batch& batch, uint64_t size = 0);
    ~Moving();
    Moving(const Moving&) = delete;
    std::atomic<uint64_t> bytes{0};
    const uint64_t size;

   private:
    Batch& batch_;
  };
  /// Any thread.
  void object_done(uint64_t bytes);
  /// Beside object_done(), when verbose(). Any thread.
  void tell_done(Plan what);
  /// It was there already. Any thread.
  void object_skipped(uint64_t size);
  /// In a dry run, in place of object_done(). Any thread.
  void object_planned(Plan plan);
  /// It was given up since a signal came: it is as it was before, and the command is interrupted. Any thread.
  void object_given_up() { given_up_.fetch_add(1, std::memory_order_relaxed); }
  /// What an object is made of has come to its end. Ctrl-C ends the program before the pipe too, and what that wrote by then is not all
  /// of it: kCancelled when a signal came first, and the object must not be made. Any loop; resumes on it.
  async::Task<Status> end_of_input();
  /// Tells the first kFailuresShown on err, and of what failed for one cause (a node that is out of reach, a disk that is full or cannot be
  /// written) one and the number of the others; the first kFailuresKept are in the JSON result. Any thread.
  void object_failed(std::string_view name, const Status& why);

  /// What is no object and no failure, a pipe in a directory: told, and the command ends with an error that counts it. Any thread.
  void left_out(std::string_view name, const Status& why);

  /// Prints the result ("uploaded 12 objects, 3.00MiB", or JSON; nothing with --non-verbose) and returns an error when anything failed.
  /// `status` is an error that ended the work as a whole.
  Status finish(Status status = {});

 private:
  enum class Stop { kNo, kSignal, kUnreachable, kHopeless };
  struct Failure {
    std::string name, kind, why;
  };
  ProgressState progress_state();
  void stop(Stop why) { stop_.store(why, std::memory_order_relaxed); }
  bool stopped_by(Stop why) const { return stop_.load(std::memory_order_relaxed) == why; }
  bool interrupted() const { return stopped_by(Stop::kSignal) && (given_up_ > 0 || !all_done_ || failed_ > 0); }
  void count_object(std::atomic<uint64_t>& objects, std::atomic<uint64_t>& bytes, uint64_t size);
  void tell(const std::string& verb, Plan item);
  void print_item(const std::string& verb, const Plan& item);
  void note_failure(std::string name, const Status& why);
  void tell_first_failure();
  void tell(std::string_view name, const Status& why);
  bool is_told_already(const Status& why);
  void tell_repeated();
  std::string left_out_text() const;
  void watch_failures(const Status& why);
  void on_signal(int number);
  [[noreturn]] void abandon();
  void print_result();
  void print_json();
  std::string failures_text() const;

  Invocation& invocation_;
  const Options options_;
  const bool verbose_, quiet_;
  const std::chrono::steady_clock::time_point started_;
  std::atomic<uint64_t> objects_{0}, bytes_{0}, skipped_{0}, skipped_bytes_{0}, in_flight_{0}, given_up_{0};
  std::atomic<unsigned> connection_failures_{0};
  std::atomic<Stop> stop_{Stop::kNo};
  std::atomic<int> signal_{0};  // that stopped it
  std::mutex moving_mutex_;
  std::set<const Moving*> moving_;  // guarded by moving_mutex_
  std::optional<std::pair<uint64_t, uint64_t>> total_;
  uint64_t failed_ = 0, shown_ = 0, left_out_ = 0;
  std::map<std::string, uint64_t> kinds_;
  std::vector<Failure> failures_;
  std::map<std::string, uint64_t> repeated_;                     // what holds for many objects, and how often it was not shown again
  std::optional<std::pair<std::string, Status>> first_failure_;  // not told yet: alone it is the result
  std::atomic<bool> holds_first_failure_{false};
  bool all_done_ = false;
  bool items_begun_ = false;  // of the JSON document, when objects are told
  net::EventLoop* const loop_;
  net::EventLoop::TimerId grace_timer_ = 0;
  std::optional<InterruptWatch> watch_;
  ProgressLine progress_;  // last: it asks the fields above
};

}  // namespace ais::cli

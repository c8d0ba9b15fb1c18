// Invocation: one run of one command: its arguments and flags, where its output goes, and the cluster it talks to.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/cluster_client.h"
#include "base/units.h"
#include "cli/command_line.h"
#include "cli/spelling.h"
#include "cli/table.h"
#include "cli/text_width.h"
#include "cli/user_settings.h"
#include "net/event_loop.h"
#include "net/http_client.h"

namespace ais::cli {

/// Exit status of a program that a signal has ended: this and the number of the signal.
constexpr int kExitSignal = 128;

/// Where output goes and what may be assumed about it.
struct Terminal {
  FILE* out = stdout;
  FILE* err = stderr;
  bool colour_out = false;
  bool colour_err = false;
  bool progress = false;     // err is a terminal
  bool interactive = false;  // a person can answer questions
  /// The process's own streams; NO_COLOR in the environment turns colour off.
  static Terminal of_process();
};

class Invocation {
 public:
  /// `line` must have a command. The environment's endpoint is used when the line has none.
  Invocation(ParsedLine line, Terminal terminal);

  /// Runs the command and returns the exit status: 0 done, 1 failed (said on err), 2 wrong usage (said on err), 130 or 143 ended by
  /// SIGINT or SIGTERM, 141 nobody reads the output.
  int run();

  const std::vector<std::string>& arguments() const { return line_.arguments; }
  const std::string& argument(size_t index) const { return line_.arguments[index]; }
  bool has(std::string_view flag) const { return line_.flags.has(flag); }
  std::string get(std::string_view flag, std::string_view fallback = "") const { return line_.flags.get(flag, fallback); }
  std::vector<std::string> get_all(std::string_view flag) const { return line_.flags.get_all(flag); }
  /// A flag's value as number or size ("1MiB"), or the fallback; not a number is a usage error.
  Result<uint64_t> get_number(std::string_view flag, uint64_t fallback);
  Result<uint64_t> get_size(std::string_view flag, uint64_t fallback);
  /// "2s", "1m30s"; never negative.
  Result<Nanoseconds> get_duration(std::string_view flag, Nanoseconds fallback);
  bool json() const { return has("json"); }
  /// What --units says, and a number of bytes for people in it: "1.50MiB", "1.57MB", "1572864".
  SizeUnits units() const;
  std::string size_text(uint64_t bytes, int digits = 2) const { return format_size(bytes, digits, units()); }

  /// A Status that makes the exit status 2.
  Status usage_error(std::string text);
  /// A Status that makes the exit status that of a program which `signal` has ended, 130 or 143: it came before the command's end.
  Status interrupted(std::string text, int signal);
  /// True when confirm() would ask a person: a question may say more then.
  bool asks() const { return terminal_.interactive && !has("yes"); }
  /// OK when the user agrees to `question`: --yes, or an answer on a terminal. Otherwise a usage error.
  Status confirm(const std::string& question);
  /// For what cannot be undone at all: OK when the user types `phrase`. --yes is not enough; without a terminal a usage error.
  Status confirm_phrase(const std::string& warning, const std::string& phrase);

  api::ClusterClient& cluster() { return *cluster_; }
  /// The cluster for questions that are quick to answer: each ends with kTimeout after `patience`, or earlier where cluster() has less.
  api::ClusterClient impatient_cluster(Nanoseconds patience) const;
  /// Of a command that has --wait: the end of --timeout (default 1m), counted from the start of the program; a usage error when that is no
  /// time. Makes each question from now on end by then, and after kQuestionMax, so that a cluster that comes up is noticed.
  Result<Nanoseconds> keep_deadline();
  std::string endpoint() const;
  const Terminal& terminal() const { return terminal_; }

  /// Text or a line to out. Writing errors are remembered and fail the command at its end.
  void print(std::string_view text);
  void print_line(std::string_view text);
  void print_table(const Table& table);
  /// How tables are to look: colour, --no-headers, --no-footers.
  TableStyle table_style() const;
  /// What was printed goes on its way now; for output that comes in parts.
  void flush();
  /// False when nobody reads out any more (`ais ls | head`), or it cannot be written: a command that prints much, or for long, can end.
  /// The exit status will be 141, as of a program that SIGPIPE ended, or 1. Looks at a pipe even when nothing was written.
  bool output_wanted();
  void output_was_closed() { output_closed_ = true; }
  /// "error: ..." to err; trouble with one of many things. The command fails in the end.
  void complain(std::string_view text);
  /// "warning: ..." to err: what the user should know, and no failure.
  void warn(std::string_view text);
  /// A line to err when a person may be looking: what a script sees from an empty output.
  void remark(std::string_view text);

 private:
  static constexpr Nanoseconds kQuestionMax = std::chrono::seconds(5);

  Status load_settings();
  Status connect();
  bool is_local() const;
  std::string endpoint_hint() const;
  std::string advice_on(const Status& status);
  async::Task<std::string> silent_nodes();
  /// A target answers some questions for its own part only: kInvalid when the endpoint is one. Anything else is left to the command.
  async::Task<Status> check_gateway();
  Status check_units();

  ParsedLine line_;
  Terminal terminal_;
  UserSettings settings_;
  bool usage_failed_ = false;
  int output_error_ = 0;  // errno of the write that failed
  bool output_closed_ = false;
  int ended_by_ = 0;  // the signal
  const Nanoseconds started_ = std::chrono::steady_clock::now().time_since_epoch();
  bool gateway_answered_ = false;  // to the first question
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<api::ClusterClient> cluster_;
};

}  // namespace ais::cli

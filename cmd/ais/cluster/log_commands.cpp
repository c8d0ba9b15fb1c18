// `ais show log` and `ais log get`.
#include <sys/stat.h>
#include <unistd.h>

#include "ais/cluster/live.h"
#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_report.h"
#include "ais/command/commands.h"
#include "ais/command/item_report.h"
#include "ais/file/output_file.h"
#include "api/message.h"
#include "api/names.h"
#include "base/strings.h"
#include "cli/text_file.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

/// "info", "warning" or "error"; beginnings of them are understood.
Result<std::string> severity_flag(Invocation& invocation) {
  const std::string text = invocation.get("severity", "info");
  for (std::string_view known : {"info", "warning", "error"})
    if (!text.empty() && known.starts_with(text)) return std::string(known);
  return invocation.usage_error("--severity is info, warning or error, not \"" + text + "\"");
}

/// The last `lines` lines; all of the text for 0.
std::string_view last_lines(std::string_view text, uint64_t lines) {
  if (lines == 0) return text;
  size_t at = text.ends_with('\n') ? text.size() - 1 : text.size();
  for (; lines > 0; --lines) {
    size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    if (before == std::string_view::npos) return text;
    at = before;
  }
  return text.substr(at + 1);
}

/// Asks one node; an answer other than 200 is an error.
async::Task<Result<net::ClientResponse>> ask_for_log(Invocation& invocation, std::string node, std::string query) {
  // A log may take its time, so a silent node is found out beforehand.
  const Result<std::string> awake = co_await ask_one_node(invocation, node, "what=snode");
  if (awake.code() == Code::kUnavailable) co_return awake.status();
  net::ClientRequest request;
  request.set_url(invocation.cluster().endpoint());
  request.target = std::string(api::path::kReverse) + "/daemon?" + query;
  request.add_header(api::header::kNodeId, node);
  AIS_CO_TRY(net::ClientResponse response, co_await invocation.cluster().http().send_following(std::move(request)));
  if (response.status() == 200) co_return response;
  constexpr size_t kErrorMax = 64 * 1024;
  AIS_CO_TRY(const std::string text, co_await response.read_all(kErrorMax));
  co_return api::status_from_relayed_error(response.status(), text, node);
}

/// One run of `ais show log`.
class LogReader {
 public:
  LogReader(Invocation& invocation, std::string node, std::string severity, uint64_t tail)
      : invocation_(invocation), node_(std::move(node)), severity_(std::move(severity)), tail_(tail) {}

  /// Asks for what is new and prints it. The node says where the next question begins.
  async::Task<Status> read() {
    bool more = true;
    while (more) {
      std::string query = "what=log&severity=" + severity_ + "&after=" + position_;
      AIS_CO_TRY(net::ClientResponse response, co_await ask_for_log(invocation_, node_, std::move(query)));
      std::string position(response.headers().get_or_empty(api::header::kLogPosition));
      more = response.headers().get(api::header::kLogMore).has_value();
      const bool gap = response.headers().get(api::header::kLogGap).has_value();
      AIS_CO_TRY(const std::string text, co_await response.read_all(kAnswerMax));
      position_ = std::move(position);
      if (gap) invocation_.warn("lines of the log of " + node_ + " are missing here: their file is gone");
      take(text, more);
    }
    co_return Status();
  }
  /// Whether the node can say what is new; known after read().
  bool can_follow() const { return !position_.empty(); }

 private:
  static constexpr size_t kAnswerMax = 1ull << 30;

  /// The last lines, and a document for each look, are known when all has been read.
  void take(std::string_view text, bool more) {
    held_ += text;
    if (tail_ > 0) held_ = std::string(last_lines(held_, tail_));
    if (more && (tail_ > 0 || invocation_.json())) return;
    tail_ = 0;
    print(std::exchange(held_, ""));
  }

  void print(std::string_view text) {
    bool said = std::exchange(said_, true);  // JSON says once that there is nothing
    if (text.empty() && (said || !invocation_.json())) return;
    if (invocation_.json()) {
      codec::JsonWriter out;
      out.begin_object().field("node", node_).field("severity", severity_).field("log", text).end_object();
      print_whole(invocation_, out.take() + "\n");
    } else {
      print_whole(invocation_, text);
    }
  }

  Invocation& invocation_;
  const std::string node_, severity_;
  uint64_t tail_;         // lines of the first look; 0 = all
  std::string position_;  // behind what was read
  std::string held_;
  bool said_ = false;
};

/// Goes on until Ctrl-C or --count; a node that is away is said once, and again when something else is wrong with it.
async::Task<Status> follow(Invocation& invocation, LogReader& reader, Nanoseconds interval, uint64_t count) {
  std::string said;
  for (uint64_t looks = 1;; ++looks) {
    Status status = co_await reader.read();
    if (status.ok() && !reader.can_follow()) co_return Status(Code::kNotImplemented, "the node does not support following its log");
    if (looks == count) co_return status;
    if (!status.ok() && status.message() != said) invocation.warn(status.message());
    said = status.message();
    if (!invocation.output_wanted()) co_return Status();
    co_await async::sleep_for(interval);
  }
}

/// The bytes of one node's log, as they come, into `file`.
async::Task<Status> download_log(Invocation& invocation, std::string node, std::string query, OutputFile& file) {
  AIS_CO_TRY(net::ClientResponse response, co_await ask_for_log(invocation, std::move(node), std::move(query)));
  std::vector<char> buffer(256 * 1024);
  while (true) {
    AIS_CO_TRY(const size_t got, co_await response.read(std::span<char>(buffer)));
    if (got == 0) co_return file.commit();
    AIS_CO_RETURN_IF_ERROR(file.write(std::string_view(buffer.data(), got)));
  }
}

bool is_directory(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string parent_of(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

async::Task<Status> save_log(Invocation& invocation, std::string node, std::string query, std::string path) {
  PartialFolder partial(parent_of(path));
  AIS_CO_TRY(OutputFile file, OutputFile::create(path, partial));
  co_return co_await download_log(invocation, std::move(node), std::move(query), file);
}

async::Task<Status> save_logs(Invocation& invocation, std::string who, std::string where) {
  AIS_CO_TRY(const std::string severity, severity_flag(invocation));
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  std::vector<std::string> nodes;
  const bool everyone = who == "all" || who == "cluster";
  if (everyone) {
    for (const meta::Node* node : all_nodes(map)) nodes.push_back(node->id);
  } else {
    AIS_CO_TRY(const meta::Node* node, find_node(map, who));
    nodes.push_back(node->id);
  }
  if (everyone && where != "-" && access(where.c_str(), F_OK) != 0) AIS_CO_RETURN_IF_ERROR(make_directories(where));
  if (everyone && !is_directory(where))
    co_return invocation.usage_error("\"" + where + "\" is no directory; the logs of all nodes need one");
  const bool archive = everyone || invocation.has("all");
  const std::string query = "what=log&severity=" + severity + (archive ? "&all=true" : "");
  if (where == "-") co_return co_await save_log(invocation, nodes[0], query, where);
  ItemReport report(invocation, "log", "saved");
  for (const std::string& node : nodes) {
    std::string path = is_directory(where) ? where + "/" + node + (archive ? ".tar.gz" : ".log") : where;
    Status status = co_await save_log(invocation, node, query, path);
    const bool named = status.ok() || status.code() == Code::kUnavailable;
    report.add(path, named ? status : status.with_context(node));
  }
  co_return report.finish();
}

}  // namespace

async::Task<Status> show_log(Invocation& invocation) {
  AIS_CO_TRY(const std::string severity, severity_flag(invocation));
  AIS_CO_TRY(const uint64_t tail, invocation.get_number("tail", 0));
  AIS_CO_TRY(const uint64_t count, count_flag(invocation));
  constexpr Nanoseconds kPollDefault = std::chrono::seconds(1);
  AIS_CO_TRY(const Nanoseconds interval, refresh_interval(invocation, kPollDefault));
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const meta::Node* node, find_node(map, invocation.argument(0)));
  LogReader reader(invocation, node->id, severity, tail);
  bool live = invocation.has("follow") || invocation.has("refresh") || invocation.has("count");
  if (!live) co_return co_await reader.read();
  const StopSignals ending = end_on_interrupt();
  co_return co_await follow(invocation, reader, interval, count);
}

async::Task<Status> get_log(Invocation& invocation) {
  std::string where = invocation.arguments().size() > 1 ? invocation.argument(1) : ".";
  return save_logs(invocation, invocation.argument(0), std::move(where));
}

async::Task<Status> download_logs(Invocation& invocation) {
  return save_logs(invocation, "all", invocation.arguments().empty() ? "." : invocation.argument(0));
}

}  // namespace ais::cli

#include "ais/command/invocation.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/strings.h"
#include "cli/terminal_size.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

constexpr int kExitClosedPipe = 141;

bool can_colour(FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  bool dumb = term && std::string_view(term) == "dumb";
  return isatty(fileno(stream)) && !(no_colour && *no_colour) && !dumb;
}

/// Names in it come from anybody.
void write_marked(const Terminal& terminal, const char* colour, const char* mark, std::string_view text) {
  const char* open = terminal.colour_err ? colour : "";
  const char* close = terminal.colour_err ? "\033[0m" : "";
  std::fprintf(terminal.err, "%s%s:%s %s\n", open, mark, close, printable(text).c_str());
}

void write_error(const Terminal& terminal, std::string_view text) { write_marked(terminal, "\033[31;1m", "error", text); }

}  // namespace

Terminal Terminal::of_process() {
  Terminal out;
  out.colour_out = can_colour(stdout);
  out.colour_err = can_colour(stderr);
  out.progress = isatty(STDERR_FILENO);
  out.interactive = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
  return out;
}

Invocation::Invocation(ParsedLine line, Terminal terminal) : line_(std::move(line)), terminal_(terminal) {
  if (has("no-color")) terminal_.colour_out = terminal_.colour_err = false;
}

Status Invocation::check_units() {
  std::string units = get("units", "iec");
  if (units == "iec" || units == "si" || units == "raw") return {};
  return usage_error("--units: \"" + units + "\" is none of iec, si, raw");
}

std::string Invocation::endpoint() const { return has("endpoint") ? get("endpoint") : settings_.value("cluster.url").text; }

/// Commands about the user's own files need no cluster.
bool Invocation::is_local() const {
  const std::string path = std::string(line_.command->path) + " ";
  for (std::string_view local : {"alias ", "config cli ", "search ", "completion ", "version "})
    if (path.starts_with(local)) return true;
  return false;
}

Status Invocation::load_settings() {
  Result<UserSettings> settings = UserSettings::of_user();
  if (!settings.ok()) return is_local() ? Status() : settings.status();
  settings_ = std::move(settings).value();
  if (settings_.no_color()) terminal_.colour_out = terminal_.colour_err = false;
  return {};
}

/// Where a gateway that does not answer comes from.
std::string Invocation::endpoint_hint() const {
  if (has("endpoint")) return "from --endpoint";
  const std::string source = settings_.value("cluster.url").source;
  if (source == "the default") return "the default; set AIS_ENDPOINT, or start a cluster here with \"make deploy\"";
  return "from " + source;
}

/// What to look at when a node was out of reach: the endpoint where it is the gateway itself, else the nodes behind it.
std::string Invocation::advice_on(const Status& status) {
  bool silent = status.code() == Code::kTimeout;
  if (!silent && status.code() != Code::kConnectionFailed && status.code() != Code::kConnectionClosed) return "";
  bool at_gateway = status.message().find(cluster_->address() + ":") != std::string::npos;
  if (!silent || (at_gateway && !gateway_answered_)) return " (is the endpoint " + endpoint() + " right? It is " + endpoint_hint() + ")";
  std::string nodes = net::run_task(*loop_, silent_nodes());
  return nodes.empty() ? " (\"ais show cluster\" tells which node does not answer)" : " (" + nodes + ")";
}

/// A gateway is silent while it waits for a node: which one? "t[abc] at http://host:port does not answer", "" when all do.
async::Task<std::string> Invocation::silent_nodes() {
  constexpr Nanoseconds kPatience = std::chrono::seconds(2);
  constexpr size_t kNamedMax = 3;  // each one costs the patience
  api::ClusterClient cluster = *cluster_;
  cluster.set_timeout(kPatience);
  const Result<meta::ClusterMap> map = co_await cluster.cluster_map();
  std::vector<std::string> out;
  if (!map.ok()) co_return "";
  for (const auto* side : {&map->proxies, &map->targets})
    for (const auto& [id, node] : *side) {
      if (out.size() == kNamedMax) break;
      Result<std::string> answer = co_await cluster.node_query(id, "what=snode");
      bool is_away = answer.code() == Code::kTimeout || answer.code() == Code::kConnectionFailed;
      if (is_away) out.push_back((side == &map->proxies ? "p[" : "t[") + id + "] at " + node.public_net.url() + " does not answer");
    }
  co_return join(out, "; ");
}

Status Invocation::connect() {
  AIS_TRY(loop_, net::EventLoop::create("ais"));
  net::HttpClientOptions options;
  options.stall_timeout = settings_.timeout();
  http_ = std::make_unique<net::HttpClient>(*loop_, options);
  Result<api::ClusterClient> cluster = api::ClusterClient::create(*http_, endpoint());
  if (!cluster.ok()) return usage_error("endpoint \"" + endpoint() + "\": " + cluster.status().message());
  cluster_.emplace(std::move(cluster).value());
  return {};
}

api::ClusterClient Invocation::impatient_cluster(Nanoseconds patience) const {
  api::ClusterClient out = *cluster_;
  const Nanoseconds has = out.timeout();
  out.set_timeout(has.count() > 0 ? std::min(has, patience) : patience);
  return out;
}

Result<Nanoseconds> Invocation::keep_deadline() {
  constexpr Nanoseconds kDefault = std::chrono::minutes(1), kLeast = std::chrono::milliseconds(1);
  AIS_TRY(const Nanoseconds timeout, get_duration("timeout", kDefault));
  const Nanoseconds left = started_ + timeout - std::chrono::steady_clock::now().time_since_epoch();
  cluster_->set_timeout(std::clamp(left, kLeast, kQuestionMax));
  return started_ + timeout;
}

/// In front of other commands --wait is a word of AIStore's scripts.
static bool waits_for_cluster(const ParsedLine& line) { return line.flags.has("wait") && std::string_view(line.command->path) == "status"; }

async::Task<Status> Invocation::check_gateway() {
  if (is_local()) co_return Status();
  const bool waits = waits_for_cluster(line_);
  if (waits) AIS_CO_RETURN_IF_ERROR(keep_deadline().status());
  Result<std::string> text = co_await cluster().daemon_query("snode");
  // Asked again it would only be waited for again; who waits for a cluster does that anyway.
  if (text.code() == Code::kTimeout && !waits) co_return text.status();
  gateway_answered_ = text.ok();
  if (!text.ok()) co_return Status();
  Result<codec::JsonDocument> node = codec::JsonDocument::parse(*text);
  if (!node.ok() || node->root()["daemon_type"].string_or("") != "target") co_return Status();
  co_return usage_error("endpoint \"" + endpoint() + "\" is a target, a gateway is wanted; a target knows only a part of everything");
}

int Invocation::run() {
  Status status = check_units();
  if (status.ok()) status = load_settings();
  if (status.ok()) status = connect();
  if (status.ok()) status = net::run_task(*loop_, check_gateway());
  if (status.ok()) status = net::run_task(*loop_, line_.command->run(*this));
  flush();
  if (output_closed_) return kExitClosedPipe;
  if (status.ok() && output_error_ != 0) status = Status::from_errno(output_error_, "cannot write the output");
  if (status.ok()) return 0;
  std::string text = status.message();
  text += advice_on(status);
  write_error(terminal_, text.empty() ? status.to_string() : text);
  if (usage_failed_) std::fprintf(terminal_.err, "see \"ais %s --help\"\n", line_.command->path);
  if (ended_by_ != 0) return kExitSignal + ended_by_;
  return usage_failed_ ? 2 : 1;
}

Result<uint64_t> Invocation::get_number(std::string_view flag, uint64_t fallback) {
  Result<uint64_t> value = line_.flags.get_number(flag, fallback);
  return value.ok() ? std::move(value) : usage_error(value.status().message());
}

Result<uint64_t> Invocation::get_size(std::string_view flag, uint64_t fallback) {
  Result<uint64_t> value = line_.flags.get_size(flag, fallback);
  return value.ok() ? std::move(value) : usage_error(value.status().message());
}

Result<Nanoseconds> Invocation::get_duration(std::string_view flag, Nanoseconds fallback) {
  Result<Nanoseconds> value = line_.flags.get_duration(flag, fallback);
  return value.ok() ? std::move(value) : usage_error(value.status().message());
}

SizeUnits Invocation::units() const {
  std::string units = get("units");
  if (units == "raw") return SizeUnits::kRaw;
  return units == "si" ? SizeUnits::kSi : SizeUnits::kIec;
}

Status Invocation::usage_error(std::string text) {
  usage_failed_ = true;
  return {Code::kInvalid, std::move(text)};
}

Status Invocation::interrupted(std::string text, int signal) {
  ended_by_ = signal;
  return {Code::kCancelled, std::move(text)};
}

Status Invocation::confirm(const std::string& question) {
  if (has("yes")) return {};
  if (!terminal_.interactive) return usage_error(question + " Say --yes to go on without being asked.");
  std::fprintf(terminal_.err, "%s [y/N] ", question.c_str());
  std::fflush(terminal_.err);
  char answer[16] = {};
  if (std::fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y')) return {};
  return {Code::kCancelled, "not confirmed, nothing was done"};
}

Status Invocation::confirm_phrase(const std::string& warning, const std::string& phrase) {
  if (!terminal_.interactive) return usage_error(warning + " It has to be confirmed on a terminal, whatever --yes says.");
  std::fprintf(terminal_.err, "%s Type \"%s\" to go on: ", warning.c_str(), phrase.c_str());
  std::fflush(terminal_.err);
  char answer[256] = {};
  if (std::fgets(answer, sizeof(answer), stdin) && trim(answer) == phrase) return {};
  return {Code::kCancelled, "not confirmed, nothing was done"};
}

void Invocation::print(std::string_view text) {
  if (output_error_ != 0 || output_closed_) return;
  if (std::fwrite(text.data(), 1, text.size(), terminal_.out) == text.size()) return;
  if (errno == EPIPE) output_closed_ = true;
  else output_error_ = errno;
}

void Invocation::flush() {
  if (output_error_ != 0 || output_closed_ || std::fflush(terminal_.out) == 0) return;
  if (errno == EPIPE) output_closed_ = true;
  else output_error_ = errno;
}

bool Invocation::output_wanted() {
  pollfd reader{fileno(terminal_.out), 0, 0};
  if (reader.fd >= 0 && poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0) output_closed_ = true;
  return !output_closed_ && output_error_ == 0;
}

void Invocation::print_line(std::string_view text) {
  print(text);
  print("\n");
}

void Invocation::print_table(const Table& table) { print(table.render(table_style())); }

TableStyle Invocation::table_style() const {
  const size_t width = isatty(fileno(terminal_.out)) ? terminal_size(terminal_.out).columns : 0;
  return {.colour = terminal_.colour_out, .titles = !has("no-headers"), .width = width, .footers = !has("no-footers")};
}

void Invocation::remark(std::string_view text) {
  if (terminal_.progress && !json()) std::fprintf(terminal_.err, "%s\n", printable(text).c_str());
}

void Invocation::complain(std::string_view text) { write_error(terminal_, text); }
void Invocation::warn(std::string_view text) { write_marked(terminal_, "\033[33;1m", "warning", printable(text)); }

}  // namespace ais::cli

#include "ais/invocation.h"

#include <unistd.h>

#include <cstdlib>

#include "base/strings.h"
#include "base/units.h"

namespace ais::cli {
namespace {

constexpr const char* kDefaultEndpoint = "http://127.0.0.1:8080";

bool can_colour(FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  bool dumb = term && std::string_view(term) == "dumb";
  return isatty(fileno(stream)) && !(no_colour && *no_colour) && !dumb;
}

void write_error(const Terminal& terminal, std::string_view text) {
  const char* open = terminal.colour_err ? "\033[31;1m" : "";
  const char* close = terminal.colour_err ? "\033[0m" : "";
  std::fprintf(terminal.err, "%serror:%s %.*s\n", open, close, static_cast<int>(text.size()), text.data());
}

}  // namespace

Terminal Terminal::of_process() {
  Terminal out;
  out.colour_out = can_colour(stdout);
  out.colour_err = can_colour(stderr);
  out.progress = isatty(STDERR_FILENO);
  out.interactive = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
  return out;
}

Invocation::Invocation(ParsedLine line, Terminal terminal) : line_(std::move(line)), terminal_(terminal) {}

std::string Invocation::endpoint() const {
  if (has("endpoint")) return get("endpoint");
  for (const char* name : {"AIS_ENDPOINT", "AIS_URL"})
    if (const char* value = std::getenv(name); value && *value) return value;
  return kDefaultEndpoint;
}

Status Invocation::connect() {
  AIS_TRY(loop_, net::EventLoop::create("ais"));
  http_ = std::make_unique<net::HttpClient>(*loop_, net::HttpClientOptions{});
  Result<api::ClusterClient> cluster = api::ClusterClient::create(*http_, endpoint());
  if (!cluster.ok()) return usage_error("endpoint \"" + endpoint() + "\": " + cluster.status().message());
  cluster_.emplace(std::move(cluster).value());
  return {};
}

int Invocation::run() {
  Status status = connect();
  if (status.ok()) status = net::run_task(*loop_, line_.command->run(*this));
  if (std::fflush(terminal_.out) != 0) output_failed_ = true;
  if (status.ok() && output_failed_) status = Status(Code::kInputOutput, "cannot write the output");
  if (status.ok()) return 0;
  std::string text = status.message();
  if (status.code() == Code::kConnectionFailed) text += " (is the endpoint " + endpoint() + " right? see --endpoint)";
  write_error(terminal_, text.empty() ? status.to_string() : text);
  if (usage_failed_) std::fprintf(terminal_.err, "see \"ais %s --help\"\n", line_.command->path);
  return usage_failed_ ? 2 : 1;
}

std::string Invocation::get(std::string_view flag, std::string_view fallback) const {
  auto found = line_.flags.find(flag);
  return found == line_.flags.end() ? std::string(fallback) : found->second.back();
}

std::vector<std::string> Invocation::get_all(std::string_view flag) const {
  auto found = line_.flags.find(flag);
  return found == line_.flags.end() ? std::vector<std::string>() : found->second;
}

Result<uint64_t> Invocation::get_number(std::string_view flag, uint64_t fallback) {
  if (!has(flag)) return fallback;
  if (std::optional<uint64_t> value = parse_uint(get(flag))) return *value;
  return usage_error("--" + std::string(flag) + ": \"" + get(flag) + "\" is not a number");
}

Result<uint64_t> Invocation::get_size(std::string_view flag, uint64_t fallback) {
  if (!has(flag)) return fallback;
  if (std::optional<uint64_t> value = parse_size(get(flag))) return *value;
  return usage_error("--" + std::string(flag) + ": \"" + get(flag) + "\" is not a size such as 4096 or 1MiB");
}

Status Invocation::usage_error(std::string text) {
  usage_failed_ = true;
  return {Code::kInvalid, std::move(text)};
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

void Invocation::print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), terminal_.out) != text.size()) output_failed_ = true;
}

void Invocation::print_line(std::string_view text) {
  print(text);
  print("\n");
}

void Invocation::print_table(const Table& table) { print(table.render(terminal_.colour_out)); }

void Invocation::complain(std::string_view text) { write_error(terminal_, text); }

}  // namespace ais::cli

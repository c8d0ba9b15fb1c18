// Flags and environment of the daemons: the tree of ais-proxy and that of ais-target, each with only a root.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/daemon.h"
#include "base/strings.h"
#include "base/version.h"
#include "cli/completion.h"
#include "cli/pages.h"

namespace ais::app {
namespace {

using cli::Flag;
using cli::ValueKind;

constexpr int kUsageError = 100;
constexpr uint16_t kProxyPort = 8080;
constexpr uint16_t kTargetPort = 8081;
constexpr uint16_t kIntraPortDistance = 1000;
constexpr uint64_t kLoopsMax = 256;

constexpr Flag kNodeFlags[] = {
    {"state-dir", "DIRECTORY", "directory for the node's state, one per node; must be given", 0, false, ValueKind::kDirectory},
    {"log-dir", "DIRECTORY", "directory for the log (default: log in the state directory)", 0, false, ValueKind::kDirectory},
    {"id", "ID", "node id (default: the stored one, or a new one)", 0, false, ValueKind::kText},
    {"ready-file", "FILE", "file written once the node serves requests: pid, port, intra_port, id", 0, false, ValueKind::kFile},
    {"loops", "N", "event loops; 0 = one per usable CPU, at most 16 (default 0)", 0, false, ValueKind::kText},
};
constexpr Flag kNetworkFlags[] = {
    {"port", "N", "public port; 0 = any free one (default 8080, targets 8081)", 0, false, ValueKind::kText},
    {"intra-port", "N", "port for the other nodes of the cluster; 0 = any free one (default: public port + 1000)", 0, false,
     ValueKind::kText},
    {"bind", "ADDRESS", "address to listen on (default 0.0.0.0)", 0, false, ValueKind::kText},
    {"public-host", "HOST", "host name or address at which clients and other nodes reach this node", 0, false, ValueKind::kText},
    {"join", "URL", "a gateway to register with", 0, true, ValueKind::kText},
};
constexpr Flag kGatewayFlags[] = {
    {"primary", nullptr, "hold the cluster's metadata; exactly one gateway does"},
};
constexpr Flag kTargetFlags[] = {
    {"mountpath", "DIRECTORY", "directory to store objects under; one must be given", 0, true, ValueKind::kDirectory},
    {"allow-shared-filesystem", nullptr, "accept mountpaths that share a filesystem (for tests)"},
};
constexpr Flag kCommonFlags[] = {
    {"help", nullptr, "print this help", 'h'},
    {"version", nullptr, "print the version"},
};
constexpr cli::FlagGroup kProxyGroups[] = {{"Node", kNodeFlags}, {"Network", kNetworkFlags}, {"Gateway", kGatewayFlags}};
constexpr cli::FlagGroup kTargetGroups[] = {{"Node", kNodeFlags}, {"Network", kNetworkFlags}, {"Storage", kTargetFlags}};

constexpr char kIntroduction[] =
    "Every flag can also be set by an environment variable: --state-dir is AIS_STATE_DIR. The flag takes precedence. What may be given\n"
    "several times may also be separated by commas. A switch may be given a value (--primary=false).\n\n"
    "The first SIGTERM or SIGINT ends the node: requests in progress are finished.\n";
constexpr cli::Meaning kEnvironment[] = {
    {"AIS_STATE_DIR, AIS_PORT, ...", "what --state-dir, --port, ... say when they are not given"},
    {"AIS_USE_HTTPS, AIS_SERVER_CRT, AIS_SERVER_KEY", "must not ask for TLS: it is not there in this version"},
    {"AIS_AUTHN_ENABLED, AIS_AUTHN_SECRET_KEY, AIS_AUTHN_PUBLIC_KEY", "must not ask for authentication: it is not there in this version"},
};
constexpr cli::Meaning kExitStatuses[] = {
    {"0", "stopped by a signal"},
    {"100", "the command line or the environment is wrong"},
    {"111", "a system error at start; standard error and the log say which"},
};
constexpr cli::Example kProxyExamples[] = {
    {"ais-proxy --state-dir /var/lib/ais/proxy --primary", "the first gateway of a cluster, on port 8080"},
    {"AIS_STATE_DIR=/var/lib/ais/proxy AIS_PRIMARY=true ais-proxy", "the same from the environment"},
};
constexpr cli::Example kTargetExamples[] = {
    {"ais-target --state-dir /var/lib/ais/target --mountpath /disk1 --mountpath /disk2 --join http://gateway:8080",
     "a target of two disks"},
};
constexpr const char* kProxySeeAlso[] = {"ais-target(8)", "ais(1)"};
constexpr const char* kTargetSeeAlso[] = {"ais-proxy(8)", "ais(1)"};

cli::Program make_program(bool proxy) {
  cli::Program out;
  out.name = proxy ? "ais-proxy" : "ais-target";
  out.version = kVersionText;
  out.help = proxy ? "AIStore gateway: serves the API and redirects clients to targets." : "AIStore target: stores and serves objects.";
  out.introduction = kIntroduction;
  out.daemon = true;
  out.runs = true;
  if (proxy) out.flags = kProxyGroups;
  else out.flags = kTargetGroups;
  out.rules = {.switch_values = true, .variables = true};
  out.common = kCommonFlags;
  out.hidden = cli::packaging_flags();
  if (proxy) out.examples = kProxyExamples;
  else out.examples = kTargetExamples;
  out.environment = kEnvironment;
  out.exit_statuses = kExitStatuses;
  out.see_also = proxy ? kProxySeeAlso : kTargetSeeAlso;
  return out;
}

// What the original's daemons take from the environment for protection that is not there: to start without it would look like having
// it.
struct MissingVariable {
  const char* name;
  const char* feature;
  bool is_switch;
};
constexpr MissingVariable kMissingVariables[] = {
    {"AIS_USE_HTTPS", "TLS", true},
    {"AIS_SERVER_CRT", "TLS", false},
    {"AIS_SERVER_KEY", "TLS", false},
    {"AIS_AUTHN_ENABLED", "authentication", true},
    {"AIS_AUTHN_SECRET_KEY", "authentication", false},
    {"AIS_AUTHN_PUBLIC_KEY", "authentication", false},
};

Status check_environment() {
  for (const MissingVariable& variable : kMissingVariables) {
    const char* value = getenv(variable.name);
    const bool asks = value != nullptr && (variable.is_switch ? parse_bool_lenient(value) : *value != '\0');
    if (asks) return missing_feature(std::string(variable.name) + ": " + variable.feature);
  }
  return {};
}

Status read_number(const cli::FlagValues& flags, const char* name, uint64_t max, uint64_t& out) {
  AIS_TRY(out, flags.get_number(name, out));
  if (out <= max) return {};
  return {Code::kInvalid, "--" + std::string(name) + " must be from 0 to " + std::to_string(max)};
}

Status read_ports(const cli::FlagValues& flags, DaemonOptions& options) {
  uint64_t port = options.type == meta::NodeType::kProxy ? kProxyPort : kTargetPort;
  AIS_RETURN_IF_ERROR(read_number(flags, "port", UINT16_MAX, port));
  uint64_t intra_port = port != 0 && port <= UINT16_MAX - kIntraPortDistance ? port + kIntraPortDistance : 0;
  AIS_RETURN_IF_ERROR(read_number(flags, "intra-port", UINT16_MAX, intra_port));
  options.port = static_cast<uint16_t>(port);
  options.intra_port = static_cast<uint16_t>(intra_port);
  return {};
}

Status read_options(const cli::FlagValues& flags, DaemonOptions& options) {
  options.state_dir = flags.get("state-dir");
  options.log_dir = flags.get("log-dir");
  options.node_id = flags.get("id");
  options.ready_file = flags.get("ready-file");
  options.bind_address = flags.get("bind", options.bind_address);
  options.public_host = flags.get("public-host");
  options.join = flags.get_all("join");
  options.primary = flags.is_on("primary");
  options.mountpaths = flags.get_all("mountpath");
  options.allow_shared_filesystem = flags.is_on("allow-shared-filesystem");
  if (options.log_dir.empty()) options.log_dir = options.state_dir + "/log";
  if (options.state_dir.empty()) return {Code::kInvalid, "--state-dir is required"};
  if (options.type == meta::NodeType::kTarget && options.mountpaths.empty()) return {Code::kInvalid, "--mountpath is required"};
  AIS_RETURN_IF_ERROR(read_ports(flags, options));
  uint64_t loops = options.loops;
  AIS_RETURN_IF_ERROR(read_number(flags, "loops", kLoopsMax, loops));
  options.loops = loops;
  return check_environment();
}

}  // namespace

ParsedOptions parse_daemon_options(int argc, char** argv, meta::NodeType type) {
  const cli::Program program = make_program(type == meta::NodeType::kProxy);
  const std::vector<std::string> words(argv + 1, argv + argc);
  ParsedOptions parsed;
  parsed.options.type = type;
  if (!words.empty() && words[0] == "__complete") {
    cli::LiveNames nothing;
    parsed.exit_code = cli::print_completions(program, {words.begin() + 1, words.end()}, nothing, stdout);
    return parsed;
  }
  Result<cli::ParsedLine> line = cli::parse_line(program, words);
  Status status = line.status();
  if (line.ok() && line->kind != cli::ParsedLine::Kind::kRun) {
    Result<std::string> text = cli::page_of(program, *line);
    if (text.ok()) std::fputs(text->c_str(), stdout);
    if (text.ok()) parsed.exit_code = 0;
    status = text.status();
  } else if (line.ok()) {
    status = read_options(line->flags, parsed.options);
  }
  if (status.ok()) return parsed;
  std::fprintf(stderr, "%s: %s\n", program.name, status.message().c_str());
  parsed.exit_code = kUsageError;
  return parsed;
}

}  // namespace ais::app

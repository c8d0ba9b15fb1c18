// Flags and environment of the daemons.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "api/node_status.h"
#include "app/daemon.h"
#include "base/strings.h"

namespace ais::app {
namespace {

constexpr int kUsageError = 100;
constexpr uint16_t kProxyPort = 8080;
constexpr uint16_t kTargetPort = 8081;
constexpr uint16_t kIntraPortDistance = 1000;

// Which values were given; the others depend on them.
struct PortFlags {
  CLI::Option* port = nullptr;
  CLI::Option* intra_port = nullptr;
};

PortFlags add_network_options(CLI::App& cli, DaemonOptions& options) {
  PortFlags flags;
  flags.port = cli.add_option("--port", options.port, "Public port; 0 = any free one (default 8080, targets 8081)")->envname("AIS_PORT");
  flags.intra_port = cli.add_option("--intra-port", options.intra_port,
                                    "Port for the other nodes of the cluster; 0 = any free one (default: public port + 1000)")
                         ->envname("AIS_INTRA_PORT");
  cli.add_option("--bind", options.bind_address, "Address to listen on")->capture_default_str()->envname("AIS_BIND");
  cli.add_option("--public-host", options.public_host, "Host name or address that clients and other nodes reach this node by")
      ->envname("AIS_PUBLIC_HOST");
  cli.add_option("--join", options.join, "URL of a gateway to register with; may be repeated")->delimiter(',')->envname("AIS_JOIN");
  return flags;
}

void add_state_options(CLI::App& cli, DaemonOptions& options) {
  cli.add_option("--state-dir", options.state_dir, "Directory of the node's state, one per node")->required()->envname("AIS_STATE_DIR");
  cli.add_option("--log-dir", options.log_dir, "Directory of the log (default: log in the state directory)")->envname("AIS_LOG_DIR");
  cli.add_option("--id", options.node_id, "Node id (default: the stored one, or a new one)")->envname("AIS_ID");
  cli.add_option("--ready-file", options.ready_file, "File written when the node serves: pid, port, intra_port, id")
      ->envname("AIS_READY_FILE");
  cli.add_option("--loops", options.loops, "Event loops; 0 = one per usable CPU, at most 16")
      ->check(CLI::Range(0, 256))
      ->envname("AIS_LOOPS");
}

void add_role_options(CLI::App& cli, DaemonOptions& options) {
  if (options.type == meta::NodeType::kProxy) {
    cli.add_flag("--primary", options.primary, "Hold the cluster's metadata: exactly one gateway does")->envname("AIS_PRIMARY");
    return;
  }
  cli.add_option("--mountpath", options.mountpaths, "Directory to store objects under; may be repeated")
      ->delimiter(',')
      ->required()
      ->envname("AIS_MOUNTPATH");
  cli.add_flag("--allow-shared-filesystem", options.allow_shared_filesystem, "Accept mountpaths that share a filesystem (for tests)")
      ->envname("AIS_ALLOW_SHARED_FILESYSTEM");
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

void fill_ports(const PortFlags& flags, DaemonOptions& options) {
  if (flags.port->count() == 0) options.port = options.type == meta::NodeType::kProxy ? kProxyPort : kTargetPort;
  const bool derive = flags.intra_port->count() == 0 && options.port != 0 && options.port <= UINT16_MAX - kIntraPortDistance;
  if (derive) options.intra_port = static_cast<uint16_t>(options.port + kIntraPortDistance);
}

}  // namespace

ParsedOptions parse_daemon_options(int argc, char** argv, meta::NodeType type) {
  ParsedOptions parsed;
  parsed.options.type = type;
  const bool proxy = type == meta::NodeType::kProxy;
  CLI::App cli(proxy ? "AIStore gateway: serves the API and redirects clients to targets" : "AIStore target: stores and serves objects",
               proxy ? "ais-proxy" : "ais-target");
  cli.set_version_flag("--version", std::string(proxy ? "ais-proxy " : "ais-target ") + api::software_version());
  cli.footer("Every flag can be set by an environment variable too: --state-dir is AIS_STATE_DIR. A flag overrides it.");
  add_state_options(cli, parsed.options);
  const PortFlags ports = add_network_options(cli, parsed.options);
  add_role_options(cli, parsed.options);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = cli.exit(error) == 0 ? 0 : kUsageError;
    return parsed;
  }
  if (const Status environment = check_environment(); !environment.ok()) {
    std::fprintf(stderr, "%s: %s\n", cli.get_name().c_str(), environment.message().c_str());
    parsed.exit_code = kUsageError;
  }
  fill_ports(ports, parsed.options);
  if (parsed.options.log_dir.empty()) parsed.options.log_dir = parsed.options.state_dir + "/log";
  return parsed;
}

}  // namespace ais::app

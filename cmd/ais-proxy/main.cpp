// ais-proxy: the gateway. See README.md.
#include <cstdio>
#include <memory>
#include <utility>

#include "ais-proxy/proxy_server.h"

int main(int argc, char** argv) {
  constexpr int kSystemError = 111;
  ais::app::ParsedOptions parsed = ais::app::parse_daemon_options(argc, argv, ais::meta::NodeType::kProxy);
  if (parsed.exit_code >= 0) return parsed.exit_code;
  auto daemon = ais::app::Daemon::create(std::move(parsed.options));
  if (!daemon.ok()) {
    std::fprintf(stderr, "ais-proxy: %s\n", daemon.status().message().c_str());
    return kSystemError;
  }
  ais::proxy::ProxyServer server(std::move(*daemon));
  if (const ais::Status started = server.start(); !started.ok()) {
    std::fprintf(stderr, "ais-proxy: %s\n", started.message().c_str());
    return kSystemError;
  }
  return server.run();
}

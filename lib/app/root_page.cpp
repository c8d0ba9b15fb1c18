#include "app/root_page.h"

#include "base/log.h"
#include "base/version.h"

namespace ais::app {
namespace {

struct Link {
  const char* path;
  const char* text;
};
constexpr Link kOfEveryNode[] = {{"/v1/health", "whether it is ready (empty answer, status 200)"},
                                 {"/v1/daemon?what=node_status", "its status"},
                                 {"/v1/daemon?what=config", "its configuration"},
                                 {"/metrics", "its metrics, for Prometheus"}};
constexpr Link kOfGateways[] = {{"/v1/cluster?what=smap", "the map of the cluster"}, {"/v1/buckets", "the buckets"}};

constexpr std::string_view kStyle = "body{font:16px/1.5 sans-serif;max-width:44em;margin:3em auto;padding:0 1em}code{background:#eee}";

void add_link(std::string& page, const Link& link) {
  page.append("<li><a href=\"").append(link.path).append("\"><code>").append(link.path).append("</code></a>: ");
  page.append(link.text).append("</li>\n");
}

std::string root_page(meta::NodeType type, const std::string& display_name) {
  const bool is_gateway = type == meta::NodeType::kProxy;
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>AIStore</title><style>";
  page.append(kStyle).append("</style></head><body>\n<h1>AIStore</h1>\n<p>This is ");
  page.append(is_gateway ? "a gateway" : "a storage target").append(" of an object store, <code>").append(display_name);
  page.append("</code>. It speaks AIStore's REST API (")
      .append(kProtocolVersion)
      .append("), and its own version is ")
      .append(kVersion)
      .append("; there is nothing to click here.</p>\n");
  page.append(
      is_gateway
          ? "<p>Tools take this address as <code>AIS_ENDPOINT</code>: try <code>ais show cluster</code> and <code>ais ls</code>.</p>\n"
          : "<p>Clients begin at a gateway, which sends them here: <code>AIS_ENDPOINT</code> is the address of a gateway.</p>\n");
  page.append("<ul>\n");
  for (const Link& link : kOfEveryNode) add_link(page, link);
  if (is_gateway) {
    for (const Link& link : kOfGateways) add_link(page, link);
  }
  page.append(
      "</ul>\n<p>Documentation: <code>man ais</code>, <code>ais --help</code>, and the folder <code>docs</code> of the source: "
      "<code>rest_api.md</code> for programs, <code>shell_tour.md</code> for people.</p>\n</body></html>\n");
  return page;
}

}  // namespace

bool asks_for_root_page(const net::HttpRequest& request) {
  if (request.path != "/" || (request.method != net::Method::kGet && request.method != net::Method::kHead)) return false;
  return request.headers.get_or_empty("Accept").find("text/html") != std::string_view::npos;
}

async::Task<void> serve_root_page(net::HttpExchange& exchange, meta::NodeType type, std::string display_name) {
  const std::string page = root_page(type, display_name);
  exchange.start(200)
      .add("Content-Type", "text/html; charset=utf-8")
      .add_block(
          "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: "
          "nosniff\r\n");
  const Status sent = co_await exchange.send(page);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

}  // namespace ais::app

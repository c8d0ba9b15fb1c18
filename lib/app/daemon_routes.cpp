// Finding the handler of a request.
#include <algorithm>

#include "api/message.h"
#include "app/daemon_impl.h"
#include "app/root_page.h"
#include "base/log.h"
#include "base/strings.h"

namespace ais::app {
namespace {

uint32_t method_bit(net::Method method) { return 1u << static_cast<unsigned>(method); }

uint32_t methods_of(std::string_view allow) {
  static constexpr net::Method kMethods[] = {net::Method::kGet,  net::Method::kHead,   net::Method::kPut,
                                             net::Method::kPost, net::Method::kDelete, net::Method::kPatch};
  uint32_t bits = 0;
  for (std::string_view item : split(allow, ',')) {
    for (const net::Method method : kMethods) {
      if (trim(item) == net::method_name(method)) bits |= method_bit(method);
    }
  }
  return bits;
}

bool matches(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

const RouteEntry* find_route(const std::vector<RouteEntry>& routes, std::string_view path, bool public_side) {
  for (const RouteEntry& entry : routes) {
    if (!(public_side ? entry.route.public_side : entry.route.intra_side)) continue;
    if (matches(path, entry.route.prefix)) return &entry;
  }
  return nullptr;
}

async::Task<void> refuse_method(net::HttpExchange& exchange, std::string_view allow) {
  const Status sent = co_await api::respond_method(exchange, allow);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

// "//v1/daemon" comes from an endpoint that was configured with a slash at its end.
async::Task<void> redirect_to_clean_path(net::HttpExchange& exchange) {
  const std::string_view target = exchange.request().target;
  const size_t first = std::min(target.find_first_not_of('/'), target.size());
  exchange.start(307).add("Location", "/" + std::string(target.substr(first)));
  const Status sent = co_await exchange.send("");
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

async::Task<void> refuse_path(const Daemon::Impl& impl, net::HttpExchange& exchange) {
  const Status error = Status(Code::kBadRequest, "invalid URL path \"" + std::string(exchange.request().path) + "\"").with_http_status(404);
  const Status sent = co_await api::respond_error(exchange, error, impl.display_name);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

// A peer that knows the ports from an earlier run may call before the node knows itself.
async::Task<void> refuse_early(net::HttpExchange& exchange) {
  exchange.start(503).add("Retry-After", uint64_t{1});
  const Status sent = co_await exchange.send("");
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

async::Task<void> refuse_unfit(const Daemon::Impl& impl, net::HttpExchange& exchange) {
  const Status error(Code::kUnavailable, impl.unfit_reason());
  const Status sent = co_await api::respond_error(exchange, error, impl.display_name);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

}  // namespace

std::vector<RouteEntry> prepare_routes(std::vector<Route> routes) {
  std::vector<RouteEntry> entries;
  for (Route& route : routes) {
    while (route.prefix.size() > 1 && route.prefix.back() == '/') route.prefix.remove_suffix(1);
    if (route.prefix == "/") route.prefix = "";  // below it is everything
    const uint32_t methods = methods_of(route.allow);
    const uint32_t anytime = methods_of(route.anytime);
    entries.push_back(RouteEntry{std::move(route), methods, anytime});
  }
  // Stable: of two rows with the same prefix the daemon's own, which stands first, wins over the common one.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const RouteEntry& a, const RouteEntry& b) { return a.route.prefix.size() > b.route.prefix.size(); });
  return entries;
}

async::Task<void> dispatch(const Daemon::Impl& impl, net::HttpExchange& exchange, bool public_side) {
  if (!impl.listening.load(std::memory_order_acquire)) return refuse_early(exchange);
  const net::HttpRequest& request = exchange.request();
  if (request.path == "*") return refuse_method(exchange, "GET, HEAD, PUT, DELETE, PATCH, POST");  // OPTIONS: of the server as a whole
  const RouteEntry* entry = find_route(impl.routes, request.path, public_side);
  if (entry == nullptr && asks_for_root_page(request)) return serve_root_page(exchange, impl.node.type, impl.display_name);
  if (entry == nullptr) return request.path.starts_with("//") ? redirect_to_clean_path(exchange) : refuse_path(impl, exchange);
  if ((entry->methods & method_bit(request.method)) == 0) return refuse_method(exchange, entry->route.allow);
  const bool unfit = impl.unfit.load(std::memory_order_relaxed);
  if (unfit && (entry->anytime & method_bit(request.method)) == 0) return refuse_unfit(impl, exchange);
  return entry->route.handler(exchange);
}

}  // namespace ais::app

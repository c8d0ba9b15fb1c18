#include "ais-proxy/easy_url.h"

#include <utility>

#include "api/message.h"
#include "api/names.h"
#include "base/strings.h"

namespace ais::proxy {

namespace {

bool names_provider(std::string_view raw_query) {
  for (const std::string_view item : split(raw_query, '&')) {
    if (item.substr(0, item.find('=')) == api::query::kProvider) return true;
  }
  return false;
}

}  // namespace

EasyTarget translate_easy_url(std::string_view raw_path, std::string_view raw_query) {
  raw_path.remove_prefix(1);
  const size_t end = raw_path.find('/');
  const std::string_view scheme = raw_path.substr(0, end);
  std::string_view rest = end == std::string_view::npos ? std::string_view() : raw_path.substr(end);
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  const size_t slash = rest.find('/');
  EasyTarget target;
  target.object = slash != std::string_view::npos && slash + 1 < rest.size();
  target.raw_path = target.object ? std::string(api::path::kObjects) : std::string(api::path::kBuckets) + "/";
  target.raw_path.append(target.object ? rest : rest.substr(0, slash));
  target.raw_query = raw_query;
  if (!names_provider(raw_query)) {
    if (!target.raw_query.empty()) target.raw_query.push_back('&');
    target.raw_query.append("provider=").append(scheme);
  }
  return target;
}

async::Task<void> EasyUrl::handle(net::HttpExchange& exchange) {
  const net::HttpRequest& request = exchange.request();
  EasyTarget target = translate_easy_url(request.path, request.query);
  if (target.object) {
    co_await objects_.handle_as(exchange, std::move(target.raw_path), std::move(target.raw_query));
  } else if (request.method == net::Method::kPut) {
    const Status missing(Code::kInvalid, "object name is missing");
    co_await answer(api::respond_error(exchange, missing, context_.name));
  } else {
    co_await buckets_.handle_as(exchange, std::move(target.raw_path), std::move(target.raw_query));
  }
}

}  // namespace ais::proxy

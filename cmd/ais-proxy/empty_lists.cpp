#include "ais-proxy/empty_lists.h"

#include <string>
#include <utility>
#include <vector>

#include "api/message.h"
#include "api/names.h"
#include "api/query.h"
#include "codec/json.h"

namespace ais::proxy {

namespace {

constexpr std::string_view kDownload = "/v1/download", kSort = "/v1/sort", kEtl = "/v1/etl";

Status bad_path(const net::HttpRequest& request) {
  return Status(Code::kBadRequest, "invalid URL path \"" + std::string(request.path) + "\"");
}

Status unknown(std::string_view what, const std::string& id) {
  return Status(Code::kNotFound, std::string(what) + " " + id + " does not exist");
}

/// DELETE of a job that has to be named.
Status refuse_removal(std::string_view what, const std::string& id) {
  return id.empty() ? Status(Code::kInvalid, "the id of the " + std::string(what) + " is missing") : unknown(what, id);
}

async::Task<Result<bool>> judge_download(net::HttpExchange& exchange) {
  const net::HttpRequest& request = exchange.request();
  if (request.method == net::Method::kPost) co_return missing_feature("downloading");
  AIS_CO_TRY(const std::vector<std::string> items, api::parse_path_items(request.path, kDownload));
  const bool removal = request.method == net::Method::kDelete;
  const bool right = removal ? items.size() == 1 && (items[0] == "abort" || items[0] == "remove") : items.empty();
  if (!right) co_return bad_path(request);
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  std::string id;
  if (!body.empty()) {
    AIS_CO_TRY(const codec::JsonDocument document, codec::JsonDocument::parse(body));
    id = document.root()["id"].string_or("");
  }
  if (removal) co_return refuse_removal("download job", id);
  if (!id.empty()) co_return unknown("download job", id);
  co_return true;
}

Result<bool> judge_sort(const net::HttpRequest& request) {
  if (request.method == net::Method::kPost) return missing_feature("sorting of shards");
  AIS_TRY(const std::vector<std::string> items, api::parse_path_items(request.path, kSort));
  const bool removal = request.method == net::Method::kDelete;
  if (!items.empty() && !(removal && items.size() == 1 && items[0] == "abort")) return bad_path(request);
  AIS_TRY(const api::QueryParameters query, api::QueryParameters::parse(request.query));
  const std::string id = query.get_or_empty(api::query::kUuid);
  if (removal) return refuse_removal("dsort job", id);
  if (!id.empty()) return unknown("dsort job", id);
  return true;
}

Result<bool> judge_etl(const net::HttpRequest& request) {
  AIS_TRY(const std::vector<std::string> items, api::parse_path_items(request.path, kEtl));
  if (request.method == net::Method::kPut) return missing_feature("ETL");
  // Clients look for these words.
  if (!items.empty()) return unknown("etl job", items[0]);
  if (request.method != net::Method::kGet) return Status(Code::kInvalid, "the name of the etl job is missing");
  return true;
}

}  // namespace

async::Task<void> EmptyLists::respond(net::HttpExchange& exchange, Result<bool> list) {
  if (list.ok()) {
    co_await answer(api::respond_json(exchange, "[]"));
    co_return;
  }
  context_.count(ProxyMetric::kErrHttp);
  co_await answer(api::respond_error(exchange, list.status(), context_.name));
}

async::Task<void> EmptyLists::handle_downloads(net::HttpExchange& exchange) {
  Result<bool> judged = co_await judge_download(exchange);
  co_await respond(exchange, std::move(judged));
}

async::Task<void> EmptyLists::handle_sorts(net::HttpExchange& exchange) { return respond(exchange, judge_sort(exchange.request())); }
async::Task<void> EmptyLists::handle_etls(net::HttpExchange& exchange) { return respond(exchange, judge_etl(exchange.request())); }

}  // namespace ais::proxy

#include "ais-target/native/list.h"

#include "ais-target/operations/list.h"
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"

namespace ais::target {
namespace {

// An empty body of a client that does not speak JSON (a browser, curl) means: everything, by default.
Result<api::ListRequest> parse_list_body(const net::HttpRequest& request, const std::string& body) {
  if (body.empty() && !request.headers.get_or_empty("Content-Type").starts_with("application/json")) return api::ListRequest{};
  AIS_TRY(const api::ActionMessage message, api::ActionMessage::read(request, body));
  if (message.action != api::action::kList)
    return api::refuse_action(api::ActionOn::kBucket, net::Method::kGet, message.action, api::action::kList);
  if (message.value.is_null()) return Status(Code::kInvalid, "list: missing value");
  return api::ListRequest::read_json(message.value);
}

Result<ListQuery> read_list_query(TargetContext& target, const net::HttpRequest& http, const std::string& body) {
  AIS_TRY(const api::QueryParameters query, api::QueryParameters::parse(http.query));
  AIS_TRY(const std::vector<std::string> items, api::parse_path_items(http.path, api::path::kBuckets));
  if (items.size() != 1) return Status(Code::kInvalid, "bucket name is missing, or followed by an unexpected path");
  ListQuery listing;
  AIS_TRY(listing.bucket, query.bucket(items[0]));
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(listing.bucket.name));
  AIS_TRY(const ObjectRef bucket, make_object_ref(target.daemon.cluster(), listing.bucket, ""));
  AIS_RETURN_IF_ERROR(bucket.check_access(meta::kAccessListObjects));
  AIS_TRY(listing.request, parse_list_body(http, body));
  return listing;
}

async::Task<Status> answer_page(net::HttpExchange& exchange, ListingPage page) {
  if (api::accepts_msgpack(exchange.request())) co_return co_await api::respond_msgpack(exchange, std::move(page.bytes));
  AIS_CO_TRY(const api::EncodedPage encoded, api::EncodedPage::parse(std::move(page.bytes)));
  AIS_CO_TRY(std::string json, api::page_to_json(encoded));
  co_return co_await api::respond_json(exchange, std::move(json));
}

}  // namespace

async::Task<Status> list_objects(TargetContext& target, net::HttpExchange& exchange, Side side) {
  Result<std::string> body = co_await exchange.read_whole_body(api::kControlBodyMax);
  if (!body.ok()) co_return body.status();
  Result<ListQuery> query = read_list_query(target, exchange.request(), *body);
  if (query.code() == Code::kBucketNotFound) {
    (void)co_await target.bucket_refresh.refresh();
    query = read_list_query(target, exchange.request(), *body);
  }
  if (!query.ok()) co_return query.status();
  if (side == Side::kPublic && query->request.uuid.empty())
    co_return Status(Code::kInvalid, "list-objects: invalid UUID \"\": " + target.node_name + " has a part of the bucket, ask a gateway");
  if (!target.buckets_are_settled()) co_await target.settle_buckets();
  Result<ListingPage> page = co_await list(target, std::move(*query));
  if (!page.ok()) co_return page.status();
  co_return co_await answer_page(exchange, std::move(*page));
}

}  // namespace ais::target

#include "ais-proxy/bucket_routes.h"

#include <functional>
#include <optional>
#include <utility>

#include "ais-proxy/bucket_edits.h"
#include "ais-proxy/relay.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/query.h"
#include "base/strings.h"

namespace ais::proxy {

namespace {

constexpr std::string_view kSystemPrefix = ".sys-";
constexpr std::string_view kInventoryName = "Ais-Inv-Name", kFromInventory = "Ais-Bucket-Inventory";
constexpr std::string_view kSummary = "bsumm_remote";

// "Easy" requests of curl and browsers come without a body and without claiming JSON.
bool is_easy(const net::HttpRequest& request) {
  if (request.has_body()) return false;
  return to_lower(request.headers.get_or_empty("Content-Type")).rfind("application/json", 0) != 0;
}

// "All remote clusters" instead of the name of one (rest-api 2.4).
bool names_any_remote(const std::optional<std::string>& namespace_text) {
  return namespace_text && (*namespace_text == "@" || namespace_text->starts_with("@@"));
}

}  // namespace

// One request: its bucket (no name: all of them) and its query, which views into `raw_query`.
struct BucketRoutes::Call {
  std::string raw_path, raw_query;
  api::QueryParameters query;
  std::vector<std::string> items;
  meta::Bucket bucket;
  bool any_remote = false;
  bool lists_objects = false;
  bool has_bucket() const { return !items.empty(); }

  Status parse() {
    AIS_TRY(query, api::QueryParameters::parse(raw_query));
    AIS_TRY(items, api::parse_path_items(raw_path, api::path::kBuckets));
    any_remote = !has_bucket() && names_any_remote(query.get(api::query::kNamespace));
    if (!any_remote) {
      AIS_TRY(bucket, query.bucket(has_bucket() ? items.front() : std::string()));
    }
    return api::parse_presence(query.get(api::query::kPresence)).status();
  }
};

std::string buckets_json(const meta::BucketMetadata& bmd, std::string_view provider, const meta::Bucket& wanted, bool with_system) {
  codec::JsonWriter out;
  out.begin_array();
  for (const auto& [uname, entry] : bmd.buckets) {
    const meta::Bucket& bucket = entry.first;
    if (!provider.empty() && bucket.provider != provider) continue;
    const bool named = !wanted.name.empty();
    if (named && bucket.name != wanted.name) continue;
    if ((named || !wanted.ns.name.empty()) && bucket.ns != wanted.ns) continue;
    if (!with_system && bucket.name.rfind(kSystemPrefix, 0) == 0) continue;
    out.begin_object().field("name", bucket.name).field("provider", bucket.provider);
    out.key("namespace").begin_object().field("uuid", bucket.ns.uuid).field("name", bucket.ns.name).end_object();
    out.end_object();
  }
  out.end_array();
  return out.take();
}

async::Task<void> BucketRoutes::handle(net::HttpExchange& exchange) {
  return handle_as(exchange, std::string(exchange.request().path), std::string(exchange.request().query));
}

async::Task<void> BucketRoutes::handle_as(net::HttpExchange& exchange, std::string raw_path, std::string raw_query) {
  Call call;
  call.raw_path = std::move(raw_path);
  call.raw_query = std::move(raw_query);
  Status outcome = call.parse();
  if (outcome.ok()) outcome = co_await serve(exchange, call);
  if (outcome.ok()) co_return;
  context_.count(call.lists_objects ? ProxyMetric::kErrList : ProxyMetric::kErrHttp);
  co_await answer(api::respond_error(exchange, outcome, context_.name));
}

// Not OK: nothing was answered yet.
async::Task<Status> BucketRoutes::serve(net::HttpExchange& exchange, Call& call) {
  switch (exchange.request().method) {
    case net::Method::kGet: co_return co_await get(exchange, call);
    case net::Method::kHead: co_return co_await head(exchange, call);
    default: co_return co_await change(exchange, call);
  }
}

async::Task<Status> BucketRoutes::get(net::HttpExchange& exchange, Call& call) {
  if (call.items.size() > 1) co_return Status(Code::kInvalid, "unexpected path below the bucket name");
  if (is_easy(exchange.request())) {
    if (call.has_bucket()) co_return co_await list_objects(exchange, call, codec::JsonView());
    co_return co_await list_buckets(exchange, call, std::string());
  }
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  AIS_CO_TRY(const api::ActionMessage message, api::ActionMessage::read(exchange.request(), body));
  if (message.action == api::action::kShowInventory) co_return co_await list_inventories(exchange, call);
  if (message.action != api::action::kList) co_return refuse_action(net::Method::kGet, call.bucket, message.action, api::action::kList);
  if (message.value.is_null()) co_return co_await list_buckets(exchange, call, message.name);
  if (!call.has_bucket()) co_return Status(Code::kInvalid, "listing objects needs a bucket name in the path");
  co_return co_await list_objects(exchange, call, message.value);
}

async::Task<Status> BucketRoutes::list_buckets(net::HttpExchange& exchange, const Call& call, std::string name) {
  if (call.has_bucket() && call.items.front() != name && !is_easy(exchange.request()))
    co_return Status(Code::kInvalid, "bucket name in the path \"" + call.items.front() + "\" and in the message \"" + name + "\" differ");
  const std::string given = call.query.get_or_empty(api::query::kProvider);
  std::string provider;
  if (!given.empty()) {
    AIS_CO_TRY(provider, meta::normalize_provider(given));
  }
  if (!provider.empty()) AIS_CO_RETURN_IF_ERROR(api::check_backend(provider));
  if (!call.bucket.ns.uuid.empty())
    co_return Status(Code::kRemoteBucketNotFound, "remote cluster \"" + call.bucket.ns.uname() + "\" does not exist: none is attached");
  std::string json = "[]";  // of all remote clusters: none is attached
  if (!call.any_remote) {
    const meta::Bucket wanted{.name = std::move(name), .provider = {}, .ns = call.bucket.ns};
    json = buckets_json(*context_.daemon.cluster().snapshot().bmd, provider, wanted, call.query.get_bool("sys"));
  }
  co_await answer(api::respond_json(exchange, std::move(json)));
  co_return Status();
}

// By name, of this bucket or of all: nobody can make one.
async::Task<Status> BucketRoutes::list_inventories(net::HttpExchange& exchange, const Call& call) {
  if (call.has_bucket() && context_.daemon.cluster().snapshot().bmd->find(call.bucket) == nullptr)
    co_return api::bucket_missing(call.bucket);
  co_await answer(api::respond_json(exchange, "{}"));
  co_return Status();
}

async::Task<Status> BucketRoutes::list_objects(net::HttpExchange& exchange, Call& call, codec::JsonView value) {
  call.lists_objects = true;
  api::ListRequest request;
  if (!value.is_null()) {
    AIS_CO_TRY(request, api::ListRequest::read_json(value));
  }
  const meta::BucketProperties* props = context_.daemon.cluster().snapshot().bmd->find(call.bucket);
  if (props == nullptr) co_return api::bucket_missing(call.bucket);
  if (request.flags & api::kListNotCached)
    co_return Status(Code::kInvalid, "flag not-cached needs a remote bucket (have \"" + call.bucket.cname() + "\")");
  const net::HeaderList& headers = exchange.request().headers;
  const std::optional<bool> from_inventory = parse_bool(headers.get_or_empty(kFromInventory));
  if (!from_inventory) co_return Status(Code::kInvalid, "invalid header " + std::string(kFromInventory) + ": expecting true or false");
  const bool inventory = headers.get(kInventoryName) || *from_inventory;
  if (inventory || (request.flags & api::kListInventory) != 0) co_return missing_feature("bucket inventory");
  if (request.flags & api::kListArchiveDirectory) co_return missing_feature("listing of archives");
  co_await listing_.handle(exchange, call.bucket, std::move(request));
  co_return Status();
}

async::Task<Status> BucketRoutes::head(net::HttpExchange& exchange, const Call& call) {
  if (!call.has_bucket()) co_return Status(Code::kInvalid, "bucket name is missing");
  const meta::BucketProperties* props = context_.daemon.cluster().snapshot().bmd->find(call.bucket);
  if (props == nullptr) co_return api::bucket_missing(call.bucket);
  if (!call.query.get_or_empty(kSummary).empty()) co_return missing_feature(std::string(kSummary) + ": summarising of buckets");
  if (call.items.size() > 1) co_return Status(Code::kInvalid, "a prefix in the path is only for bucket summaries");
  AIS_CO_RETURN_IF_ERROR(props->check_access(meta::kAccessHeadBucket, call.bucket));
  codec::JsonWriter json;
  props->write_json(json);
  exchange.start(200).add(api::header::kBucketProps, json.take());
  co_await answer(exchange.send_head_only(0));
  co_return Status();
}

async::Task<Status> BucketRoutes::change(net::HttpExchange& exchange, Call& call) {
  if (!call.has_bucket()) co_return Status(Code::kInvalid, "bucket name is missing");
  if (call.items.size() > 1) co_return Status(Code::kInvalid, "unexpected path below the bucket name");
  if (!editor_.is_primary()) {
    co_await forward_to_primary(context_, exchange);
    co_return Status();
  }
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  AIS_CO_TRY(const api::ActionMessage message, api::ActionMessage::read(exchange.request(), body));
  AIS_CO_RETURN_IF_ERROR(message.check_utf8());
  AIS_CO_TRY(DocumentEdit edit, edit_for(exchange.request().method, call.bucket, message));
  AIS_CO_RETURN_IF_ERROR(co_await editor_.apply(std::move(edit), Distribution::kWait));
  AIS_INFO("buckets", "%s \"%s\" done", message.action.c_str(), call.bucket.cname().c_str());
  co_await answer(api::respond_text(exchange, std::string()));
  co_return Status();
}

// A bucket that is not there is told before a feature that is not.
Status BucketRoutes::refuse_action(net::Method method, const meta::Bucket& bucket, std::string_view action,
                                   std::string_view expected) const {
  Status refused = api::refuse_action(api::ActionOn::kBucket, method, action, expected);
  const bool missing_bucket = !bucket.name.empty() && context_.daemon.cluster().snapshot().bmd->find(bucket) == nullptr;
  return refused.code() == Code::kNotImplemented && missing_bucket ? api::bucket_missing(bucket) : refused;
}

// The edit refers to `bucket` and `message`, which outlive it.
Result<DocumentEdit> BucketRoutes::edit_for(net::Method method, const meta::Bucket& bucket, const api::ActionMessage& message) const {
  using Make = std::function<Result<meta::BucketMetadata>(const BucketEditContext&, const meta::Bucket&, codec::JsonView)>;
  Make make;
  std::string_view expected;
  if (method == net::Method::kPost) {
    expected = api::action::kCreateBucket;
    if (message.action == expected) {
      make = [&clock = context_.clock](const BucketEditContext& c, const meta::Bucket& b, codec::JsonView v) {
        return create_bucket(c, b, v, clock.wall_ns());
      };
    }
  } else if (method == net::Method::kDelete) {
    expected = api::action::kDestroyBucket;
    if (message.action == expected)
      make = [](const BucketEditContext& c, const meta::Bucket& b, codec::JsonView) { return destroy_bucket(c, b); };
  } else if (method == net::Method::kPatch) {
    expected = "set-bprops, reset-bprops";
    if (message.action == api::action::kSetBucketProps) make = set_bucket_properties;
    if (message.action == api::action::kResetBucketProps)
      make = [](const BucketEditContext& c, const meta::Bucket& b, codec::JsonView) { return reset_bucket_properties(c, b); };
  }
  if (!make) return refuse_action(method, bucket, message.action, expected);
  return DocumentEdit([make, &bucket, &message](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
    const BucketEditContext context{*snapshot.bmd, *snapshot.config, snapshot.smap->active_targets()};
    api::ClusterDocuments next;
    AIS_TRY(next.bmd, make(context, bucket, message.value));
    return next;
  });
}

}  // namespace ais::proxy

// ClusterClient: objects. Requests go to the gateway and follow its redirect to the target.
#include "api/cluster_client.h"
#include "api/names.h"
#include "api/query.h"

namespace ais::api {
namespace {

// A target that has to refuse a larger body can do so before it is sent.
constexpr uint64_t kExpectContinueMin = 64 * 1024;
constexpr size_t kErrorBodyMax = 1 << 20;

std::string target_of(const meta::Bucket& bucket, std::string_view object, QueryBuilder query = {}) {
  const std::string text = query.add_bucket(bucket).take();
  std::string target = object_target(bucket.name, object);
  return text.empty() ? target : target + "?" + text;
}

Result<std::string> put_headers(const ClusterClient::PutOptions& options) {
  meta::ObjectMetadata metadata;
  if (options.checksum) metadata.checksum = *options.checksum;
  std::string headers = attribute_headers(metadata, false);
  for (const auto& [key, value] : options.custom) {
    AIS_RETURN_IF_ERROR(check_custom_pair(key, value));
    headers.append(header::kCustom).append(": ").append(key).append("=").append(value).append("\r\n");
  }
  return headers;
}

bool is_success(const net::ClientResponse& response) { return response.status() >= 200 && response.status() <= 299; }

async::Task<Status> read_error(net::ClientResponse& response) {
  const auto body = co_await response.read_all(kErrorBodyMax);
  co_return status_from_error(response.status(), body.ok() ? *body : std::string());
}

/// A missing object in the words of its bucket: targets say it in several ways, with their own id. What else failed stays as it is.
Status explain(const Status& failed, const meta::Bucket& bucket, std::string_view object) {
  if (failed.code() != Code::kObjectNotFound) return failed;
  const std::string text = "object \"" + bucket.cname() + "/" + std::string(object) + "\" does not exist";
  return Status(failed.code(), text).with_http_status(failed.http_status());
}

/// The node did not answer: it may be gone, and each question to it costs a wait.
bool is_out_of_reach(const Status& status) {
  return status.code() == Code::kConnectionFailed || status.code() == Code::kConnectionClosed || status.code() == Code::kTimeout;
}

async::Task<Result<ObjectInfo>> put(net::HttpClient& http, net::ClientRequest request, std::optional<uint64_t> size) {
  request.method = net::Method::kPut;
  request.body_after_redirect = !request.body_source;  // gateways decide from the head
  request.expect_continue = size.value_or(0) > kExpectContinueMin;
  AIS_CO_TRY(net::ClientResponse response, co_await http.send_following(std::move(request)));
  if (!is_success(response)) co_return co_await read_error(response);
  AIS_CO_RETURN_IF_ERROR((co_await response.discard()).status());
  co_return ObjectInfo::from_headers(response.headers(), size);
}

}  // namespace

async::Task<Result<ObjectInfo>> ClusterClient::put_text(meta::Bucket bucket, std::string object, std::string_view body,
                                                        PutOptions options) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.target = target_of(bucket, object);
  AIS_CO_TRY(request.headers, put_headers(options));
  request.body = body;
  co_return co_await put(*http_, std::move(request), body.size());
}

async::Task<Result<ObjectInfo>> ClusterClient::put_file(meta::Bucket bucket, std::string object, int fd, uint64_t size,
                                                        PutOptions options) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.target = target_of(bucket, object);
  AIS_CO_TRY(request.headers, put_headers(options));
  request.body_fd = fd;
  request.body_length = size;
  request.body_sent = options.sent;
  co_return co_await put(*http_, std::move(request), size);
}

async::Task<Result<ObjectInfo>> ClusterClient::put_stream(meta::Bucket bucket, std::string object, net::StreamedBody& body,
                                                          PutOptions options) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.target = target_of(bucket, object);
  AIS_CO_TRY(request.headers, put_headers(options));
  request.body_source = &body;
  co_return co_await put(*http_, std::move(request), std::nullopt);
}

async::Task<Result<std::string>> ClusterClient::append(meta::Bucket bucket, std::string object, std::string handle,
                                                       std::string_view bytes) {
  QueryBuilder query;
  query.add(query::kAppendType, "append").add(query::kAppendHandle, handle);
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.method = net::Method::kPut;
  request.target = target_of(bucket, object, std::move(query));
  request.body = bytes;
  request.expect_continue = true;  // the gateway answers before the bytes
  AIS_CO_TRY(net::ClientResponse response, co_await http_->send_following(std::move(request)));
  if (!is_success(response)) co_return co_await read_error(response);
  AIS_CO_RETURN_IF_ERROR((co_await response.discard()).status());
  std::string next(response.headers().get_or_empty(header::kAppendHandle));
  if (next.empty()) co_return Status(Code::kUnexpectedStatus, "the answer to an append has no handle");
  co_return next;
}

async::Task<Status> ClusterClient::append_flush(meta::Bucket bucket, std::string object, std::string handle) {
  QueryBuilder query;
  query.add(query::kAppendType, "flush").add(query::kAppendHandle, handle);
  const auto answer = co_await call(net::Method::kPut, target_of(bucket, object, std::move(query)), "", "");
  co_return answer.status();
}

async::Task<Result<ClusterClient::LockState>> ClusterClient::check_lock(meta::Bucket bucket, std::string object) {
  const std::string body = action_message(action::kCheckLock, "");
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.method = net::Method::kPost;
  request.target = target_of(bucket, object);
  request.body = body;
  request.add_header("Content-Type", kJsonContentType);
  AIS_CO_TRY(net::ClientResponse response, co_await http_->send_following(std::move(request)));
  switch (response.status()) {
    case 200: co_return LockState::kUnlocked;
    case 202: co_return LockState::kReadLocked;
    case 423: co_return LockState::kWriteLocked;
    default: co_return explain(co_await read_error(response), bucket, object);
  }
}

async::Task<Result<ObjectBody>> ClusterClient::get(meta::Bucket bucket, std::string object, std::string range) {
  // The map is held here: another read may give it up.
  const std::shared_ptr<const meta::ClusterMap> map = map_;
  const meta::Node* owner = map ? map->owner_of(bucket.object_uname(object)) : nullptr;
  if (owner == nullptr) co_return co_await get_from(nullptr, std::move(bucket), std::move(object), std::move(range));
  Result<ObjectBody> direct = co_await get_from(owner, bucket, object, range);
  constexpr int kTooManyRequests = 429;  // the gateway would send the request to the same node again
  if (direct.ok() || direct.status().http_status() == kTooManyRequests) co_return direct;
  if (is_out_of_reach(direct.status())) map_.reset();
  Result<ObjectBody> answer = co_await get_from(nullptr, std::move(bucket), std::move(object), std::move(range));
  if (answer.ok()) map_.reset();
  co_return answer;
}

/// From the node itself, or through the gateway when there is none.
async::Task<Result<ObjectBody>> ClusterClient::get_from(const meta::Node* owner, meta::Bucket bucket, std::string object,
                                                        std::string range) {
  net::ClientRequest request;
  request.set_url(endpoint_);
  if (owner != nullptr) {
    request.host = owner->public_net.host;
    request.port = owner->public_net.port;
  }
  request.target = target_of(bucket, object);
  if (!range.empty()) request.add_header("Range", range);
  AIS_CO_TRY(net::ClientResponse response, co_await http_->send_following(std::move(request)));
  if (!is_success(response)) co_return explain(co_await read_error(response), bucket, object);
  ObjectInfo info = ObjectInfo::from_headers(response.headers(), response.content_length());
  co_return ObjectBody{std::move(info), std::move(response)};
}

async::Task<Result<ObjectInfo>> ClusterClient::head(meta::Bucket bucket, std::string object, std::string props) {
  QueryBuilder query;
  if (!props.empty()) query.add(query::kProps, props);
  net::ClientRequest request;
  request.set_url(endpoint_);
  request.method = net::Method::kHead;
  request.target = target_of(bucket, object, std::move(query));
  AIS_CO_TRY(const net::ClientResponse response, co_await http_->send_following(std::move(request)));
  if (!is_success(response)) {
    co_return explain(status_from_error(response.status(), response.headers().get_or_empty(header::kError)), bucket, object);
  }
  co_return ObjectInfo::from_headers(response.headers(), response.content_length());
}

async::Task<Status> ClusterClient::remove(meta::Bucket bucket, std::string object) {
  const auto answer = co_await call(net::Method::kDelete, target_of(bucket, object), "", "");
  co_return explain(answer.status(), bucket, object);
}

async::Task<Status> ClusterClient::rename(meta::Bucket bucket, std::string object, std::string new_name) {
  MessageBody body = action_body(action::kRenameObject, new_name);
  const auto answer = co_await call(net::Method::kPost, target_of(bucket, object), "", std::move(body));
  co_return explain(answer.status(), bucket, object);
}

async::Task<Status> ClusterClient::copy(meta::Bucket bucket, std::string object, meta::Bucket to_bucket, std::string to_object) {
  QueryBuilder query;
  query.add(query::kObjectTo, to_bucket.object_uname(to_object));
  std::string target = target_of(bucket, object, std::move(query));
  const auto answer = co_await call(net::Method::kPut, std::move(target), "", "");
  co_return explain(answer.status(), bucket, object);
}

async::Task<Status> ClusterClient::set_custom(meta::Bucket bucket, std::string object, meta::CustomPairs pairs, bool replace_all) {
  std::string value;
  codec::MsgpackWriter out(value);
  out.map(static_cast<uint32_t>(pairs.size()));
  for (const auto& [key, text] : pairs) {
    out.string(key);
    out.string(text);
  }
  QueryBuilder query;
  if (replace_all) query.add(query::kSetNewCustom, "true");
  std::string target = target_of(bucket, object, std::move(query));
  MessageBody body = action_body("", "", value);
  const auto answer = co_await call(net::Method::kPatch, std::move(target), "", std::move(body));
  co_return explain(answer.status(), bucket, object);
}

}  // namespace ais::api

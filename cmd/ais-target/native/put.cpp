#include "ais-target/native/put.h"

#include "ais-target/native/answer.h"
#include "ais-target/native/change_terms.h"
#include "ais-target/native/exchange_body.h"
#include "ais-target/operations/append.h"
#include "ais-target/operations/copy.h"
#include "ais-target/operations/put.h"
#include "api/names.h"
#include "api/object_attributes.h"

namespace ais::target {
namespace {

async::Task<Status> put_content(TargetContext& target, ObjectCall& call) {
  const net::HeaderList& headers = call.exchange.request().headers;
  PutRequest request;
  AIS_CO_TRY(request.attributes, call.side == Side::kPeer ? api::read_peer_attributes(headers) : api::read_put_attributes(headers));
  AIS_CO_TRY(request.terms, read_terms(call.exchange, call.side));
  request.skip_version_checksum = call.query.get_bool(api::query::kSkipVersionChecksum);
  ExchangeBody body(call.exchange);
  Result<std::optional<store::CommitResult>> stored = co_await put(target, call.object, std::move(request), body);
  if (!stored.ok()) co_return stored.status();
  net::ResponseHead head = call.exchange.start(200);
  if (const auto& result = *stored) {
    head.add_block(api::attribute_headers(result->metadata, /*with_atime=*/true));
    head.add_block(api::validator_headers(result->metadata, result->mtime_ns));
  }
  co_return co_await call.exchange.send("");
}

// What a form of PUT would pass over is refused, so that nobody believes it was done.
Status refuse_attributes(const api::PutAttributes& attributes, bool may_have_checksum, std::string_view what) {
  std::string_view unused;
  if (attributes.checksum && !may_have_checksum) unused = "checksum";
  if (!attributes.custom.empty()) unused = "custom properties";
  if (attributes.version) unused = "version";
  if (unused.empty()) return {};
  return Status(Code::kInvalid, std::string(what).append(" does not accept ").append(unused));
}

async::Task<Status> append_content(TargetContext& target, ObjectCall& call, const std::string& handle_text) {
  std::optional<AppendHandle> handle;
  if (!handle_text.empty()) {
    AIS_CO_TRY(handle, AppendHandle::parse(handle_text));
  }
  AIS_CO_TRY(api::PutAttributes attributes, api::read_put_attributes(call.exchange.request().headers));
  AIS_CO_RETURN_IF_ERROR(refuse_attributes(attributes, true, "an append (unlike a flush)"));
  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  ExchangeBody body(call.exchange);
  Result<AppendHandle> next =
      co_await append(target, call.object, std::move(handle), std::move(attributes.checksum), std::move(terms), body);
  if (!next.ok()) co_return next.status();
  call.exchange.start(200).add(api::header::kAppendHandle, next->to_text());
  co_return co_await call.exchange.send("");
}

async::Task<Status> flush_append(TargetContext& target, ObjectCall& call, const std::string& handle_text) {
  if (handle_text.empty()) co_return Status(Code::kInvalid, "cannot flush " + call.object.cname() + ": APPEND handle is empty");
  AIS_CO_TRY(const AppendHandle handle, AppendHandle::parse(handle_text));
  AIS_CO_TRY(api::PutAttributes attributes, api::read_put_attributes(call.exchange.request().headers));
  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  ExchangeBody body(call.exchange);
  Status flushed = co_await flush(target, call.object, handle, std::move(attributes), std::move(terms), body);
  if (!flushed.ok()) co_return flushed;
  co_return co_await answer_empty(call.exchange);
}

async::Task<Status> append_object(TargetContext& target, ObjectCall& call) {
  if (call.query.has(api::query::kObjectTo)) co_return Status(Code::kInvalid, "an append cannot be a copy to another object as well");
  const std::string type = call.query.get_or_empty(api::query::kAppendType);
  const std::string handle = call.query.get_or_empty(api::query::kAppendHandle);
  if (type == "append") co_return co_await append_content(target, call, handle);
  if (type == "flush") co_return co_await flush_append(target, call, handle);
  co_return Status(Code::kInvalid, "invalid append type \"" + type + "\"");
}

async::Task<Result<ObjectRef>> read_destination(TargetContext& target, const ObjectCall& call) {
  Result<meta::ObjectUri> uri = meta::parse_uname(call.query.get_or_empty(api::query::kObjectTo));
  if (!uri.ok()) co_return uri.status();
  AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(uri->object));
  Result<ObjectRef> to = make_object_ref(target.daemon.cluster(), uri->bucket, uri->object);
  if (!to.ok()) {
    (void)co_await target.bucket_refresh.refresh();
    to = make_object_ref(target.daemon.cluster(), uri->bucket, uri->object);
  }
  co_return to;
}

async::Task<Status> copy_object(TargetContext& target, ObjectCall& call) {
  Result<ObjectRef> to = co_await read_destination(target, call);
  if (!to.ok()) co_return to.status();
  const net::HttpRequest& request = call.exchange.request();
  AIS_CO_TRY(const api::PutAttributes attributes, api::read_put_attributes(request.headers));
  AIS_CO_RETURN_IF_ERROR(refuse_attributes(attributes, false, "a copy, which has all from its source and bucket,"));
  if (request.chunked || request.content_length.value_or(0) > 0) co_return Status(Code::kInvalid, "a copy must not have content");
  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  Status copied = co_await copy(target, call.object, *to, std::move(terms));
  if (!copied.ok()) co_return copied;
  co_return co_await answer_empty(call.exchange);
}

}  // namespace

async::Task<Status> put_object(TargetContext& target, ObjectCall& call) {
  // A part would be stored as the whole (RFC 9110, 14.5).
  if (call.exchange.request().headers.get("Content-Range"))
    co_return Status(Code::kInvalid, "PUT " + call.object.cname() + ": Content-Range: a part of an object cannot be written");
  if (call.query.has(api::query::kAppendType)) co_return co_await append_object(target, call);
  if (call.query.has(api::query::kObjectTo)) co_return co_await copy_object(target, call);
  co_return co_await put_content(target, call);
}

}  // namespace ais::target

#include "ais-target/native/modify.h"

#include "ais-target/native/answer.h"
#include "ais-target/native/change_terms.h"
#include "ais-target/operations/copy.h"
#include "ais-target/operations/modify.h"
#include "ais-target/operations/read.h"
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/object_attributes.h"
#include "base/strings.h"

namespace ais::target {
namespace {

// Pairs go into headers later: one that a header line would end or change is refused.
Result<meta::CustomPairs> read_custom_pairs(codec::JsonView value) {
  meta::CustomPairs pairs;
  size_t bytes = 0;
  if (!value.is_null() && !value.is_object()) return Status(Code::kInvalid, "custom properties: expecting an object");
  Status status = value.for_each([&](std::string_view key, codec::JsonView item) -> Status {
    AIS_TRY(const std::optional<std::string> text, item.get_string(key));
    AIS_RETURN_IF_ERROR(api::check_custom_pair(key, text.value_or("")));
    bytes += key.size() + text.value_or("").size();
    pairs.emplace_back(key, text.value_or(""));
    return {};
  });
  if (!status.ok()) return status;
  if (bytes > meta::kCustomBytesMax)
    return make_status(Code::kInvalid, "custom properties: %zu bytes exceed the limit of %zu", bytes, meta::kCustomBytesMax);
  return pairs;
}

// The body of a DELETE may be missing, empty, or name what to do.
async::Task<Result<std::string>> read_delete_action(net::HttpExchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(api::kControlBodyMax);
  if (!body.ok()) co_return body.status();
  if (body->empty()) co_return std::string();
  Result<api::ActionMessage> message = api::ActionMessage::read(exchange.request(), *body);
  if (!message.ok()) co_return message.status();
  co_return message->action;
}

async::Task<Status> check_lock(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessHeadObject));
  // Readers have snapshots and writers are ordered by the store: no lock is ever held between requests.
  Result<store::OpenObjectPtr> opened = co_await open_object(target, call.object);
  if (!opened.ok()) co_return opened.status();
  co_return co_await answer_empty(call.exchange);
}

async::Task<Status> rename_object(TargetContext& target, ObjectCall& call, const std::string& new_name) {
  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  Status renamed = co_await rename(target, call.object, new_name, std::move(terms));
  if (!renamed.ok()) co_return renamed;
  co_return co_await answer_empty(call.exchange);
}

}  // namespace

async::Task<Status> delete_object(TargetContext& target, ObjectCall& call) {
  Result<std::string> action = co_await read_delete_action(call.exchange);
  if (!action.ok()) co_return action.status();
  if (*action == api::action::kEvictListRange)
    co_return Status(Code::kNotRemoteBucket, *action + ": expecting remote bucket (have " + call.object.bucket.cname() + ")");
  if (!action->empty() && *action != "delete")
    co_return api::refuse_action(api::ActionOn::kObject, net::Method::kDelete, *action, "delete");

  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  Status removed = co_await remove(target, call.object, std::move(terms));
  if (!removed.ok()) co_return removed;
  co_return co_await answer_empty(call.exchange);
}

async::Task<Status> patch_object(TargetContext& target, ObjectCall& call) {
  Result<std::string> body = co_await call.exchange.read_whole_body(api::kControlBodyMax);
  if (!body.ok()) co_return body.status();
  AIS_CO_TRY(const api::ActionMessage message, api::ActionMessage::read(call.exchange.request(), *body));
  // The original's clients leave the action out.
  if (!message.action.empty()) co_return api::refuse_action(api::ActionOn::kObject, net::Method::kPatch, message.action, "");
  AIS_CO_TRY(meta::CustomPairs pairs, read_custom_pairs(message.value));
  const bool replace_all = call.query.get_bool(api::query::kSetNewCustom);
  AIS_CO_TRY(store::ChangeTerms terms, read_terms(call.exchange, call.side));
  Status changed = co_await set_custom(target, call.object, std::move(pairs), replace_all, std::move(terms));
  if (!changed.ok()) co_return changed;
  co_return co_await answer_empty(call.exchange);
}

async::Task<Status> post_object(TargetContext& target, ObjectCall& call) {
  Result<std::string> body = co_await call.exchange.read_whole_body(api::kControlBodyMax);
  if (!body.ok()) co_return body.status();
  AIS_CO_TRY(const api::ActionMessage message, api::ActionMessage::read(call.exchange.request(), *body));
  if (message.action == api::action::kRenameObject) co_return co_await rename_object(target, call, message.name);
  if (message.action == api::action::kCheckLock) co_return co_await check_lock(target, call);
  co_return api::refuse_action(api::ActionOn::kObject, net::Method::kPost, message.action, "rename-obj, check-lock");
}

}  // namespace ais::target

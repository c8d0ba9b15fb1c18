// Answers that several requests share.
#pragma once

#include "api/conditions.h"
#include "async/task.h"
#include "base/status.h"
#include "net/http_server.h"
#include "store/object_store.h"

namespace ais::target {

/// 200 without a body.
inline async::Task<Status> answer_empty(net::HttpExchange& exchange) {
  exchange.start(200);
  co_return co_await exchange.send("");
}

/// 304 with what the client needs to go on with what it has.
inline async::Task<Status> answer_not_modified(net::HttpExchange& exchange, const store::OpenObject& object) {
  exchange.start(304).add_block(api::validator_headers(object.metadata, object.mtime_ns));
  co_return co_await exchange.send("");
}

}  // namespace ais::target

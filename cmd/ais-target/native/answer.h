// Answers that several requests share.
#pragma once

#include "base/status.h"
#include "net/http_server.h"
#include "net/task.h"

namespace ais::target {

/// 200 without a body.
inline net::Task<Status> answer_empty(net::HttpExchange& exchange) {
  exchange.start(200);
  co_return co_await exchange.send("");
}

}  // namespace ais::target

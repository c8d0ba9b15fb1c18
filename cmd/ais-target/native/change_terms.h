// The terms of a change as a request states them.
#pragma once

#include "api/conditions.h"
#include "base/status.h"
#include "net/http_server.h"
#include "store/object_store.h"

namespace ais::target {

/// Its precondition headers, and whether its client is still there. For as long as the exchange lives. kInvalid.
inline Result<store::ChangeTerms> read_terms(net::HttpExchange& exchange) {
  store::ChangeTerms terms;
  AIS_TRY(terms.condition, api::read_precondition(exchange.request().headers));
  terms.is_abandoned = [&exchange] { return exchange.peer_closed(); };
  return terms;
}

}  // namespace ais::target

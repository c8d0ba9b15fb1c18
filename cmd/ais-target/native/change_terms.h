// The terms of a change as a request states them.
#pragma once

#include "ais-target/native/object_call.h"
#include "api/conditions.h"
#include "base/status.h"
#include "net/http_server.h"
#include "store/object_store.h"

namespace ais::target {

/// Its precondition headers, and whether its client is still there. For as long as the exchange lives. kInvalid.
inline Result<store::ChangeTerms> read_terms(net::HttpExchange& exchange, Side side) {
  store::ChangeTerms terms;
  AIS_TRY(terms.condition, api::read_precondition(exchange.request().headers));
  terms.is_abandoned = [&exchange] { return exchange.peer_closed(); };
  // A client may close its half and wait for the answer; a node that has given up a transfer has closed all, and told its own client so.
  if (side == Side::kPeer) terms.ask = store::ChangeTerms::Ask::kAlways;
  return terms;
}

}  // namespace ais::target

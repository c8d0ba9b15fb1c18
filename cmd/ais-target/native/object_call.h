// What an object request is about: side, query and object, read from the request line.
#pragma once

#include "ais-target/node/object_ref.h"
#include "api/query.h"
#include "base/status.h"
#include "net/http_server.h"

namespace ais::target {

/// Where a request came in: on the port for clients, or on the one for the nodes of the cluster.
enum class Side { kPublic, kPeer };

/// One object request while it is served. Lives in the frame of the serving coroutine; handlers get a reference.
struct ObjectCall {
  net::HttpExchange& exchange;
  Side side;
  api::QueryParameters query{};
  ObjectRef object{};
};

/// Fills `query` and `object` from the request line. Everything that is refused for the name alone is refused here: broken
/// escapes, bad bucket or object names, an unknown bucket, a change that no gateway redirected here, features that are missing.
Status read_object_call(const app::ClusterView& cluster, ObjectCall& call);

/// True when a gateway chose this node for the request.
bool is_redirected(const ObjectCall& call);

}  // namespace ais::target

#include "ais-target/operations/transfer.h"

#include "api/conditions.h"
#include "api/message.h"
#include "api/names.h"
#include "api/object_attributes.h"

namespace ais::target {
namespace {
constexpr size_t kErrorBodyMax = 64 * kKiB;

// A connection that the peer closed is not one that our client closed.
Status of_peer(const Status& status, const std::string& peer_name) {
  Status told = status.with_context("transfer to " + peer_name);
  return status.code() == Code::kConnectionClosed ? told.with_http_status(502) : told;
}
}  // namespace

async::Task<Status> transfer_object(TargetContext& target, const store::OpenObject& object, const ObjectRef& to, const meta::Node& peer,
                                    Transfer kind, meta::PreconditionPtr condition) {
  const std::string peer_name = peer.display_name();
  net::ClientRequest request;
  request.method = net::Method::kPut;
  request.host = peer.data_net.host;
  request.port = peer.data_net.port;
  api::QueryBuilder query;
  query.add_bucket(to.bucket);
  // Equal content at the peer must not end the write early: custom pairs may differ, and it is a new version.
  query.add(api::query::kSkipVersionChecksum, "true");
  request.target = api::object_target(to.bucket.name, to.object()) + "?" + query.take();
  request.headers = kind == Transfer::kMove ? api::move_headers(object.metadata, object.mtime_ns) : api::copy_headers(object.metadata);
  if (condition) request.headers += api::precondition_headers(*condition);
  request.add_header(api::header::kCallerId, target.node_id);
  request.add_header(api::header::kCallerName, target.node_name);
  request.body_fd = object.fd;
  request.body_length = object.metadata.size;
  request.timeout = target.daemon.cluster().snapshot().config->timeout.send_file_time.value;
  // A peer that has the bytes may need minutes to hash and sync them.
  request.answer_timeout = request.timeout;

  Result<net::ClientResponse> response = co_await target.daemon.client().send(std::move(request));
  if (!response.ok()) co_return of_peer(response.status(), peer_name);
  const int status = response->status();
  Result<std::string> body = co_await response->read_all(kErrorBodyMax);
  if (status == 200) co_return Status();
  if (!body.ok()) co_return of_peer(body.status(), peer_name);
  co_return of_peer(api::status_from_error(status, *body), peer_name);
}

}  // namespace ais::target

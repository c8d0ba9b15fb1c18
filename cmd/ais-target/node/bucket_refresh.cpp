#include "ais-target/node/bucket_refresh.h"

#include <string>

#include "api/membership.h"
#include "api/names.h"
#include "async/offload.h"

namespace ais::target {
namespace {
constexpr size_t kAnswerMax = 256 * kMiB;
}

async::Task<Status> BucketRefresh::ask_primary() {
  const app::ClusterSnapshot snapshot = daemon_.cluster().copy();
  const meta::Node* primary = snapshot.smap->primary();
  if (primary == nullptr) co_return Status(Code::kUnavailable, "no primary gateway is known yet");

  net::ClientRequest request;
  request.host = primary->control_net.host;
  request.port = primary->control_net.port;
  request.target = std::string(api::path::kDaemon) + "?what=bmd";
  request.timeout = snapshot.config->timeout.cplane_operation.value;
  Result<net::ClientResponse> response = co_await daemon_.client().send(std::move(request));
  if (!response.ok()) co_return response.status();
  Result<std::string> text = co_await response->read_all(kAnswerMax);
  if (!text.ok()) co_return text.status();
  if (response->status() != 200) co_return make_status(Code::kUnexpectedStatus, "primary gateway answered %d", response->status());

  Result<meta::BucketMetadata> bmd = meta::BucketMetadata::from_json(*text);
  if (!bmd.ok()) co_return bmd.status();
  if (bmd->version <= snapshot.bmd->version) co_return Status();
  api::ClusterDocuments documents;
  documents.bmd = std::move(*bmd);
  auto install = [&] { return daemon_.cluster().install(std::move(documents)); };
  co_return co_await async::offload(pool_, install);
}

}  // namespace ais::target

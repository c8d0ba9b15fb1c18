#include "ais-target/node/bucket_refresh.h"

#include <mutex>
#include <string>
#include <vector>

#include "api/membership.h"
#include "api/names.h"
#include "async/callback.h"
#include "async/offload.h"
#include "base/function.h"
#include "sys/thread_pool.h"

namespace ais::target {
namespace {
constexpr size_t kAnswerMax = 256 * kMiB;
}

struct BucketRefresh::State {
  std::mutex mutex;
  bool asking = false;                              // guarded by mutex, as below
  std::vector<UniqueFunction<void(bool)>> waiting;  // for the question under way to end
  sys::ThreadPool pool{"target-bmd", 1};            // installing a document syncs a file
};

BucketRefresh::BucketRefresh(app::Daemon& daemon) : daemon_(daemon), state_(std::make_unique<State>()) {}
BucketRefresh::~BucketRefresh() = default;

async::Task<Status> BucketRefresh::refresh() {
  // Whoever waited for two questions saw the second one begin: it needs none of its own.
  for (int waited = 0; waited < 2; ++waited) {
    auto wait_or_lead = [this](auto complete) {
      std::unique_lock lock(state_->mutex);
      if (state_->asking) {
        state_->waiting.emplace_back(complete);
        return;
      }
      state_->asking = true;
      lock.unlock();
      complete(true);
    };
    const bool leads = co_await async::from_callback<bool>(wait_or_lead);
    if (!leads) continue;
    Status status = co_await ask_primary();
    std::vector<UniqueFunction<void(bool)>> waiting;
    {
      std::lock_guard lock(state_->mutex);
      state_->asking = false;
      waiting.swap(state_->waiting);
    }
    for (auto& wake : waiting) wake(false);
    co_return status;
  }
  co_return Status();
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
  co_return co_await async::offload(state_->pool, install);
}

}  // namespace ais::target

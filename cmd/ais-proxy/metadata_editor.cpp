#include "ais-proxy/metadata_editor.h"

#include <utility>

#include "async/loop.h"
#include "async/offload.h"

namespace ais::proxy {

namespace {

constexpr size_t kWaitingEditsMax = 1024;
constexpr int kStaleRetriesMax = 3;

api::DocumentVersions versions_of(const app::ClusterSnapshot& snapshot) {
  api::DocumentVersions versions;
  versions.cluster_uuid = snapshot.smap->uuid;
  versions.smap = snapshot.smap->version;
  versions.bmd = snapshot.bmd->version;
  versions.config = static_cast<uint64_t>(snapshot.cluster_config->version);
  return versions;
}

bool is_empty(const api::ClusterDocuments& documents) { return !documents.smap && !documents.bmd && !documents.config; }

}  // namespace

MetadataEditor::MetadataEditor(ProxyContext& context, Coordinator& coordinator, DocumentDistributor& distributor)
    : context_(context), coordinator_(coordinator), distributor_(distributor), pool_(std::make_unique<sys::ThreadPool>("metadata", 1)) {}

MetadataEditor::~MetadataEditor() { stop(); }

void MetadataEditor::stop() {
  stopping_.store(true);
  pool_.reset();
}

bool MetadataEditor::is_primary() const { return context_.named_primary() && coordinator_.holds_lease(); }

Status MetadataEditor::check_may_edit() const {
  if (stopping_.load()) return Status(Code::kUnavailable, context_.name + " is shutting down");
  if (const std::string reason = context_.daemon.cluster().quarantine_reason(); !reason.empty())
    return Status(Code::kUnavailable, context_.name + " is in quarantine, cluster metadata cannot be changed: " + reason);
  if (!is_primary()) return Status(Code::kNotPrimary, context_.name + " is not the primary gateway");
  return {};
}

app::ClusterSnapshot MetadataEditor::stored_snapshot() const {
  app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  if (stored_config_ && stored_config_->version == snapshot.cluster_config->version) snapshot.cluster_config = stored_config_;
  return snapshot;
}

async::Task<Status> MetadataEditor::apply(DocumentEdit edit, Distribution distribution) {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  Status outcome;
  if (turn_.waiting() >= kWaitingEditsMax) {
    outcome = Status(Code::kTooManyRequests, "too many metadata changes are waiting, try again later");
  } else {
    async::Mutex::Lock turn = co_await turn_.lock();
    outcome = co_await store(edit);
    turn.unlock();
    if (outcome.ok() && distribution == Distribution::kWait) {
      co_await distributor_.distribute();
    } else if (outcome.ok()) {
      async::start_detached([](DocumentDistributor& distributor) -> async::Task<void> { co_await distributor.distribute(); }(distributor_));
    }
  }
  co_await async::resume_on(home);
  co_return outcome;
}

async::Task<Status> MetadataEditor::store(DocumentEdit& edit) {
  Status outcome;
  for (int attempt = 0; attempt < kStaleRetriesMax; ++attempt) {
    AIS_CO_RETURN_IF_ERROR(check_may_edit());
    const app::ClusterSnapshot snapshot = stored_snapshot();
    AIS_CO_TRY(api::ClusterDocuments next, edit(snapshot));
    if (is_empty(next)) co_return Status();
    const api::DocumentVersions expected = versions_of(snapshot);
    outcome = co_await async::offload(*pool_, [&] { return coordinator_.compare_and_swap(expected, std::move(next)); });
    if (outcome.code() != Code::kStaleVersion) break;
  }
  co_return outcome;
}

async::Task<Status> MetadataEditor::apply_transient(UniqueFunction<Result<meta::ClusterConfig>(const app::ClusterSnapshot&)> edit) {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  async::Mutex::Lock turn = co_await turn_.lock();
  Status outcome = check_may_edit();
  if (outcome.ok()) {
    stored_config_ = stored_snapshot().cluster_config;
    Result<meta::ClusterConfig> next = edit(context_.daemon.cluster().copy());
    outcome = next.ok() ? context_.daemon.cluster().install_transient_config(*next) : next.status();
    if (outcome.ok()) co_await distributor_.distribute_transient(std::make_shared<const meta::ClusterConfig>(std::move(*next)));
  }
  turn.unlock();
  co_await async::resume_on(home);
  co_return outcome;
}

Status MetadataEditor::apply_blocking(DocumentEdit edit) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  AIS_TRY(api::ClusterDocuments next, edit(snapshot));
  if (is_empty(next)) return {};
  return coordinator_.compare_and_swap(versions_of(snapshot), std::move(next));
}

}  // namespace ais::proxy

#include <gtest/gtest.h>

#include <type_traits>

#include "ais-proxy/cluster_map_edits.h"
#include "app/document_rules.h"
#include "base/strings.h"
#include "sim/simulated_cluster_impl.h"

namespace ais::sim {
namespace {

constexpr uint16_t kPrimaryPort = 1000;
constexpr size_t kGatewayEach = 10;

app::ClusterSnapshot empty_documents() {
  app::ClusterSnapshot view;
  view.smap = std::make_shared<const meta::ClusterMap>();
  view.bmd = std::make_shared<const meta::BucketMetadata>();
  view.cluster_config = view.config = std::make_shared<const meta::ClusterConfig>();
  return view;
}

api::DocumentVersions versions_of(const app::ClusterSnapshot& view) {
  api::DocumentVersions versions;
  versions.cluster_uuid = app::cluster_uuid_of(view);
  versions.smap = view.smap->version;
  versions.bmd = view.bmd->version;
  versions.config = static_cast<uint64_t>(view.cluster_config->version);
  return versions;
}

uint16_t port_of(const std::string& url) {
  return static_cast<uint16_t>(parse_uint(std::string_view(url).substr(url.rfind(':') + 1)).value_or(0));
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- hosts

SimulatedCluster::Impl::Impl(Simulation& simulation, size_t hosts) : simulation_(simulation) {
  for (size_t i = 0; i < hosts; ++i) {
    const bool is_gateway = i % kGatewayEach == 0;
    hosts_.push_back(std::make_unique<Host>(simulation.add_loop(), (is_gateway ? "gw" : "tgt") + std::to_string(i),
                                            is_gateway ? meta::NodeType::kProxy : meta::NodeType::kTarget));
    hosts_.back()->disk = empty_documents();
  }
}

void SimulatedCluster::Impl::start(Host& host) {
  const bool is_primary = &host == hosts_.front().get();
  meta::Node self;
  self.id = host.id;
  self.type = host.type;
  const uint16_t port = is_primary ? kPrimaryPort : ++last_port_;
  self.public_net = self.control_net = self.data_net = {host.id, port};
  processes_.push_back(std::make_unique<Process>(host, self));
  Process& process = *processes_.back();
  process.view = host.disk;
  host.process = host.latest = &process;
  at_port_[port] = &process;
  simulation_.note(host.loop, "start");
  if (is_primary) {
    process.primary.emplace(host.id);
  } else {
    const std::string gateway = hosts_.front()->id + ":" + std::to_string(kPrimaryPort);
    process.member.emplace(host.id, host.type, std::vector<std::string>{"http://" + gateway}, simulation_.random().split());
  }
  host.loop.post([this, &process] { spawn(process.primary ? run_primary(process) : run_member(process)); });
}

void SimulatedCluster::Impl::kill(Host& host, bool silently) {
  if (host.process == nullptr) return;
  Process& process = *std::exchange(host.process, nullptr);
  process.alive = false;
  process.refuses_when_gone = !silently;
  process.stop.cancel();
  host.killed_at = simulation_.now();
  ++counts_.kills;
  simulation_.note(host.loop, "kill");
}

// ---------------------------------------------------------------------------------------------------------------- network

void SimulatedCluster::Impl::send(SimulatedLoop& from, SimulatedLoop& to, UniqueFunction<void()> arrive) {
  ++counts_.messages;
  if (happens(faults_.loss_percent)) {
    ++counts_.lost;
    return;
  }
  from.add_timer(random_between(faults_.delay_min, faults_.delay_max),
                 [&to, arrived = std::move(arrive)]() mutable { to.post(std::move(arrived)); });
}

SimulatedLoop& SimulatedCluster::Impl::loop_at(uint16_t port, SimulatedLoop& otherwise) const {
  const auto found = at_port_.find(port);
  return found == at_port_.end() ? otherwise : found->second->host.loop;
}

async::Task<Reply> SimulatedCluster::Impl::call(Process& from, uint16_t port, std::shared_ptr<const Request> request, Nanoseconds timeout) {
  const auto own = std::make_shared<Call>();
  own->home = &from.host.loop;
  SimulatedLoop& to = loop_at(port, from.host.loop);
  const int copies = happens(faults_.duplicate_percent) ? 2 : 1;
  for (int i = 0; i < copies; ++i) send(from.host.loop, to, [this, own, port, request] { receive(own, port, request); });
  const bool came = co_await own->answered.wait_for(timeout);
  Reply reply;
  if (came) reply = std::move(own->reply);
  else reply.status = Status(Code::kTimeout, "no answer");
  co_return reply;
}

void SimulatedCluster::Impl::receive(std::shared_ptr<Call> call, uint16_t port, std::shared_ptr<const Request> request) {
  const auto found = at_port_.find(port);
  if (found != at_port_.end() && found->second->alive) {
    spawn(serve(*found->second, std::move(call), std::move(request)));
  } else if (found == at_port_.end() || found->second->refuses_when_gone) {
    Reply refused;
    refused.status = Status(Code::kConnectionFailed, "nobody listens");
    answer(loop_at(port, *call->home), call, std::move(refused));
  }
}

void SimulatedCluster::Impl::answer(SimulatedLoop& from, const std::shared_ptr<Call>& call, Reply reply) {
  send(from, *call->home, [call, given = std::move(reply)]() mutable {
    if (call->answered.is_set()) return;  // of the duplicate
    call->reply = std::move(given);
    call->answered.set();
  });
}

async::Task<void> SimulatedCluster::Impl::serve(Process& process, std::shared_ptr<Call> call, std::shared_ptr<const Request> request) {
  Reply reply;
  switch (request->ask) {
    case Ask::kJoin: co_await register_node(process, *request, reply); break;
    case Ask::kKeepalive: co_await keep_alive(process, *request, reply); break;
    case Ask::kPush:
      reply.status = co_await install(process, request->documents);
      reply.versions = versions_of(process.view);
      break;
    case Ask::kQuery:
      if (request->what == "smap") reply.text = process.view.smap->to_json();
      else if (request->what == "bmd") reply.text = process.view.bmd->to_json();
      else reply.text = "{\"daemon_id\":\"" + process.self.id + "\"}";
      break;
  }
  if (process.alive) answer(process.host.loop, call, std::move(reply));
}

// ---------------------------------------------------------------------------------------------------------------- every process

void SimulatedCluster::Impl::check_map(const Host& host, const meta::ClusterMap& before, const meta::ClusterMap& after) {
  EXPECT_GT(after.version, before.version) << host.id << ": the version of the map went back";
  if (!history_is_one_) return;
  const auto [first, is_new] = maps_.try_emplace(after.version, after);
  EXPECT_TRUE(!is_new || &host == hosts_.front().get()) << host.id << " has a map that the primary has not";
  const meta::ClusterMap& same = first->second;
  EXPECT_TRUE(same.primary_id == after.primary_id && same.proxies == after.proxies && same.targets == after.targets)
      << host.id << ": two maps with version " << after.version;
}

// As ClusterView: on the disk first, then seen. A process that is killed while it writes has written or has not.
template <typename Document>
async::Task<void> SimulatedCluster::Impl::write(Process& process, std::optional<Document>& document,
                                                std::shared_ptr<const Document> app::ClusterSnapshot::*held) {
  if (!document || !process.alive) co_return;
  co_await async::sleep_for(random_between(Nanoseconds(1), kDiskMax));
  const bool disk_is_its_own = process.host.latest == &process;
  if (!process.alive && (!disk_is_its_own || happens(50))) co_return;
  const auto& before = *(process.host.disk.*held);
  EXPECT_GT(document->version, before.version) << process.self.id;
  if constexpr (std::is_same_v<Document, meta::ClusterMap>) {
    check_map(process.host, before, *document);
    for (const auto* side : {&before.proxies, &before.targets}) {
      for (const auto& [id, node] : *side)
        EXPECT_TRUE(document->find(id) != nullptr || removed_.contains(id)) << id << " has left the map and was not removed";
    }
  }
  process.host.disk.*held = std::make_shared<const Document>(std::move(*document));
  process.host.disk.config = process.host.disk.cluster_config;
  ++counts_.installs;
}

async::Task<Status> SimulatedCluster::Impl::install(Process& process, api::ClusterDocuments offered) {
  async::Mutex::Lock turn = co_await process.disk_turn.lock();
  if (!process.alive) co_return Status(Code::kUnavailable, "gone");
  AIS_CO_TRY(api::ClusterDocuments taken, app::newer_documents(process.view, std::move(offered)));
  co_await write(process, taken.config, &app::ClusterSnapshot::cluster_config);
  co_await write(process, taken.bmd, &app::ClusterSnapshot::bmd);
  co_await write(process, taken.smap, &app::ClusterSnapshot::smap);
  if (!process.alive) co_return Status(Code::kUnavailable, "gone");
  process.view = process.host.disk;
  co_return Status();
}

async::Task<void> SimulatedCluster::Impl::run_member(Process& process) {
  app::MemberStep step = process.member->begin(process.view);
  while (process.alive) {
    if (step.news == app::MemberStep::News::kRegistered) simulation_.note(process.host.loop, "registered");
    if (step.news == app::MemberStep::News::kLost) simulation_.note(process.host.loop, "lost");
    if (step.kind == app::MemberStep::Kind::kWait) {
      const bool slept = co_await async::sleep_for(step.delay, process.stop.token());
      if (!slept) break;
      step = process.member->waited(process.view);
      continue;
    }
    const bool is_join = step.kind == app::MemberStep::Kind::kRegister;
    const auto request = std::make_shared<Request>();
    request->ask = is_join ? Ask::kJoin : Ask::kKeepalive;
    request->join.node = process.self;
    request->join.versions = versions_of(process.view);
    const meta::TimeoutConfig& timeouts = process.view.config->timeout;
    const Nanoseconds timeout = is_join ? timeouts.max_keepalive.value : timeouts.cplane_operation.value;
    Reply reply = co_await call(process, port_of(step.url), request, timeout);
    if (!process.alive) break;
    Status outcome = std::move(reply.status);
    if (outcome.ok()) outcome = co_await install(process, std::move(reply.documents));
    step = process.member->answered(outcome, process.view);
  }
}

// ---------------------------------------------------------------------------------------------------------------- questions

std::string SimulatedCluster::Impl::trouble() const {
  const Process* process = hosts_.front()->process;
  if (process == nullptr) return "the primary does not run";
  if (!process->primary->quarantine.empty()) return "the primary is in quarantine: " + process->primary->quarantine;
  const app::ClusterSnapshot& truth = process->view;
  for (const auto& host : hosts_) {
    if (host->process == nullptr) return host->id + " does not run";
    const meta::Node* entry = truth.smap->find(host->id);
    if (entry == nullptr) return host->id + " is not in the map";
    if (entry->control_net != host->process->self.control_net) return host->id + " is elsewhere than in the map";
    const app::ClusterSnapshot& view = host->process->view;
    if (view.smap->version != truth.smap->version) return host->id + " has another map";
    if (view.bmd->version != truth.bmd->version) return host->id + " has other buckets";
  }
  if (truth.smap->proxies.size() + truth.smap->targets.size() != hosts_.size()) return "the map has more nodes than there are";
  if (const size_t count = process->primary->detector.suspect_count(); count > 0) return std::to_string(count) + " nodes are suspect";
  return "";
}

// ---------------------------------------------------------------------------------------------------------------- the outside

SimulatedCluster::SimulatedCluster(Simulation& simulation, size_t hosts) : impl_(std::make_unique<Impl>(simulation, hosts)) {}
SimulatedCluster::~SimulatedCluster() = default;

size_t SimulatedCluster::size() const { return impl_->hosts_.size(); }
const std::string& SimulatedCluster::id_of(size_t host) const { return impl_->hosts_[host]->id; }
bool SimulatedCluster::is_running(size_t host) const { return impl_->hosts_[host]->process != nullptr; }
void SimulatedCluster::start(size_t host) { impl_->start(*impl_->hosts_[host]); }
void SimulatedCluster::kill(size_t host, bool silently) { impl_->kill(*impl_->hosts_[host], silently); }
void SimulatedCluster::set_faults(NetworkFaults faults) { impl_->faults_ = faults; }
void SimulatedCluster::set_store_failures(unsigned percent) { impl_->store_failure_percent_ = percent; }
const SimulatedCluster::Counts& SimulatedCluster::counts() const { return impl_->counts_; }
std::string SimulatedCluster::trouble() const { return impl_->trouble(); }
const app::ClusterSnapshot& SimulatedCluster::disk_of(size_t host) const { return impl_->hosts_[host]->disk; }

void SimulatedCluster::change_buckets() {
  impl_->change([](const app::ClusterSnapshot& view) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    next.bmd = *view.bmd;
    ++next.bmd->version;
    return next;
  });
}

void SimulatedCluster::remove(const std::string& id) {
  impl_->removed_.insert(id);
  impl_->change([id](const app::ClusterSnapshot& view) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    next.smap = *view.smap;
    AIS_RETURN_IF_ERROR(proxy::remove_node(*next.smap, id));
    return next;
  });
}

void SimulatedCluster::set_back(size_t host, const app::ClusterSnapshot& older) {
  impl_->history_is_one_ = false;
  impl_->hosts_[host]->disk = older;
}

bool SimulatedCluster::primary_in_quarantine() const {
  const Process* process = impl_->hosts_.front()->process;
  return process != nullptr && !process->primary->quarantine.empty();
}

std::set<std::string> SimulatedCluster::suspects() const {
  std::set<std::string> ids;
  const Process* process = impl_->hosts_.front()->process;
  if (process == nullptr) return ids;
  app::ClusterSnapshot view = process->view;
  proxy::FailureDetector detector = process->primary->detector;  // a copy: to look changes nothing
  for (const auto& [id, silence] : detector.suspects(*view.smap, *view.config, impl_->simulation_.now())) ids.insert(id);
  return ids;
}

bool SimulatedCluster::in_map(const std::string& id) const {
  const Process* process = impl_->hosts_.front()->process;
  return process != nullptr && process->view.smap->find(id) != nullptr;
}

void SimulatedCluster::shut_down() {
  for (const auto& host : impl_->hosts_) impl_->kill(*host, true);
  EXPECT_TRUE(impl_->simulation_.run_until([this] { return impl_->under_way_ == 0; }, impl_->simulation_.now() + std::chrono::minutes(5)));
}

}  // namespace ais::sim

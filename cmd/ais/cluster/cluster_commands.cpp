// `ais show cluster` and `ais status`.
#include <unistd.h>

#include <limits>

#include "ais/cluster/documents.h"
#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_rows.h"
#include "ais/cluster/show_views.h"
#include "ais/command/commands.h"
#include "base/strings.h"
#include "cli/terminal_size.h"

namespace ais::cli {
namespace {

constexpr std::string_view kWords[] = {"proxy", "target", "cpu", "memory"};

/// How long a line may be.
size_t width_of(FILE* stream) {
  const int descriptor = fileno(stream);
  const bool terminal = descriptor >= 0 && isatty(descriptor);
  return terminal ? terminal_size(stream).columns : std::numeric_limits<size_t>::max();
}

class ClusterView : public LiveView {
 public:
  /// `what` is one of kWords, or "".
  ClusterView(Invocation& invocation, std::string what, std::string node)
      : invocation_(invocation), what_(std::move(what)), node_(std::move(node)) {}

  async::Task<Result<Picture>> look() override {
    AIS_CO_TRY(meta::ClusterMap map, co_await invocation_.cluster().cluster_map());
    AIS_CO_TRY(std::vector<const meta::Node*> nodes, chosen(map));
    std::vector<NodeReport> reports = co_await ask_nodes(invocation_, map, std::move(nodes));
    Picture picture;
    picture.notes = silent_nodes(reports);
    if (std::string skew = version_skew(reports); !skew.empty()) picture.notes.push_back(std::move(skew));
    if (invocation_.json()) picture.json = nodes_json(map, reports, utc_now());
    else picture.text = table_of(reports).render(invocation_.table_style());
    bool all = what_.empty() && node_.empty();
    if (all && !invocation_.json() && invocation_.table_style().footers) picture.text += "\n" + node_summary(map, reports) + "\n";
    co_return picture;
  }

 private:
  Table table_of(const std::vector<NodeReport>& reports) const {
    if (what_ == "cpu") return cpu_table(reports);
    if (what_ == "memory") return memory_table(reports, invocation_.units());
    return node_table(reports, invocation_.units(), width_of(invocation_.terminal().out));
  }

  Result<std::vector<const meta::Node*>> chosen(const meta::ClusterMap& map) const {
    if (!node_.empty()) {
      AIS_TRY(const meta::Node* node, find_node(map, node_));
      const bool role = what_ == "proxy" || what_ == "target";
      if (role && what_ != meta::node_type_name(node->type)) return Status(Code::kInvalid, node->id + " is no " + what_);
      return std::vector<const meta::Node*>{node};
    }
    if (what_ == "target") return targets_of(map);
    std::vector<const meta::Node*> nodes = all_nodes(map);
    if (what_ == "proxy") nodes.resize(map.proxies.size());  // gateways come first
    return nodes;
  }

  Invocation& invocation_;
  const std::string what_, node_;
};

/// Whether the cluster is ready, and if not, why.
struct Readiness {
  meta::ClusterMap map;
  size_t proxies_ready = 0, targets_ready = 0;
  std::vector<std::string> reasons;  // empty = ready
};

void judge_nodes(Readiness& out, const std::vector<NodeReport>& reports) {
  for (const NodeReport& report : reports) {
    bool resting = report.state == "maintenance" || report.state == "decommission";
    if (report.state == "ready") ++(report.is_target() ? out.targets_ready : out.proxies_ready);
    else if (!resting) out.reasons.push_back(report.id + " is " + report.state);
  }
  if (out.targets_ready == 0) out.reasons.emplace_back("no target is ready");
}

/// Fails when the gateway does not answer at all.
async::Task<Result<Readiness>> ask_readiness(Invocation& invocation) {
  Readiness out;
  AIS_CO_TRY(out.map, co_await invocation.cluster().cluster_map());
  if (invocation.has("wait")) AIS_CO_RETURN_IF_ERROR(invocation.keep_deadline().status());
  Status gateway = co_await invocation.cluster().health(true);
  if (!gateway.ok()) out.reasons.push_back("the gateway is not ready: " + gateway.message());
  Result<std::string> primary = co_await invocation.cluster().call(net::Method::kGet, "/v1/health?prr=true", "", "");
  if (!primary.ok()) out.reasons.push_back("the primary is not ready: " + primary.status().message());
  if (invocation.has("wait")) AIS_CO_RETURN_IF_ERROR(invocation.keep_deadline().status());
  std::vector<NodeReport> reports = co_await ask_nodes(invocation, out.map, all_nodes(out.map));
  judge_nodes(out, reports);
  co_return out;
}

void print_status(Invocation& invocation, const Readiness& readiness) {
  const meta::ClusterMap& map = readiness.map;
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_object().field("endpoint", invocation.endpoint()).field("cluster", map.uuid).field("ready", readiness.reasons.empty());
    out.field("primary", map.primary_id).field("smap_version", map.version).field("proxies", uint64_t{map.proxies.size()});
    out.field("proxies_ready", uint64_t{readiness.proxies_ready}).field("targets", uint64_t{map.targets.size()});
    out.field("targets_active", uint64_t{map.active_targets()}).field("targets_ready", uint64_t{readiness.targets_ready});
    out.key("reasons").begin_array();
    for (const std::string& reason : readiness.reasons) out.value(reason);
    invocation.print_line(out.end_array().end_object().take());
    return;
  }
  Table table({{"CLUSTER"}, {map.uuid}});
  table.add({"endpoint", invocation.endpoint()});
  bool ready = readiness.reasons.empty();
  table.add({"state", ready ? "ready" : "not ready"}, ready ? Tone::kPlain : Tone::kAlert);
  table.add({"primary", map.primary_id});
  table.add({"proxies", format("%zu of %zu ready", readiness.proxies_ready, map.proxies.size())});
  table.add({"targets", format("%zu of %zu ready", readiness.targets_ready, map.targets.size())});
  table.add({"map version", std::to_string(map.version)});
  invocation.print_table(table);
}

Status verdict(const Result<Readiness>& readiness) {
  if (!readiness.ok()) return readiness.status();
  if (readiness->reasons.empty()) return {};
  return {Code::kUnavailable, "the cluster is not ready: " + join(readiness->reasons, "; ")};
}

}  // namespace

async::Task<Status> show_cluster(Invocation& invocation) {
  const std::string word = invocation.arguments().empty() ? "" : invocation.argument(0);
  if (word == "config") co_return co_await show_config_of(invocation, 1);
  if (word == "stats") co_return co_await show_performance_of(invocation, 1);
  if (is_cluster_document(word)) co_return co_await show_cluster_document(invocation);
  Result<Selection> selection = select(invocation, 0, kWords);
  if (!selection.ok()) co_return selection.status();
  ClusterView view(invocation, selection->what, selection->node);
  co_return co_await show_live(invocation, view);
}

async::Task<Status> show_status(Invocation& invocation) {
  constexpr Nanoseconds kPause = std::chrono::milliseconds(250);
  const bool waits = invocation.has("wait");
  if (waits) AIS_CO_RETURN_IF_ERROR(invocation.keep_deadline().status());
  Result<Readiness> readiness = co_await ask_readiness(invocation);
  while (waits && !verdict(readiness).ok()) {
    AIS_CO_TRY(const Nanoseconds deadline, invocation.keep_deadline());
    const Nanoseconds left = deadline - std::chrono::steady_clock::now().time_since_epoch();
    if (left.count() <= 0) break;
    co_await async::sleep_for(std::min(kPause, left));
    AIS_CO_RETURN_IF_ERROR(invocation.keep_deadline().status());
    readiness = co_await ask_readiness(invocation);
  }
  if (readiness.ok()) print_status(invocation, *readiness);
  co_return verdict(readiness);
}

}  // namespace ais::cli

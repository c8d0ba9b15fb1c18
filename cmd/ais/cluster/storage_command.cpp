#include "ais/cluster/node_argument.h"
#include "ais/cluster/show_views.h"
#include "ais/cluster/storage_rows.h"
#include "ais/command/commands.h"
#include "async/parallel.h"

namespace ais::cli {
namespace {

constexpr std::string_view kViews[] = {"mountpath", "disk", "capacity"};

/// Asks one target for what its status does not say; a failure becomes the report's error.
async::Task<void> ask_more(Invocation& invocation, StorageReport& report, bool disks) {
  if (!report.node.answered()) co_return;
  std::string query = disks ? "what=disk" : "what=mountpaths";
  Result<std::string> text = co_await ask_node(invocation, report.node.id, std::move(query));
  if (!text.ok()) {
    report.node.error = text.status().message();
    co_return;
  }
  if (disks) {
    Result<api::TargetDisks> answer = api::decode<api::TargetDisks>(*text, api::WireFormat::kJson);
    if (answer.ok()) report.disks = std::move(answer->disks);
    else report.node.error = answer.status().message();
  } else {
    Result<api::MountpathList> answer = api::decode<api::MountpathList>(*text, api::WireFormat::kJson);
    if (answer.ok()) read_disabled(report, *answer);
    else report.node.error = answer.status().message();
  }
}

class StorageView : public LiveView {
 public:
  StorageView(Invocation& invocation, bool disks, const std::string& node) : invocation_(invocation), disks_(disks), node_(node) {}

  async::Task<Result<Picture>> look() override {
    AIS_CO_TRY(meta::ClusterMap map, co_await invocation_.cluster().cluster_map());
    std::vector<const meta::Node*> nodes = targets_of(map);
    if (!node_.empty()) {
      AIS_CO_TRY(const meta::Node* node, find_target(map, node_));
      nodes.assign(1, node);
    }
    std::vector<NodeReport> answers = co_await ask_nodes(invocation_, map, std::move(nodes));
    std::vector<StorageReport> reports(answers.size());
    auto ask = [&](size_t i) -> async::Task<void> {
      reports[i].node = answers[i];
      const bool everything = invocation_.json();
      if (everything || disks_) co_await ask_more(invocation_, reports[i], true);
      if (everything || !disks_) co_await ask_more(invocation_, reports[i], false);
    };
    co_await async::for_each(answers.size(), kNodesAskedAtOnce, ask);
    co_return draw(reports, answers);
  }

 private:
  Picture draw(const std::vector<StorageReport>& reports, const std::vector<NodeReport>& answers) const {
    Picture picture;
    picture.notes = silent_nodes(answers);
    for (const StorageReport& report : reports)
      if (!report.node.answered() && report.node.state != "offline") picture.notes.push_back(report.node.id + ": " + report.node.error);
    SizeUnits units = invocation_.units();
    const TableStyle style = invocation_.table_style();
    if (invocation_.json()) picture.json = storage_json(reports, utc_now());
    else if (disks_) picture.text = disk_table(reports, units, invocation_.has("summary")).render(style);
    else picture.text = mountpath_table(reports, units).render(style);
    return picture;
  }

  Invocation& invocation_;
  const bool disks_;
  const std::string node_;
};

}  // namespace

async::Task<Status> show_storage_of(Invocation& invocation, bool disks, const std::string& node) {
  StorageView view(invocation, disks, node);
  co_return co_await show_live(invocation, view);
}

async::Task<Status> show_storage(Invocation& invocation) {
  Result<Selection> selection = select(invocation, 0, kViews);
  if (!selection.ok()) co_return selection.status();
  StorageView view(invocation, selection->what == "disk", selection->node);
  co_return co_await show_live(invocation, view);
}

}  // namespace ais::cli

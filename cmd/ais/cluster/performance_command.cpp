#include <algorithm>
#include <chrono>

#include "ais/cluster/node_argument.h"
#include "ais/cluster/performance_rows.h"
#include "ais/cluster/show_views.h"
#include "ais/command/commands.h"
#include "codec/json.h"
#include "sys/clock.h"

namespace ais::cli {
namespace {

constexpr std::string_view kViews[] = {"counters", "throughput", "latency", "capacity", "disk"};

constexpr Nanoseconds kFirstInterval = std::chrono::seconds(1);

class PerformanceView : public LiveView {
 public:
  PerformanceView(Invocation& invocation, std::string selection, std::string node, Nanoseconds first_interval)
      : invocation_(invocation), selection_(std::move(selection)), node_(std::move(node)), first_interval_(first_interval) {}

  async::Task<Result<Picture>> look() override {
    if (samples_.empty() && !only_totals()) {
      AIS_CO_RETURN_IF_ERROR(co_await ask());
      keep_samples();
      co_await async::sleep_for(first_interval_);
    }
    AIS_CO_RETURN_IF_ERROR(co_await ask());
    Result<Picture> picture = draw();
    keep_samples();
    co_return picture;
  }

 private:
  /// Nothing shown depends on an interval.
  bool only_totals() const { return selection_ == "counters" && !invocation_.json(); }

  async::Task<Status> ask() {
    AIS_CO_TRY(meta::ClusterMap map, co_await invocation_.cluster().cluster_map());
    std::vector<const meta::Node*> nodes = targets_of(map);
    if (!node_.empty()) {
      AIS_CO_TRY(const meta::Node* node, find_node(map, node_));
      nodes.assign(1, node);
    }
    reports_ = co_await ask_nodes(invocation_, map, std::move(nodes));
    asked_ns_ = sys::real_clock().monotonic_ns();
    if (invocation_.has("all") || invocation_.json()) co_await add_zeros();
    co_return Status();
  }

  /// A node leaves out what it has not counted yet. The names are those of all nodes of one kind.
  async::Task<void> add_zeros() {
    const auto answered = std::find_if(reports_.begin(), reports_.end(), [](const NodeReport& report) { return report.answered(); });
    if (answered == reports_.end()) co_return;
    Result<std::string> text = co_await ask_node(invocation_, answered->id, "what=metrics");
    Result<codec::JsonDocument> kinds = text.ok() ? codec::JsonDocument::parse(*text) : Result<codec::JsonDocument>(text.status());
    if (!kinds.ok()) co_return;  // then the zeros are missing
    const Status visited = kinds->root().for_each([this](std::string_view name, codec::JsonView kind) {
      const std::string word = kind.string_or("");
      if (word != "counter" && word != "size" && word != "total") return Status();
      for (NodeReport& report : reports_)
        if (report.answered()) report.tracker.try_emplace(std::string(name), 0);
      return Status();
    });
    static_cast<void>(visited.ok());  // the visitor never fails
  }

  void keep_samples() {
    for (const NodeReport& report : reports_)
      if (report.answered()) samples_[report.id] = CounterSample{asked_ns_, report.tracker};
  }

  Result<Picture> draw() const {
    Activities nodes;
    std::vector<const Tracker*> trackers;
    for (const NodeReport& report : reports_) {
      CounterSample now{asked_ns_, report.tracker};
      auto before = samples_.find(report.id);
      bool known = before != samples_.end() && report.answered();
      nodes.push_back({&report, known ? before->second : now, now});
      trackers.push_back(&report.tracker);
    }
    Picture picture;
    picture.notes = silent_nodes(reports_);
    if (std::string skew = version_skew(reports_); !skew.empty()) picture.notes.push_back(std::move(skew));
    if (invocation_.json()) {
      picture.json = activity_json(nodes, utc_now());
      return picture;
    }
    AIS_TRY(Table table, table_of(nodes, trackers));
    picture.text = table.render(invocation_.table_style());
    if (nothing_moved(trackers)) picture.text += "\nno counter has moved yet; --all shows zeros\n";
    return picture;
  }

  bool nothing_moved(const std::vector<const Tracker*>& trackers) const {
    if (selection_ != "counters" || invocation_.has("all") || invocation_.has("regex") || !invocation_.table_style().footers) return false;
    Result<std::vector<std::string>> names = counter_names(trackers, invocation_.get("regex"), false);
    return names.ok() && names->empty();
  }

  Result<Table> table_of(const Activities& nodes, const std::vector<const Tracker*>& trackers) const {
    if (selection_ == "throughput") return throughput_table(nodes, invocation_.units());
    if (selection_ == "latency") return latency_table(nodes);
    if (selection_ != "counters") return activity_table(nodes, invocation_.units());
    Result<std::vector<std::string>> names = counter_names(trackers, invocation_.get("regex"), invocation_.has("all"));
    if (!names.ok()) return invocation_.usage_error("--regex: " + names.status().message());
    return counter_table(nodes, *names, invocation_.units());
  }

  Invocation& invocation_;
  const std::string selection_, node_;
  const Nanoseconds first_interval_;
  std::map<std::string, CounterSample> samples_;  // of the look before, by node
  std::vector<NodeReport> reports_;
  int64_t asked_ns_ = 0;
};

}  // namespace

async::Task<Status> show_performance_of(Invocation& invocation, size_t first) {
  Result<Selection> selection = select(invocation, first, kViews);
  if (!selection.ok()) co_return selection.status();
  if (selection->what == "capacity") co_return co_await show_storage_of(invocation, false, selection->node);
  if (selection->what == "disk") co_return co_await show_storage_of(invocation, true, selection->node);
  AIS_CO_TRY(const Nanoseconds refresh, refresh_interval(invocation, kFirstInterval));
  PerformanceView view(invocation, selection->what, selection->node, std::min(refresh, kFirstInterval));
  co_return co_await show_live(invocation, view);
}

async::Task<Status> show_performance(Invocation& invocation) { return show_performance_of(invocation, 0); }

}  // namespace ais::cli

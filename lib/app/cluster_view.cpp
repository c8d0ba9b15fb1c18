#include "app/cluster_view.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "app/document_rules.h"
#include "app/state_document.h"
#include "base/log.h"
#include "base/strings.h"

namespace ais::app {
namespace {

constexpr const char* kModule = "cluster";

// Identifies a view in the cache of a thread; an address could be used again.
uint64_t next_view_id() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

meta::NodeOverrides merged(const meta::NodeOverrides& stored, const meta::NodeOverrides& on_top) {
  meta::NodeOverrides all = on_top;
  all.insert(stored.begin(), stored.end());
  return all;
}

bool loses_one_of(const meta::NodeOverrides& given, const meta::ClusterConfig& base, const meta::NodeOverrides& all) {
  const std::vector<std::string> lost = meta::apply_overrides(base, all).lost;
  return std::any_of(lost.begin(), lost.end(), [&](const std::string& name) { return given.contains(name); });
}

Result<meta::NodeOverrides> read_own_overrides(StateDirectory& state) {
  AIS_TRY(const auto own, state.load("overrides"));
  if (!own.has_value()) return meta::NodeOverrides();
  return meta::parse_overrides(own->text);
}

// A document that another version has made is kept as it is; what it asks for in vain is said.
void warn_about(const meta::ClusterMap&) {}
void warn_about(const meta::ClusterConfig& config) {
  for (const std::string& setting : meta::settings_without_effect(config))
    AIS_WARN(kModule, "configuration: %s", missing_feature(setting).message().c_str());
}
void warn_about(const meta::BucketMetadata& bmd) {
  std::map<std::string, std::pair<size_t, std::string>> found;  // setting -> buckets that have it, one of them
  for (const auto& [uname, entry] : bmd.buckets) {
    for (std::string& setting : meta::settings_without_effect(entry.second)) {
      auto& [count, example] = found[std::move(setting)];
      if (count++ == 0) example = entry.first.cname();
    }
  }
  for (const auto& [setting, buckets] : found)
    AIS_WARN(kModule, "properties of %zu buckets (%s): %s", buckets.first, buckets.second.c_str(),
             missing_feature(setting).message().c_str());
}

}  // namespace

template <typename Document>
static Status parse_document(std::string_view text, std::shared_ptr<const Document>& out) {
  AIS_TRY(auto document, Document::from_json(text));
  out = std::make_shared<const Document>(std::move(document));
  return {};
}

struct ClusterView::Impl {
  Impl(std::string state_dir, const sys::Environment& environment) : state(std::move(state_dir), environment) {}
  const uint64_t id = next_view_id();
  StateDirectory state;
  std::vector<std::function<void(const ClusterSnapshot&)>> listeners;

  std::mutex change_mutex;                  // one change at a time, over the disk and the listeners
  meta::NodeOverrides overrides;            // as stored; guarded by change_mutex, as the next three
  bool overrides_unread = false;            // there may be some, and the disk would not give them
  meta::NodeOverrides transient_overrides;  // on top, gone at restart
  std::vector<std::string> told_lost;       // what the log has said last

  mutable std::mutex mutex;  // for the moment of looking at `current` and `quarantine`
  ClusterSnapshot current;
  std::string quarantine;
  std::atomic<uint64_t> version{1};  // of `current`

  void load();
  template <typename Document>
  std::shared_ptr<const Document> load_document(const std::string& kind);
  ClusterSnapshot read() const {
    const std::lock_guard lock(mutex);
    return current;
  }
  void publish(ClusterSnapshot next);
  void load_overrides();
  Status check_overrides_read();
  void apply_overrides(ClusterSnapshot& snapshot);
  std::string quarantine_reason() const {
    const std::lock_guard lock(mutex);
    return quarantine;
  }
  Status check_usable() const {
    const std::string reason = quarantine_reason();
    return reason.empty() ? Status() : Status(Code::kUnavailable, "node is in quarantine: " + reason);
  }
};

template <typename Document>
std::shared_ptr<const Document> ClusterView::Impl::load_document(const std::string& kind) {
  auto loaded = state.load(kind);
  Status status = loaded.status();
  if (status.ok() && loaded->has_value()) {
    std::shared_ptr<const Document> document;
    status = parse_document((*loaded)->text, document);
    if (status.ok()) {
      warn_about(*document);
      return document;
    }
    status = state.set_aside(kind, std::move(status));
  }
  if (!status.ok()) {
    AIS_ERROR(kModule, "quarantine: %s", status.message().c_str());
    if (quarantine.empty()) quarantine = status.message();
  }
  return std::make_shared<const Document>();
}

void ClusterView::Impl::load() {
  current.smap = load_document<meta::ClusterMap>("smap");
  current.bmd = load_document<meta::BucketMetadata>("bmd");
  current.cluster_config = load_document<meta::ClusterConfig>("config");
  load_overrides();
  const std::string& uuid = current.smap->uuid;
  if (!uuid.empty() && !current.bmd->uuid.empty() && current.bmd->uuid != uuid && quarantine.empty()) {
    quarantine = "bmd.json is of cluster " + current.bmd->uuid + ", smap.json of cluster " + uuid;
    AIS_ERROR(kModule, "quarantine: %s", quarantine.c_str());
  }
  apply_overrides(current);
}

// Without its overrides a node still serves: with the cluster's values, and it says so.
void ClusterView::Impl::load_overrides() {
  auto own = read_own_overrides(state);
  if (own.ok()) overrides = std::move(*own);
  else AIS_ERROR(kModule, "node overrides are not applied: %s", own.status().message().c_str());
  overrides_unread = !own.ok() && own.code() != Code::kCorrupt;
}

// What was not read must not be written over: a start on a disk that failed for a moment would cost a node its settings.
Status ClusterView::Impl::check_overrides_read() {
  if (!overrides_unread) return {};
  load_overrides();
  return overrides_unread ? Status(Code::kUnavailable, "the node's stored overrides cannot be read") : Status();
}

// Sets `config` and `lost_overrides` from `cluster_config`.
void ClusterView::Impl::apply_overrides(ClusterSnapshot& snapshot) {
  const meta::NodeOverrides all = merged(overrides, transient_overrides);
  if (all.empty()) {
    snapshot.config = snapshot.cluster_config;
    snapshot.lost_overrides.clear();
  } else {
    meta::AppliedOverrides applied = meta::apply_overrides(*snapshot.cluster_config, all);
    snapshot.config = std::make_shared<const meta::ClusterConfig>(std::move(applied.config));
    snapshot.lost_overrides = std::move(applied.lost);
  }
  if (snapshot.lost_overrides == told_lost) return;
  told_lost = snapshot.lost_overrides;
  if (told_lost.empty()) AIS_INFO(kModule, "all overrides of this node are in effect again");
  else
    AIS_ERROR(kModule, "settings of this node conflict with the cluster's configuration; the cluster's values apply instead: %s",
              join(told_lost, ", ").c_str());
}

void ClusterView::Impl::publish(ClusterSnapshot next) {
  {
    const std::lock_guard lock(mutex);
    current = next;
    version.fetch_add(1, std::memory_order_release);
  }
  for (const auto& listener : listeners) listener(next);
}

ClusterView::ClusterView(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ClusterView::~ClusterView() = default;

Result<std::unique_ptr<ClusterView>> ClusterView::open(std::string state_dir, const sys::Environment& environment) {
  auto impl = std::make_unique<Impl>(std::move(state_dir), environment);
  AIS_RETURN_IF_ERROR(impl->state.open());
  impl->load();
  return std::unique_ptr<ClusterView>(new ClusterView(std::move(impl)));
}

const ClusterSnapshot& ClusterView::snapshot() const {
  struct Cached {
    uint64_t view = 0;
    uint64_t version = 0;
    ClusterSnapshot snapshot;
  };
  thread_local Cached cached;
  const uint64_t version = impl_->version.load(std::memory_order_acquire);
  if (cached.version != version || cached.view != impl_->id) {
    // A change between the load and here only makes the next call look again.
    cached.snapshot = impl_->read();
    cached.version = version;
    cached.view = impl_->id;
  }
  return cached.snapshot;
}

ClusterSnapshot ClusterView::copy() const { return impl_->read(); }

namespace {

// Takes over one document: writes it, then points `held` at it.
template <typename Document>
Status take(StateDirectory& state, const char* kind, std::optional<Document>& offered, std::shared_ptr<const Document>& held,
            bool& changed) {
  if (!offered) return {};
  const StateDocument file{kind, static_cast<uint64_t>(offered->version), offered->uuid, offered->to_json()};
  // What could not be read back would put the node into quarantine at its next start.
  const auto back = Document::from_json(file.text);
  if (!back.ok()) return back.status().with_context(kind);
  AIS_RETURN_IF_ERROR(state.store(file));
  AIS_INFO(kModule, "%s version %lu installed", kind, static_cast<unsigned long>(offered->version));
  held = std::make_shared<const Document>(std::move(*offered));
  if constexpr (std::is_same_v<Document, meta::ClusterConfig>) warn_about(*held);  // buckets change too often to be looked at each time
  changed = true;
  return {};
}

}  // namespace

Status ClusterView::install(api::ClusterDocuments documents) {
  const std::lock_guard change(impl_->change_mutex);
  AIS_RETURN_IF_ERROR(impl_->check_usable());
  ClusterSnapshot next = impl_->read();
  AIS_TRY(documents, newer_documents(next, std::move(documents)));
  bool changed = false;
  const auto take_all = [&]() -> Status {
    // The map last: a node that is listed in it and serves has its buckets already.
    AIS_RETURN_IF_ERROR(take(impl_->state, "config", documents.config, next.cluster_config, changed));
    AIS_RETURN_IF_ERROR(take(impl_->state, "bmd", documents.bmd, next.bmd, changed));
    return take(impl_->state, "smap", documents.smap, next.smap, changed);
  };
  const Status status = take_all();
  if (changed) {  // also what was stored before another document failed
    impl_->apply_overrides(next);
    impl_->publish(std::move(next));
  }
  return status;
}

Status ClusterView::set_overrides(const meta::ConfigValues& values, bool transient) {
  if (values.empty()) return reset_overrides();
  AIS_RETURN_IF_ERROR(impl_->check_usable());
  const std::lock_guard change(impl_->change_mutex);
  if (!transient) AIS_RETURN_IF_ERROR(impl_->check_overrides_read());
  ClusterSnapshot next = impl_->read();
  for (const auto& [name, text] : values) {
    if (meta::is_cluster_only(name))
      return Status(Code::kInvalid, "configuration section of \"" + name + "\" is the same on all nodes and cannot be set on one");
    if (transient && !meta::transient_allowed(name))
      return Status(Code::kUnsupported, "cannot update \"" + name + "\" transiently - operation not supported");
  }
  // Judged over what is in effect.
  AIS_RETURN_IF_ERROR(meta::change_config(*next.config, codec::JsonView(), values).status());
  meta::NodeOverrides stored = impl_->overrides, in_memory = impl_->transient_overrides;
  meta::NodeOverrides given;
  meta::add_overrides(given, values);
  for (const auto& [name, text] : given) {
    in_memory.erase(name);  // a knob that was set both ways has its newest value either way
    (transient ? in_memory : stored)[name] = text;
  }
  if (loses_one_of(given, *next.cluster_config, merged(stored, in_memory))) {
    // Older ones that are not in effect stand in the way: the newest word counts.
    for (const std::string& name : next.lost_overrides) {
      stored.erase(name);
      in_memory.erase(name);
    }
  }
  if (!transient) {
    const StateDocument file{"overrides", 1, next.cluster_config->uuid, meta::overrides_json(stored)};
    AIS_RETURN_IF_ERROR(impl_->state.store(file));
    impl_->overrides = std::move(stored);
  }
  impl_->transient_overrides = std::move(in_memory);
  impl_->apply_overrides(next);
  impl_->publish(std::move(next));
  return {};
}

Status ClusterView::reset_overrides() {
  const std::lock_guard change(impl_->change_mutex);
  ClusterSnapshot next = impl_->read();
  if (!impl_->overrides.empty()) AIS_RETURN_IF_ERROR(impl_->state.store(StateDocument{"overrides", 1, next.cluster_config->uuid, "{}"}));
  impl_->overrides.clear();
  impl_->transient_overrides.clear();
  impl_->apply_overrides(next);
  impl_->publish(std::move(next));
  return {};
}

Status ClusterView::install_transient_config(meta::ClusterConfig config) {
  AIS_RETURN_IF_ERROR(impl_->check_usable());
  const std::lock_guard change(impl_->change_mutex);
  ClusterSnapshot next = impl_->read();
  AIS_RETURN_IF_ERROR(check_cluster_uuid(cluster_uuid_of(next), config.uuid, "configuration"));
  next.cluster_config = std::make_shared<const meta::ClusterConfig>(std::move(config));
  impl_->apply_overrides(next);
  impl_->publish(std::move(next));
  return {};
}

void ClusterView::add_listener(std::function<void(const ClusterSnapshot&)> listener) { impl_->listeners.push_back(std::move(listener)); }

api::DocumentVersions ClusterView::versions() const {
  const ClusterSnapshot now = copy();
  return api::DocumentVersions{cluster_uuid_of(now), now.smap->version, now.bmd->version,
                               static_cast<uint64_t>(now.cluster_config->version), now.lost_overrides};
}

std::string ClusterView::quarantine_reason() const { return impl_->quarantine_reason(); }

void ClusterView::quarantine(const std::string& reason) {
  const std::lock_guard change(impl_->change_mutex);
  if (!impl_->quarantine_reason().empty()) return;
  AIS_ERROR(kModule, "quarantine: %s", reason.c_str());
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->quarantine = reason;
  }
  impl_->publish(impl_->read());
}

const std::string& ClusterView::state_dir() const { return impl_->state.path(); }

}  // namespace ais::app

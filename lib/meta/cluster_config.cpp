#include "meta/cluster_config.h"

#include <algorithm>

#include "base/strings.h"
#include "meta/config_schema.h"
#include "meta/known_names.h"
#include "meta/property_words.h"

namespace ais::meta {
namespace {

// write_policy is not among the original's. It goes into a bucket's properties when that is made, so one node's own would do nothing.
constexpr std::string_view kClusterOnly[] = {"write_policy", "checksum",  "tcb",       "tco",      "arch",      "lso",      "rebalance",
                                             "ec",           "get_batch", "transport", "chunks",   "mirror",    "periodic", "auth",
                                             "backend",      "proxy",     "net",       "features", "versioning"};
constexpr std::string_view kNeverTransient[] = {
    "auth", "net", "tracing", "memsys", "keepalivetracker", "timeout.max_keepalive", "timeout.cplane_operation",
};

std::string_view section_of(std::string_view dotted_name) { return dotted_name.substr(0, dotted_name.find('.')); }

template <size_t N>
bool contains(const std::string_view (&names)[N], std::string_view name) {
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view other) { return equals_ignore_case(other, name); });
}

class ValueSetter : public PathVisitor {
 public:
  ValueSetter(std::string_view name, std::string_view text) : name_(name), text_(text) {}
  void field(const FieldSpec& spec, FieldPointer value) override {
    std::string path = path_of(spec.name);
    if (!equals_ignore_case(path, name_)) return;
    found_ = true;
    status_ = field_from_text(value, path, text_);
    if (status_.ok()) status_ = check_rule(spec, value, path);
  }
  Status status() const { return found_ ? status_ : Status(Code::kInvalid, "unknown configuration name \"" + std::string(name_) + "\""); }

 private:
  std::string_view name_, text_;
  bool found_ = false;
  Status status_;
};

class NameFinder : public PathVisitor {
 public:
  explicit NameFinder(std::string_view name) : found(name) {}
  void field(const FieldSpec& spec, FieldPointer) override {
    std::string path = path_of(spec.name);
    if (equals_ignore_case(path, found)) found = std::move(path);
  }
  std::string found;
};

class KnobCollector : public PathVisitor {
 public:
  void field(const FieldSpec& spec, FieldPointer value) override {
    ConfigKnob knob;
    knob.name = path_of(spec.name);
    knob.type = type_name_of(value);
    knob.default_value = field_to_text(value);
    knob.allowed = rule_to_text(spec.rule, value);
    knob.description = spec.description;
    knob.missing = spec.missing;
    knob.bits_with_effect = spec.bits_with_effect;
    knob.cluster_only = is_cluster_only(knob.name);
    knob.transient = transient_allowed(knob.name);
    knobs.push_back(std::move(knob));
  }
  std::vector<ConfigKnob> knobs;
};

/// What the documentation says about a knob's effect.
std::string effect_text(const ConfigKnob& knob) {
  if (knob.missing.empty()) return "";
  if (knob.bits_with_effect != 0) return "only " + features_text(knob.bits_with_effect);
  return "not there: " + knob.missing;
}

Status broken(const char* rule) { return {Code::kInvalid, std::string("invalid configuration: expecting ") + rule}; }

/// The rules that tie knobs together.
Status check_relations(const ClusterConfig& c) {
  const SpaceConfig& space = c.space;
  if (!(space.cleanupwm < space.lowwm && space.lowwm < space.highwm && space.highwm < space.out_of_space))
    return broken("space.cleanupwm < space.lowwm < space.highwm < space.out_of_space");
  const DiskConfig& disk = c.disk;
  if (!(disk.disk_util_low_wm < disk.disk_util_high_wm && disk.disk_util_high_wm < disk.disk_util_max_wm))
    return broken("disk.disk_util_low_wm < disk.disk_util_high_wm < disk.disk_util_max_wm");
  if (!(disk.iostat_time_short <= disk.iostat_time_long && disk.iostat_time_long <= disk.iostat_time_smooth))
    return broken("disk.iostat_time_short <= disk.iostat_time_long <= disk.iostat_time_smooth");
  const TimeoutConfig& timeout = c.timeout;
  if (timeout.max_keepalive.value < 2 * timeout.cplane_operation.value)
    return broken("timeout.max_keepalive >= 2 * timeout.cplane_operation");
  if (timeout.join_startup_time < timeout.startup_time) return broken("timeout.join_startup_time >= timeout.startup_time");
  if (c.keepalivetracker.proxy.interval < timeout.max_keepalive || c.keepalivetracker.target.interval < timeout.max_keepalive)
    return broken("keepalivetracker.proxy.interval and keepalivetracker.target.interval >= timeout.max_keepalive");
  if (c.log.max_total < c.log.max_size) return broken("log.max_total >= log.max_size");
  if (c.chunks.objsize_limit > c.chunks.max_monolithic_size) return broken("chunks.objsize_limit <= chunks.max_monolithic_size");
  if (c.mirror.enabled && c.chunks.objsize_limit.bytes > 0) return broken("mirror.enabled without chunks.objsize_limit > 0B");
  if (c.net.http.use_https && (c.net.http.server_crt.empty() || c.net.http.server_key.empty()))
    return broken("net.http.server_crt and net.http.server_key with net.http.use_https");
  return {};
}

Status check_rules(const ClusterConfig& config) {
  RuleChecker checker;
  describe(checker, const_cast<ClusterConfig&>(config));  // the checker only reads
  AIS_RETURN_IF_ERROR(checker.status());
  return config.features >> kFeatureCount != 0 ? broken("features to have known bits only") : Status();
}

void describe_config(ConfigVisitor& visitor, ClusterConfig& config) { describe(visitor, config); }

/// Reads members into `config` without checking rules.
Status read_members(ClusterConfig& config, codec::JsonView document) {
  if (!document.is_object()) return {Code::kInvalid, "invalid configuration: expecting a JSON object"};
  JsonFieldReader reader(document);
  describe(reader, config);
  return reader.status();
}

/// The members that say which document it is. The cluster must be the same; time and version are of the answer that a client repeats.
Status check_identity(const ClusterConfig& current, codec::JsonView document) {
  AIS_TRY(const auto uuid, document["uuid"].get_string("uuid"));
  if (!uuid || *uuid == current.uuid) return {};
  return {Code::kInvalid, "invalid uuid=\"" + *uuid + "\": it is read-only, expecting \"" + current.uuid + "\""};
}

Status check_names(const ClusterConfig& current, codec::JsonView document) {
  ClusterConfig any;
  KnownNames known("configuration name");
  describe(known, any);
  for (const std::string_view name : {"uuid", "lastupdate_time", "config_version"}) known.add(name);
  AIS_RETURN_IF_ERROR(known.check(document));
  return check_identity(current, document);
}

/// A knob that is given twice would get whichever value is read last.
Status check_once(const ConfigValues& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (equals_ignore_case(values[i].first, values[j].first)) return {Code::kInvalid, "\"" + values[i].first + "\" is given twice"};
    }
  }
  return {};
}

}  // namespace

std::string ClusterConfig::to_json() const {
  codec::JsonWriter out;
  out.begin_object();
  write_config_members(out, *this, Secrets::kShow);
  out.end_object();
  return out.take();
}

Result<ClusterConfig> ClusterConfig::from_json(std::string_view text) {
  AIS_TRY(auto document, codec::JsonDocument::parse(text));
  codec::JsonView root = document.root();
  ClusterConfig config;
  AIS_RETURN_IF_ERROR(read_members(config, root));
  AIS_TRY(auto uuid, root["uuid"].get_string("uuid"));
  AIS_TRY(auto time, root["lastupdate_time"].get_string("lastupdate_time"));
  AIS_TRY(auto version, root["config_version"].get_int("config_version"));
  config.uuid = uuid.value_or("");
  config.lastupdate_time = time.value_or("");
  config.version = version.value_or(0);
  if (config.version < 0) return Status(Code::kInvalid, "invalid config_version: expecting a non-negative number");
  AIS_RETURN_IF_ERROR(validate_config(config));
  return config;
}

void write_config_members(codec::JsonWriter& out, const ClusterConfig& config, Secrets secrets) {
  JsonFieldWriter writer(out, secrets);
  describe(writer, const_cast<ClusterConfig&>(config));  // the writer only reads
  out.field("uuid", config.uuid).field("lastupdate_time", config.lastupdate_time);
  out.key("config_version").quoted(config.version);
}

Status apply_config_document(ClusterConfig& config, codec::JsonView changes) {
  ClusterConfig changed = config;
  AIS_RETURN_IF_ERROR(read_members(changed, changes));
  AIS_RETURN_IF_ERROR(validate_config(changed));
  config = std::move(changed);
  return {};
}

Status set_config_value(ClusterConfig& config, std::string_view dotted_name, std::string_view text) {
  if (equals_ignore_case(dotted_name, "backend.conf")) dotted_name = "backend";
  ClusterConfig changed = config;
  ValueSetter setter(dotted_name, text);
  describe(setter, changed);
  AIS_RETURN_IF_ERROR(setter.status());
  config = std::move(changed);
  return {};
}

std::string config_name(std::string_view dotted_name) {
  ClusterConfig any;
  NameFinder finder(dotted_name);
  describe(finder, any);
  return std::move(finder.found);
}

Status validate_config(const ClusterConfig& config) {
  AIS_RETURN_IF_ERROR(check_rules(config));
  return check_relations(config);
}

Result<ClusterConfig> change_config(const ClusterConfig& current, codec::JsonView document, const ConfigValues& values) {
  ClusterConfig next = current;
  AIS_RETURN_IF_ERROR(check_once(values));
  if (!document.is_null()) AIS_RETURN_IF_ERROR(read_members(next, document));
  for (const auto& [name, text] : values) {
    if (!KnownNames::is_foreign(name)) AIS_RETURN_IF_ERROR(set_config_value(next, name, text));
  }
  AIS_RETURN_IF_ERROR(check_rules(next));
  if (!document.is_null()) AIS_RETURN_IF_ERROR(check_names(current, document));
  for (const auto& [name, text] : values) AIS_RETURN_IF_ERROR(KnownNames::check_foreign(name, text));
  AIS_RETURN_IF_ERROR(find_missing(current, next, describe_config).status());
  // Last: what ties two knobs together says nothing to somebody who asked for what is missing.
  AIS_RETURN_IF_ERROR(check_relations(next));
  return next;
}

std::vector<std::string> settings_without_effect(const ClusterConfig& config) {
  return find_missing(ClusterConfig(), config, describe_config).found();
}

bool is_cluster_only(std::string_view dotted_name) { return contains(kClusterOnly, section_of(dotted_name)); }

bool transient_allowed(std::string_view dotted_name) {
  return !contains(kNeverTransient, section_of(dotted_name)) && !contains(kNeverTransient, dotted_name);
}

std::vector<ConfigKnob> list_config_knobs() {
  ClusterConfig defaults;
  KnobCollector collector;
  describe(collector, defaults);
  return std::move(collector.knobs);
}

std::string config_knobs_markdown() {
  std::string page = "| name | type | default | allowed | scope | meaning | in this version |\n|---|---|---|---|---|---|---|\n";
  auto code = [](const std::string& text) { return text.empty() ? std::string() : "`" + text + "`"; };
  for (const ConfigKnob& knob : list_config_knobs()) {
    std::string scope = knob.cluster_only ? "cluster" : "node";
    if (!knob.transient) scope += ", not transient";
    page += "| `" + knob.name + "` | " + knob.type + " | " + code(knob.default_value) + " | " + knob.allowed + " | " + scope + " | " +
            knob.description + " | " + effect_text(knob) + " |\n";
  }
  return page;
}

}  // namespace ais::meta

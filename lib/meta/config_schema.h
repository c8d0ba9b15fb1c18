// The one description of every knob of the configuration and of the bucket sections: name, place, meaning, allowed values. All that
// is done with a configuration (JSON, dotted names, validation, documentation) is a visitor over it. Internal to lib/meta.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"
#include "meta/cluster_config.h"

namespace ais::meta {

/// Where a knob's value lies. uint64_t is a bit mask, a string of digits in JSON.
using FieldPointer = std::variant<bool*, int64_t*, uint64_t*, std::string*, Duration*, Size*, std::vector<std::string>*, BackendConfig*>;

/// Which values a knob may take, beside being of its type.
struct FieldRule {
  int64_t low = std::numeric_limits<int64_t>::min();  // as the type counts: plain, nanoseconds, bytes
  int64_t high = std::numeric_limits<int64_t>::max();
  std::string_view one_of;                             // words, separated by blanks
  bool (*accepts)(const std::string& text) = nullptr;  // own syntax, explained by `syntax`
  std::string_view syntax;
};
FieldRule range(int64_t low, int64_t high);
FieldRule range(Duration low, Duration high);
FieldRule range(Size low, Size high);
FieldRule at_least(Duration low);
FieldRule one_of(std::string_view words);

enum FieldFlags : unsigned {
  kNoFlags = 0,
  kOmitEmpty = 1,  // not written when it has its empty value (0, "", [])
  kSecret = 2,     // masked in answers to clients
};

struct FieldSpec {
  std::string_view name;
  std::string_view description;
  FieldRule rule;
  unsigned flags = kNoFlags;
  std::string_view missing;       // what this version lacks, so that nothing acts on the field; "" = it has its effect
  uint64_t bits_with_effect = 0;  // of a bit mask with something missing: those that have theirs
};

class ConfigVisitor {
 public:
  virtual ~ConfigVisitor() = default;
  /// A nested object begins; `omit_empty`: it is not written when nothing in it is.
  virtual void enter(std::string_view name, bool omit_empty) = 0;
  virtual void leave() = 0;
  virtual void field(const FieldSpec& spec, FieldPointer value) = 0;
};

// What describes each section: calls of the visitor in the order of the JSON text. Visitors that only read must not write through
// the pointers.
void describe(ConfigVisitor& visitor, WritePolicyConfig& c);
void describe(ConfigVisitor& visitor, ChecksumConfig& c);
void describe(ConfigVisitor& visitor, StreamConfig& c);
void describe(ConfigVisitor& visitor, ListConfig& c);
void describe(ConfigVisitor& visitor, RateLimitConfig& c);
void describe(ConfigVisitor& visitor, KeepaliveConfig& c);
void describe(ConfigVisitor& visitor, RebalanceConfig& c);
void describe(ConfigVisitor& visitor, LogConfig& c);
void describe(ConfigVisitor& visitor, ErasureConfig& c);
void describe(ConfigVisitor& visitor, GetBatchConfig& c);
void describe(ConfigVisitor& visitor, SpaceConfig& c);
void describe(ConfigVisitor& visitor, TransportConfig& c);
void describe(ConfigVisitor& visitor, DiskConfig& c);
void describe(ConfigVisitor& visitor, FilesystemCheckConfig& c);
void describe(ConfigVisitor& visitor, ChunksConfig& c);
void describe(ConfigVisitor& visitor, LruConfig& c);
void describe(ConfigVisitor& visitor, MirrorConfig& c);
void describe(ConfigVisitor& visitor, PeriodicConfig& c);
void describe(ConfigVisitor& visitor, ClientConfig& c);
void describe(ConfigVisitor& visitor, DownloaderConfig& c);
void describe(ConfigVisitor& visitor, SortConfig& c);
void describe(ConfigVisitor& visitor, AuthConfig& c);
void describe(ConfigVisitor& visitor, ProxyConfig& c);
void describe(ConfigVisitor& visitor, NetConfig& c);
void describe(ConfigVisitor& visitor, TimeoutConfig& c);
void describe(ConfigVisitor& visitor, MemoryConfig& c);
void describe(ConfigVisitor& visitor, VersioningConfig& c);
void describe(ConfigVisitor& visitor, ResilverConfig& c);
void describe(ConfigVisitor& visitor, StoreConfig& c);
void describe(ConfigVisitor& visitor, ExtraProperties& c);
/// The bit mask `features`, of the cluster or of a bucket.
void describe_features(ConfigVisitor& visitor, uint64_t& features);
/// All sections, each entered by its name. Not the document's identity.
void describe(ConfigVisitor& visitor, ClusterConfig& c);

/// A visitor that knows the dotted name of where it is.
class PathVisitor : public ConfigVisitor {
 public:
  void enter(std::string_view name, bool omit_empty) override;
  void leave() override;

 protected:
  std::string path_of(std::string_view name) const;

 private:
  std::vector<std::string> path_;
};

// Values as text and JSON (config_values.cpp).
/// As JSON has it, without quotes; lists joined by ','.
std::string field_to_text(FieldPointer value);
/// kInvalid naming `name` when text is no value of this type; the rule is not checked.
Status field_from_text(FieldPointer value, std::string_view name, std::string_view text);
Status field_from_json(FieldPointer value, std::string_view name, codec::JsonView json);
void field_to_json(codec::JsonWriter& out, FieldPointer value);
bool field_is_empty(FieldPointer value);
bool fields_equal(FieldPointer a, FieldPointer b);
/// kInvalid naming `name` when the value breaks the rule.
Status check_rule(const FieldSpec& spec, FieldPointer value, std::string_view name);
std::string_view type_name_of(FieldPointer value);
/// The rule for people: "2 .. 32", "never, always"; empty without one.
std::string rule_to_text(const FieldRule& rule, FieldPointer value);

// Sections as JSON (config_json.cpp).
/// Writes the described members into the object that is open in `out`.
class JsonFieldWriter : public ConfigVisitor {
 public:
  JsonFieldWriter(codec::JsonWriter& out, Secrets secrets) : out_(out), secrets_(secrets) {}
  void enter(std::string_view name, bool omit_empty) override;
  void leave() override;
  void field(const FieldSpec& spec, FieldPointer value) override;

 private:
  void open_pending();
  struct Level {
    std::string name;
    bool opened;
  };
  codec::JsonWriter& out_;
  Secrets secrets_;
  std::vector<Level> levels_;
};

/// Reads what is there into the described fields; the first error is kept. Rules are not checked.
class JsonFieldReader : public PathVisitor {
 public:
  explicit JsonFieldReader(codec::JsonView root) : views_{root} {}
  void enter(std::string_view name, bool omit_empty) override;
  void leave() override;
  void field(const FieldSpec& spec, FieldPointer value) override;
  Status status() const { return status_; }

 private:
  std::vector<codec::JsonView> views_;
  Status status_;
};

/// Checks every field's rule; the first error is kept.
class RuleChecker : public PathVisitor {
 public:
  void field(const FieldSpec& spec, FieldPointer value) override;
  Status status() const { return status_; }

 private:
  Status status_;
};

/// The fields of a value, in the order of its description.
class PointerCollector : public ConfigVisitor {
 public:
  void enter(std::string_view, bool) override {}
  void leave() override {}
  void field(const FieldSpec&, FieldPointer value) override { pointers.push_back(value); }
  std::vector<FieldPointer> pointers;
};

/// Finds the fields that ask for something which is missing: what nothing acts on and differs from `current` and from the default. So
/// a document that repeats what is there passes, and what an earlier version has left behind can be taken back. Only reads.
class EffectChecker : public PathVisitor {
 public:
  /// Both as PointerCollector lists them.
  EffectChecker(std::vector<FieldPointer> current, std::vector<FieldPointer> defaults);
  void field(const FieldSpec& spec, FieldPointer value) override;
  /// "mirror.enabled: mirroring", in the order of the description.
  const std::vector<std::string>& found() const { return found_; }
  /// kNotImplemented for the first, OK without one.
  Status status() const;

 private:
  std::vector<FieldPointer> current_, defaults_;
  size_t next_ = 0;
  std::vector<std::string> found_;
};

/// Visits `next`; `describe` is called with a visitor and a value.
template <typename Value, typename Describe>
EffectChecker find_missing(const Value& current, const Value& next, Describe describe) {
  Value defaults;
  PointerCollector of_current, of_defaults;
  describe(of_current, const_cast<Value&>(current));  // all three visitors only read
  describe(of_defaults, defaults);
  EffectChecker checker(std::move(of_current.pointers), std::move(of_defaults.pointers));
  describe(checker, const_cast<Value&>(next));
  return checker;
}

template <typename Section>
void write_section(codec::JsonWriter& out, std::string_view name, const Section& section) {
  out.key(name).begin_object();
  JsonFieldWriter writer(out, Secrets::kShow);
  describe(writer, const_cast<Section&>(section));  // the writer only reads
  out.end_object();
}

template <typename Section>
Status read_section(codec::JsonView parent, std::string_view name, Section& section) {
  JsonFieldReader reader(parent);
  reader.enter(name, false);
  describe(reader, section);
  reader.leave();
  return reader.status();
}

}  // namespace ais::meta

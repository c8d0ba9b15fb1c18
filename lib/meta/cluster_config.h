// The cluster configuration: one value with every knob defaulted, and what can be done with it: to and from JSON, change by
// document or by dotted name, validation, the list of knobs. An immutable snapshot once published.
// JSON shape: reference rest-api 3.3. Pure functions, callable from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codec/json.h"
#include "meta/config_sections.h"

namespace ais::meta {

struct ClusterConfig {
  WritePolicyConfig write_policy;
  ChecksumConfig checksum;
  StreamConfig tcb, tco, arch;
  ListConfig lso;
  RateLimitConfig rate_limit;
  KeepaliveConfig keepalivetracker;
  RebalanceConfig rebalance;
  LogConfig log;
  ErasureConfig ec;
  GetBatchConfig get_batch;
  SpaceConfig space;
  TransportConfig transport;
  DiskConfig disk;
  FilesystemCheckConfig fshc;
  ChunksConfig chunks;
  LruConfig lru;
  MirrorConfig mirror;
  PeriodicConfig periodic;
  ClientConfig client;
  DownloaderConfig downloader;
  SortConfig distributed_sort;
  AuthConfig auth;
  BackendConfig backend;
  ProxyConfig proxy;
  NetConfig net;
  TimeoutConfig timeout;
  MemoryConfig memsys;
  uint64_t features = 0;
  VersioningConfig versioning;
  ResilverConfig resilver;
  StoreConfig ais_store;

  // Identity of the document; changed by its owner, never by apply_config_document and set_config_value.
  std::string uuid;             // the cluster's
  std::string lastupdate_time;  // for people
  int64_t version = 0;          // JSON: config_version

  /// The whole document, secrets included: for files and for other nodes of the cluster.
  std::string to_json() const;
  /// Reads a document (sections and members that it lacks keep their defaults) and validates it.
  static Result<ClusterConfig> from_json(std::string_view text);
  bool operator==(const ClusterConfig&) const = default;
};

using ClusterConfigPtr = std::shared_ptr<const ClusterConfig>;

enum class Secrets { kShow, kMask };

/// Writes all members (sections, uuid, lastupdate_time, config_version) into the object that is open in `out`. Answers to clients
/// mask secrets.
void write_config_members(codec::JsonWriter& out, const ClusterConfig& config, Secrets secrets = Secrets::kMask);

/// Applies a partial document (ConfigToSet): all of it, or nothing when a member is malformed or the result is not valid.
/// Unknown members are ignored, null equals absent, keys match without regard to case.
Status apply_config_document(ClusterConfig& config, codec::JsonView changes);

/// Sets one knob from text, e.g. "mirror.copies" to "3". kInvalid names the knob when it is unknown, or the text is not a value it
/// may take. Rules between knobs are not checked, so that several can be set in any order: call validate_config afterwards.
Status set_config_value(ClusterConfig& config, std::string_view dotted_name, std::string_view text);

/// The name as the table of knobs spells it; as it is when there is no such knob.
std::string config_name(std::string_view dotted_name);

/// Every knob's own range, and the rules between knobs. kInvalid naming the knob.
Status validate_config(const ClusterConfig& config);

/// Knobs by dotted name, with their values as text.
using ConfigValues = std::vector<std::pair<std::string, std::string>>;
/// What somebody asks for, applied to `current`: a partial document (may be null), then single knobs. All of it, or kInvalid naming
/// the knob whose value is not allowed, that is not known or given twice, or kNotImplemented naming the one that nothing in this
/// version acts on ("mirror.enabled: mirroring is not there in this version"). A knob of the latter kind may be given the value that
/// it has, or its default.
Result<ClusterConfig> change_config(const ClusterConfig& current, codec::JsonView document, const ConfigValues& values);
/// The knobs of a stored or received document that differ from their defaults although nothing acts on them: "mirror.enabled:
/// mirroring". Such a document is kept: another version has made it.
std::vector<std::string> settings_without_effect(const ClusterConfig& config);

/// True when the section of this dotted name (or bare section) is the same on all nodes: overrides of it are refused.
bool is_cluster_only(std::string_view dotted_name);
/// False when this knob cannot be changed in memory only (`transient=true`).
bool transient_allowed(std::string_view dotted_name);

/// One knob, for people: documentation and tools.
struct ConfigKnob {
  std::string name;           // dotted
  std::string type;           // "bool", "int", "string", "duration", "size", "list", "bit mask", "backends"
  std::string default_value;  // as text
  std::string allowed;        // range or list of values; empty = any of the type
  std::string description;
  std::string missing;            // what this version lacks, so that nothing acts on the knob; "" = it has its effect
  uint64_t bits_with_effect = 0;  // of a bit mask with something missing: those that have theirs
  bool cluster_only = false;
  bool transient = true;
};
std::vector<ConfigKnob> list_config_knobs();
/// The table of docs/configuration.md.
std::string config_knobs_markdown();

/// Bits of `features` are numbered below this (reference 3.8).
constexpr unsigned kFeatureCount = 28;
/// Bits of `features` that a bucket may carry too (reference 3.8).
constexpr uint64_t kBucketFeatures =
    1ull << 1 | 1ull << 4 | 1ull << 9 | 1ull << 11 | 1ull << 12 | 1ull << 14 | 1ull << 18 | 1ull << 21 | 1ull << 24;

/// `features` bit 4, Fsync-PUT: a bucket's objects are on stable storage before a write is answered, whatever its write_policy.
constexpr uint64_t kFeatureFsyncPut = 1ull << 4;
/// The bits of `features` that something acts on.
constexpr uint64_t kFeaturesThere = kFeatureFsyncPut;

}  // namespace ais::meta

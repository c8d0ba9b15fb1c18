// The sections of the cluster configuration, with their defaults: plain values (reference: rest-api 3.3). A member is spelled as
// its JSON key; what each means, and the values it may take, stands in one place (config_schema.cpp), from which
// docs/configuration.md is printed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/units.h"

namespace ais::meta {

/// A span of time; JSON: "1m30s".
struct Duration {
  Nanoseconds value{0};
  bool operator==(const Duration&) const = default;
  auto operator<=>(const Duration&) const = default;
};
constexpr Duration milliseconds(int64_t n) { return {std::chrono::milliseconds(n)}; }
constexpr Duration seconds(int64_t n) { return {std::chrono::seconds(n)}; }
constexpr Duration minutes(int64_t n) { return {std::chrono::minutes(n)}; }
constexpr Duration hours(int64_t n) { return {std::chrono::hours(n)}; }

/// A number of bytes; JSON: "256KiB".
struct Size {
  uint64_t bytes = 0;
  bool operator==(const Size&) const = default;
  auto operator<=>(const Size&) const = default;
};

struct WritePolicyConfig {
  std::string data = "immediate", md = "immediate";
  bool operator==(const WritePolicyConfig&) const = default;
};

struct ChecksumConfig {
  std::string type = "xxhash2";
  bool validate_cold_get = false, validate_warm_get = false, validate_obj_move = false, enable_read_range = false;
  bool operator==(const ChecksumConfig&) const = default;
};

/// Streams between targets, as several jobs use them.
struct StreamConfig {
  std::string compression = "never";
  int64_t bundle_multiplier = 2, burst_buffer = 512;
  bool operator==(const StreamConfig&) const = default;
};

struct ListConfig {
  std::string compression = "never";
  int64_t bundle_multiplier = 1, burst_buffer = 32, walk_buffer = 128;
  Duration idle_time = seconds(20), quiescent = seconds(5);
  bool operator==(const ListConfig&) const = default;
};

struct BackendRateConfig {
  std::string per_op_max_tokens;
  Duration interval = minutes(1);
  int64_t max_tokens = 1000;
  bool enabled = false;
  int64_t num_retries = 3;
  bool operator==(const BackendRateConfig&) const = default;
};
struct FrontendRateConfig {
  std::string per_op_max_tokens;
  Duration interval = minutes(1);
  int64_t max_tokens = 1000;
  bool enabled = false;
  int64_t burst_size = 375;
  bool operator==(const FrontendRateConfig&) const = default;
};
struct RateLimitConfig {
  BackendRateConfig backend;
  FrontendRateConfig frontend;
  bool operator==(const RateLimitConfig&) const = default;
};

struct KeepaliveNodeConfig {
  std::string name = "heartbeat";
  Duration interval = seconds(10);
  int64_t factor = 3;
  bool operator==(const KeepaliveNodeConfig&) const = default;
};
struct KeepaliveConfig {
  KeepaliveNodeConfig proxy, target;
  int64_t num_retries = 3, retry_factor = 4;
  bool operator==(const KeepaliveConfig&) const = default;
};

struct RebalanceConfig {
  std::string compression = "never";
  int64_t bundle_multiplier = 2, burst_buffer = 1024;
  Duration dest_retry_time = minutes(2);
  bool enabled = false;
  bool operator==(const RebalanceConfig&) const = default;
};

struct LogConfig {
  std::string level = "3";
  Size max_size{64 * kMiB}, max_total{512 * kMiB};
  Duration flush_time = minutes(1), stats_time = minutes(3);
  bool to_stderr = false;
  bool operator==(const LogConfig&) const = default;
};

struct ErasureConfig {
  std::string compression = "never";
  int64_t bundle_multiplier = 2, burst_buffer = 512;
  int64_t objsize_limit = 262144;  // smaller objects are replicated; -1 = all are
  int64_t data_slices = 2, parity_slices = 2;
  bool enabled = false, disk_only = false;
  bool operator==(const ErasureConfig&) const = default;
};

struct GetBatchConfig {
  std::string compression = "never";
  int64_t bundle_multiplier = 2, burst_buffer = 512;
  Duration max_wait = seconds(20);
  int64_t warmup_workers = -1, max_soft_errs = 8, max_gfn = 5;
  bool operator==(const GetBatchConfig&) const = default;
};

struct SpaceConfig {
  int64_t cleanupwm = 65, lowwm = 75, highwm = 90, out_of_space = 95, batch_size = 32768;
  Duration dont_cleanup_time = minutes(30);
  bool operator==(const SpaceConfig&) const = default;
};

struct TransportConfig {
  int64_t max_header = 4096, burst_buffer = 1024;
  Duration idle_teardown = seconds(4), quiescent = seconds(10);
  Size lz4_block{256 * kKiB};
  bool lz4_frame_checksum = false;
  bool operator==(const TransportConfig&) const = default;
};

struct DiskConfig {
  int64_t disk_util_low_wm = 20, disk_util_high_wm = 80, disk_util_max_wm = 95;
  Duration iostat_time_long = seconds(2), iostat_time_short = milliseconds(100), iostat_time_smooth = seconds(8);
  bool operator==(const DiskConfig&) const = default;
};

struct FilesystemCheckConfig {
  int64_t test_files = 4, error_limit = 2, io_err_limit = 10;
  Duration io_err_time = seconds(10);
  bool enabled = false;
  bool operator==(const FilesystemCheckConfig&) const = default;
};

struct ChunksConfig {
  Size objsize_limit{0}, max_monolithic_size{kTiB}, chunk_size{kGiB};
  int64_t checkpoint_every = 0, flags = 0;
  bool operator==(const ChunksConfig&) const = default;
};

struct LruConfig {
  Duration dont_evict_time = hours(2), capacity_upd_time = minutes(10);
  int64_t batch_size = 32768;
  bool enabled = false;
  bool operator==(const LruConfig&) const = default;
};

struct MirrorConfig {
  int64_t copies = 2, burst_buffer = 512;
  bool enabled = false;
  bool operator==(const MirrorConfig&) const = default;
};

struct PeriodicConfig {
  Duration stats_time = seconds(10), retry_sync_time = seconds(2), notif_time = seconds(30);
  bool operator==(const PeriodicConfig&) const = default;
};

struct ClientConfig {
  Duration client_timeout = seconds(10), client_long_timeout = minutes(5), list_timeout = minutes(5);
  bool operator==(const ClientConfig&) const = default;
};

struct DownloaderConfig {
  Duration timeout = hours(1);
  bool operator==(const DownloaderConfig&) const = default;
};

struct SortConfig {
  std::string duplicated_records = "ignore", missing_shards = "ignore", ekm_malformed_line = "abort", ekm_missing_key = "abort";
  std::string default_max_mem_usage = "80%", dsorter_mem_threshold = "100GB", compression = "never";
  int64_t bundle_multiplier = 4, burst_buffer = 512;
  Duration call_timeout = minutes(10);
  bool operator==(const SortConfig&) const = default;
};

struct AuthSignatureConfig {
  std::string key, method;
  bool operator==(const AuthSignatureConfig&) const = default;
};
struct RequiredClaimsConfig {
  std::vector<std::string> aud;
  bool operator==(const RequiredClaimsConfig&) const = default;
};
struct JwksCacheConfig {
  Duration min_rotation_refresh, min_background_refresh;
  bool operator==(const JwksCacheConfig&) const = default;
};
struct OidcConfig {
  std::vector<std::string> allowed_iss;
  std::string issuer_ca_bundle;
  JwksCacheConfig jwks_cache;
  bool operator==(const OidcConfig&) const = default;
};
struct IntraClusterAuthConfig {
  std::string node_join_secret_path;
  Duration ttl, nonce_window, rotation_grace;
  bool request_auth = false;
  bool operator==(const IntraClusterAuthConfig&) const = default;
};
struct AuthConfig {
  bool client_auth_required = false;
  AuthSignatureConfig signature;
  RequiredClaimsConfig required_claims;
  OidcConfig oidc;
  IntraClusterAuthConfig intra_cluster;
  bool operator==(const AuthConfig&) const = default;
};

/// Configured backends: provider -> alias -> URLs. Only provider "ais" (remote clusters) has aliases.
struct BackendConfig {
  using Aliases = std::map<std::string, std::vector<std::string>>;
  std::map<std::string, Aliases> providers;
  bool operator==(const BackendConfig&) const = default;
};

struct ProxyConfig {
  std::string primary_url, original_url, discovery_url;
  bool non_electable = false;
  bool operator==(const ProxyConfig&) const = default;
};

struct TcpConfig {
  std::string proto = "tcp";
  int64_t sndrcv_buf_size = 131072;
  bool operator==(const TcpConfig&) const = default;
};
struct HttpConfig {
  std::string server_crt, server_key, client_ca_tls;
  int64_t client_auth_tls = 0;
  std::string domain_tls;
  Duration idle_conn_time = seconds(6), backend_idle_conn_time = seconds(6);
  int64_t idle_conns_per_host = 32, idle_conns = 256, write_buffer_size = 0, read_buffer_size = 0;
  bool use_https = false, skip_verify = false, chunked_transfer = true;
  bool operator==(const HttpConfig&) const = default;
};
struct NetConfig {
  TcpConfig l4;
  HttpConfig http;
  bool use_ipv6 = false;
  bool operator==(const NetConfig&) const = default;
};

struct TimeoutConfig {
  Duration cplane_operation = seconds(2), max_keepalive = seconds(5), max_host_busy = seconds(20), startup_time = minutes(1);
  Duration join_startup_time = minutes(3), send_file_time = minutes(5), ec_streams_time = minutes(10), object_md = hours(2);
  Duration cold_get_conflict = seconds(5);
  bool operator==(const TimeoutConfig&) const = default;
};

struct MemoryConfig {
  Size min_free{2 * kGiB}, default_buf{32 * kKiB}, to_gc{4 * kGiB};
  Duration hk_time = minutes(3);
  int64_t min_pct_total = 0, min_pct_free = 0;
  bool operator==(const MemoryConfig&) const = default;
};

struct VersioningConfig {
  bool enabled = true, validate_warm_get = false, synchronize = false;
  bool operator==(const VersioningConfig&) const = default;
};

struct ResilverConfig {
  bool enabled = false;
  bool operator==(const ResilverConfig&) const = default;
};

/// Ours alone: the store of a target. Read when the target starts.
struct StoreConfig {
  int64_t fd_cache_objects = 8192;
  Size direct_threshold{256 * kKiB}, write_buffers{32 * kMiB};
  int64_t pool_threads = 8;
  bool operator==(const StoreConfig&) const = default;
};

/// Not a section of the cluster's configuration, but of a bucket's properties (reference 3.5).
struct AwsProperties {
  std::string cloud_region, endpoint, profile;
  int64_t max_pagesize = 0;
  Size multipart_size;
  bool operator==(const AwsProperties&) const = default;
};
struct GcpProperties {
  std::string application_creds;
  bool operator==(const GcpProperties&) const = default;
};
struct OciProperties {
  std::string region;
  bool operator==(const OciProperties&) const = default;
};
struct ExtraProperties {
  AwsProperties aws;
  GcpProperties gcp;
  OciProperties oci;
  std::string custom;
  bool operator==(const ExtraProperties&) const = default;
};

}  // namespace ais::meta

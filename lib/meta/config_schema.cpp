#include "meta/config_schema.h"

#include <utility>

#include "base/strings.h"

namespace ais::meta {
namespace {

constexpr std::string_view kCompressions = "never always";
constexpr int64_t kBatchMax = 1 << 20;
constexpr int64_t kBurstMax = 1 << 20;

/// Makes a table row a call: d("copies", c.copies, "number of copies", range(2, 32)).
class Describer {
 public:
  /// `missing`: see FieldSpec, for all rows.
  explicit Describer(ConfigVisitor& visitor, std::string_view missing = "") : visitor_(visitor), missing_(missing) {}
  template <typename T>
  void operator()(std::string_view name, T& member, std::string_view description, FieldRule rule = {}, unsigned flags = kNoFlags) {
    visitor_.field(FieldSpec{name, description, std::move(rule), flags, missing_}, &member);
  }
  /// `missing` for the rows in `body`.
  template <typename Body>
  void lacking(std::string_view missing, Body body) {
    const std::string_view outside = std::exchange(missing_, missing);
    body();
    missing_ = outside;
  }
  /// `body` describes what is inside the nested object.
  template <typename Body>
  void nested(std::string_view name, Body body, bool omit_empty = false) {
    visitor_.enter(name, omit_empty);
    body();
    visitor_.leave();
  }
  void streams(std::string& compression, int64_t& multiplier, int64_t& burst) {
    lacking(missing_.empty() ? "streaming between targets" : missing_, [&] {
      (*this)("compression", compression, "when streams between targets are compressed (LZ4)", one_of(kCompressions));
      (*this)("bundle_multiplier", multiplier, "streams per destination", range(0, 16));
      (*this)("burst_buffer", burst, "objects that may wait in one stream", range(0, kBurstMax));
    });
  }

 private:
  ConfigVisitor& visitor_;
  std::string_view missing_;
};

bool is_log_level(const std::string& text) {
  if (text.empty() || text[0] < '0' || text[0] > '5') return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-, ", 1) == std::string::npos;
}

bool is_memory_share(const std::string& text) {
  if (!text.ends_with('%')) return parse_size(text).has_value();
  auto percent = parse_uint(std::string_view(text).substr(0, text.size() - 1));
  return percent && *percent <= 100;
}

FieldRule own_syntax(bool (*accepts)(const std::string&), std::string_view syntax) {
  FieldRule rule;
  rule.accepts = accepts;
  rule.syntax = syntax;
  return rule;
}

template <typename Rate>
void describe_rate(Describer& d, Rate& c) {
  d("per_op_max_tokens", c.per_op_max_tokens, "tokens per interval for single operations, e.g. \"get:800,put:500\"", {}, kOmitEmpty);
  d("interval", c.interval, "time in which max_tokens requests are let through", range(seconds(1), hours(1)));
  d("max_tokens", c.max_tokens, "requests per interval", range(1, 1000000000));
  d("enabled", c.enabled, "limit the rate");
}

void describe_keepalive(Describer& d, KeepaliveNodeConfig& c) {
  d("name", c.name, "how a node shows that it is alive", one_of("heartbeat"));
  d("interval", c.interval, "time between two keepalives of a node", range(seconds(1), minutes(1)));
  d("factor", c.factor, "intervals of silence after which a node is suspect", range(1, 255));
}

}  // namespace

FieldRule range(int64_t low, int64_t high) {
  FieldRule rule;
  rule.low = low;
  rule.high = high;
  return rule;
}
FieldRule range(Duration low, Duration high) { return range(low.value.count(), high.value.count()); }
FieldRule range(Size low, Size high) { return range(static_cast<int64_t>(low.bytes), static_cast<int64_t>(high.bytes)); }
FieldRule at_least(Duration low) { return range(low.value.count(), std::numeric_limits<int64_t>::max()); }
FieldRule one_of(std::string_view words) {
  FieldRule rule;
  rule.one_of = words;
  return rule;
}

void describe(ConfigVisitor& visitor, WritePolicyConfig& c) {
  Describer d(visitor);
  d("data", c.data, "when an object's bytes must be on stable storage: before the answer, soon after, or when the kernel likes",
    one_of("immediate delayed never"));
  d("md", c.md, "the same for object metadata", one_of("immediate delayed never"));
}

void describe(ConfigVisitor& visitor, ChecksumConfig& c) {
  Describer d(visitor);
  d("type", c.type, "checksum of new objects", one_of("none xxhash xxhash2 md5 crc32c sha256 sha512"));
  d.lacking("backend support", [&] { d("validate_cold_get", c.validate_cold_get, "check what a backend sends"); });
  d("validate_warm_get", c.validate_warm_get, "check stored objects when they are read");
  d.lacking("checking of moved objects", [&] { d("validate_obj_move", c.validate_obj_move, "check objects that move between nodes"); });
  d("enable_read_range", c.enable_read_range, "answer a range read with the checksum of the range");
}

void describe(ConfigVisitor& visitor, StreamConfig& c) { Describer(visitor).streams(c.compression, c.bundle_multiplier, c.burst_buffer); }

void describe(ConfigVisitor& visitor, ListConfig& c) {
  Describer d(visitor);
  d.streams(c.compression, c.bundle_multiplier, c.burst_buffer);
  d.lacking("bounding of listings by names", [&] { d("walk_buffer", c.walk_buffer, "names that a walk may read ahead", range(1, 65536)); });
  d("idle_time", c.idle_time, "idle time after which a listing is dropped", range(seconds(1), hours(1)));
  d.lacking("running of jobs",
            [&] { d("quiescent", c.quiescent, "idle time after which a listing counts as finished", range(milliseconds(10), hours(1))); });
}

void describe(ConfigVisitor& visitor, RateLimitConfig& c) {
  Describer d(visitor, "rate limiting");
  d.nested("backend", [&] {
    describe_rate(d, c.backend);
    d("num_retries", c.backend.num_retries, "retries after the backend answered that it is busy", range(0, 100));
  });
  d.nested("frontend", [&] {
    describe_rate(d, c.frontend);
    d("burst_size", c.frontend.burst_size, "requests above the rate that are let through in a burst", range(0, 1000000000));
  });
}

void describe(ConfigVisitor& visitor, KeepaliveConfig& c) {
  Describer d(visitor);
  d.nested("proxy", [&] { describe_keepalive(d, c.proxy); });
  d.nested("target", [&] { describe_keepalive(d, c.target); });
  d.lacking("retrying of keepalives", [&] {
    d("num_retries", c.num_retries, "further attempts before a node is considered dead", range(1, 100));
    d("retry_factor", c.retry_factor, "factor by which the wait grows between attempts", range(1, 100));
  });
}

void describe(ConfigVisitor& visitor, RebalanceConfig& c) {
  Describer d(visitor, "rebalance");
  d.streams(c.compression, c.bundle_multiplier, c.burst_buffer);
  d("dest_retry_time", c.dest_retry_time, "how long to keep trying a busy destination", range(seconds(1), hours(1)));
  d("enabled", c.enabled, "move objects automatically when membership changes");
}

void describe(ConfigVisitor& visitor, LogConfig& c) {
  Describer d(visitor);
  d("level", c.level,
    "what is logged: 0 errors, 1 warnings, 2 and 3 changes of state, 4 and 5 everything; for the modules listed after it, everything",
    own_syntax(is_log_level, "one digit 0 .. 5, then modules by name: \"4,net,store\""));
  d("max_size", c.max_size, "size at which a new log file is begun", range(Size{kKiB}, Size{kGiB}));
  d("max_total", c.max_total, "total size of the log files that are kept", range(Size{kMiB}, Size{kTiB}));
  d.lacking("buffering of the log", [&] {
    d("flush_time", c.flush_time, "time after which lines are written to the file", range(milliseconds(10), hours(1)));
    d("stats_time", c.stats_time, "time between statistics in the log", range(seconds(1), hours(24)));
  });
  d("to_stderr", c.to_stderr, "log to stderr instead of files");
}

void describe(ConfigVisitor& visitor, ErasureConfig& c) {
  Describer d(visitor, "erasure coding");
  d.streams(c.compression, c.bundle_multiplier, c.burst_buffer);
  d("objsize_limit", c.objsize_limit, "bytes below which objects are replicated instead of sliced; -1: always replicate",
    range(-1, std::numeric_limits<int64_t>::max()));
  d("data_slices", c.data_slices, "slices that hold data", range(1, 32));
  d("parity_slices", c.parity_slices, "slices that may be lost", range(1, 32));
  d("enabled", c.enabled, "protect objects by erasure coding");
  d("disk_only", c.disk_only, "never encode in memory");
}

void describe(ConfigVisitor& visitor, GetBatchConfig& c) {
  Describer d(visitor, "batch reading");
  d.streams(c.compression, c.bundle_multiplier, c.burst_buffer);
  d("max_wait", c.max_wait, "longest wait for an object from another target", range(seconds(1), minutes(10)));
  d("warmup_workers", c.warmup_workers, "workers that read ahead of the stream; -1: off", range(-1, 64));
  d("max_soft_errs", c.max_soft_errs, "missing objects tolerated in one request", range(0, 1000000));
  d("max_gfn", c.max_gfn, "objects that may be fetched from neighbours", range(0, 1000000));
}

void describe(ConfigVisitor& visitor, SpaceConfig& c) {
  Describer d(visitor);
  d("cleanupwm", c.cleanupwm, "percent used at which leftovers (of abandoned appends) are removed early", range(1, 100));
  d("lowwm", c.lowwm, "percent used below which a target stops being low on space", range(1, 100));
  d("highwm", c.highwm, "percent used at which a target is low on space", range(1, 100));
  d("out_of_space", c.out_of_space, "percent used at which writes are refused", range(1, 100));
  d.lacking("cleaning up in steps", [&] { d("batch_size", c.batch_size, "names per step of a cleanup", range(1, kBatchMax)); });
  d("dont_cleanup_time", c.dont_cleanup_time, "age below which leftovers are kept in that case", at_least(minutes(1)));
}

void describe(ConfigVisitor& visitor, TransportConfig& c) {
  Describer d(visitor, "streaming between targets");
  d("max_header", c.max_header, "bytes of an object's header in a stream", range(512, 131072));
  d("burst_buffer", c.burst_buffer, "objects that may wait in one stream", range(0, kBurstMax));
  d("idle_teardown", c.idle_teardown, "idle time after which a connection is closed", range(seconds(1), hours(1)));
  d("quiescent", c.quiescent, "idle time after which a stream counts as finished", range(seconds(1), hours(1)));
  d("lz4_block", c.lz4_block, "block size of compression", range(Size{64 * kKiB}, Size{4 * kMiB}));
  d("lz4_frame_checksum", c.lz4_frame_checksum, "checksum each compressed frame");
}

void describe(ConfigVisitor& visitor, DiskConfig& c) {
  Describer d(visitor);
  constexpr const char* kThrottling = "throttling by disk utilization";
  d.lacking(kThrottling, [&] {
    d("disk_util_low_wm", c.disk_util_low_wm, "percent of disk time below which background work runs freely", range(1, 100));
    d("disk_util_high_wm", c.disk_util_high_wm, "percent of disk time at which background work slows down", range(1, 100));
    d("disk_util_max_wm", c.disk_util_max_wm, "percent of disk time at which background work stops", range(1, 100));
  });
  d("iostat_time_long", c.iostat_time_long, "time between readings of the disks' statistics", range(milliseconds(10), minutes(1)));
  d.lacking(kThrottling, [&] {
    d("iostat_time_short", c.iostat_time_short, "time between readings of a busy disk", range(milliseconds(10), minutes(1)));
    d("iostat_time_smooth", c.iostat_time_smooth, "time over which readings are averaged", range(milliseconds(10), minutes(10)));
  });
}

void describe(ConfigVisitor& visitor, FilesystemCheckConfig& c) {
  Describer d(visitor, "mountpath checking");
  d("test_files", c.test_files, "files that a check writes and reads", range(1, 1000));
  d("error_limit", c.error_limit, "failed files after which a mountpath is disabled", range(1, 1000));
  d("io_err_limit", c.io_err_limit, "I/O errors that start a check", range(1, 100000));
  d("io_err_time", c.io_err_time, "time in which they are counted", range(seconds(1), hours(1)));
  d("enabled", c.enabled, "check mountpaths that report errors");
}

void describe(ConfigVisitor& visitor, ChunksConfig& c) {
  Describer d(visitor, "chunked storage");
  d("objsize_limit", c.objsize_limit, "size at which objects are stored in chunks; 0B: never");
  d("max_monolithic_size", c.max_monolithic_size, "largest object stored as one file", range(Size{kMiB}, Size{1024 * kTiB}));
  d("chunk_size", c.chunk_size, "size of a chunk", range(Size{kKiB}, Size{5 * kGiB}));
  d("checkpoint_every", c.checkpoint_every, "chunks between two saves of the manifest; 0: only at the end", range(0, 1000000), kOmitEmpty);
  d("flags", c.flags, "bit mask, reserved", range(0, std::numeric_limits<int64_t>::max()), kOmitEmpty);
}

void describe(ConfigVisitor& visitor, LruConfig& c) {
  Describer d(visitor, "eviction");
  d("dont_evict_time", c.dont_evict_time, "age below which an object is not evicted", at_least(hours(1)));
  d("capacity_upd_time", c.capacity_upd_time, "time between readings of used space", at_least(seconds(10)));
  d("batch_size", c.batch_size, "objects per step of an eviction", range(1, kBatchMax));
  d("enabled", c.enabled, "evict objects that also exist elsewhere when space runs low");
}

void describe(ConfigVisitor& visitor, MirrorConfig& c) {
  Describer d(visitor, "mirroring");
  d("copies", c.copies, "copies of an object, each on another disk of one target", range(2, 32));
  d("burst_buffer", c.burst_buffer, "objects that may wait to be copied", range(0, kBurstMax));
  d("enabled", c.enabled, "mirror objects");
}

void describe(ConfigVisitor& visitor, PeriodicConfig& c) {
  Describer d(visitor);
  d("stats_time", c.stats_time, "time between readings of statistics, over which rates are computed", range(seconds(1), minutes(1)));
  d("retry_sync_time", c.retry_sync_time, "time between attempts to send metadata to a node", range(milliseconds(10), seconds(10)));
  d.lacking("running of jobs",
            [&] { d("notif_time", c.notif_time, "time between progress reports of jobs", range(seconds(1), minutes(1))); });
}

void describe(ConfigVisitor& visitor, ClientConfig& c) {
  Describer d(visitor);
  d.lacking("timing out by the length of a call", [&] {
    d("client_timeout", c.client_timeout, "timeout of short calls between nodes", range(seconds(1), minutes(30)));
    d("client_long_timeout", c.client_long_timeout, "timeout of long calls between nodes", range(seconds(1), minutes(30)));
  });
  d("list_timeout", c.list_timeout, "timeout of a page of a listing", range(seconds(1), minutes(30)));
}

void describe(ConfigVisitor& visitor, DownloaderConfig& c) {
  Describer d(visitor, "downloading");
  d("timeout", c.timeout, "timeout of one download", range(seconds(1), hours(24)));
}

void describe(ConfigVisitor& visitor, SortConfig& c) {
  constexpr std::string_view kReactions = "ignore warn abort";
  Describer d(visitor, "sorting of shards");
  d("duplicated_records", c.duplicated_records, "what to do about duplicate records", one_of(kReactions));
  d("missing_shards", c.missing_shards, "what to do about missing shards", one_of(kReactions));
  d("ekm_malformed_line", c.ekm_malformed_line, "what to do about a malformed line of a key map", one_of(kReactions));
  d("ekm_missing_key", c.ekm_missing_key, "what to do about a key that is not in the key map", one_of(kReactions));
  d("default_max_mem_usage", c.default_max_mem_usage, "memory of a job", own_syntax(is_memory_share, "percent or size"));
  d("dsorter_mem_threshold", c.dsorter_mem_threshold, "memory below which a job sorts on disk",
    own_syntax(is_memory_share, "percent or size"));
  d.streams(c.compression, c.bundle_multiplier, c.burst_buffer);
  d("call_timeout", c.call_timeout, "longest wait for another target", range(seconds(1), hours(24)));
}

void describe(ConfigVisitor& visitor, AuthConfig& c) {
  Describer d(visitor, "authentication");
  d("client_auth_required", c.client_auth_required, "ask every client for a token");
  d.nested(
      "signature",
      [&] {
        d("key", c.signature.key, "secret or public key for verifying tokens", {}, kOmitEmpty | kSecret);
        d("method", c.signature.method, "signing method of tokens", {}, kOmitEmpty);
      },
      true);
  d.nested(
      "required_claims", [&] { d("aud", c.required_claims.aud, "accepted audiences; a token must name one of them", {}, kOmitEmpty); },
      true);
  d.nested(
      "oidc",
      [&] {
        d("allowed_iss", c.oidc.allowed_iss, "issuers whose tokens are accepted", {}, kOmitEmpty);
        d("issuer_ca_bundle", c.oidc.issuer_ca_bundle, "file of CA certificates for connections to issuers", {}, kOmitEmpty);
        d.nested(
            "jwks_cache",
            [&] {
              JwksCacheConfig& cache = c.oidc.jwks_cache;
              d("min_rotation_refresh", cache.min_rotation_refresh, "shortest time between fetches because of an unknown key", at_least({}),
                kOmitEmpty);
              d("min_background_refresh", cache.min_background_refresh, "shortest time between other fetches", at_least({}), kOmitEmpty);
            },
            true);
      },
      true);
  d.nested(
      "intra_cluster",
      [&] {
        IntraClusterAuthConfig& intra = c.intra_cluster;
        d("node_join_secret_path", intra.node_join_secret_path, "file with the secret that a joining node must know", {}, kOmitEmpty);
        d("ttl", intra.ttl, "lifetime of signing keys", at_least({}), kOmitEmpty);
        d("nonce_window", intra.nonce_window, "tolerated clock difference", at_least({}), kOmitEmpty);
        d("rotation_grace", intra.rotation_grace, "how long an old key remains accepted", at_least({}), kOmitEmpty);
        d("request_auth", intra.request_auth, "sign requests between nodes", {}, kOmitEmpty);
      },
      true);
}

void describe(ConfigVisitor& visitor, ProxyConfig& c) {
  Describer d(visitor);
  d("primary_url", c.primary_url, "URL of the primary gateway");
  d("original_url", c.original_url, "URL of the first primary");
  d("discovery_url", c.discovery_url, "URL to ask when the primary does not answer");
  d.lacking("election of a primary", [&] { d("non_electable", c.non_electable, "this gateway never becomes primary"); });
}

void describe(ConfigVisitor& visitor, NetConfig& c) {
  Describer d(visitor);
  d.nested("l4", [&] {
    d("proto", c.l4.proto, "transport protocol", one_of("tcp"));
    d.lacking("tuning of sockets",
              [&] { d("sndrcv_buf_size", c.l4.sndrcv_buf_size, "bytes of socket buffers; 0: the system's", range(0, 1 << 30)); });
  });
  d.nested("http", [&] {
    HttpConfig& http = c.http;
    d.lacking("TLS", [&] {
      d("server_crt", http.server_crt, "file of the certificate");
      d("server_key", http.server_key, "file of the certificate's key");
      d("client_ca_tls", http.client_ca_tls, "file of authorities that client certificates are checked against");
      d("client_auth_tls", http.client_auth_tls, "whether client certificates are asked for, 0 (no) to 4 (and checked)", range(0, 4));
      d("domain_tls", http.domain_tls, "name that the certificate is for");
    });
    d.lacking("tuning of connections", [&] {
      d("idle_conn_time", http.idle_conn_time, "idle time after which a connection between nodes is closed", at_least({}));
      d("backend_idle_conn_time", http.backend_idle_conn_time, "the same for connections to backends", at_least({}));
      d("idle_conns_per_host", http.idle_conns_per_host, "idle connections kept to one host", range(0, 65536));
      d("idle_conns", http.idle_conns, "idle connections kept in all", range(0, 65536));
      d("write_buffer_size", http.write_buffer_size, "bytes; 0: default", range(0, 1 << 30));
      d("read_buffer_size", http.read_buffer_size, "bytes; 0: default", range(0, 1 << 30));
    });
    d.lacking("TLS", [&] {
      d("use_https", http.use_https, "serve HTTPS");
      d("skip_verify", http.skip_verify, "do not check certificates of other nodes");
    });
    d.lacking("tuning of connections", [&] { d("chunked_transfer", http.chunked_transfer, "allow chunked bodies between nodes"); });
  });
  d.lacking("preferring of IPv6", [&] { d("use_ipv6", c.use_ipv6, "prefer IPv6 addresses"); });
}

void describe(ConfigVisitor& visitor, TimeoutConfig& c) {
  Describer d(visitor);
  d("cplane_operation", c.cplane_operation, "timeout of a control call between nodes", range(milliseconds(10), minutes(1)));
  d("max_keepalive", c.max_keepalive, "timeout of a keepalive, including retries", range(milliseconds(20), minutes(2)));
  d.lacking("limiting of waits at start", [&] {
    d("max_host_busy", c.max_host_busy, "how long to wait for a busy node", at_least(seconds(10)));
    d("startup_time", c.startup_time, "how long a starting primary waits for nodes to join", at_least(seconds(30)));
    d("join_startup_time", c.join_startup_time, "how long a starting node tries to join", at_least(seconds(30)));
  });
  d("send_file_time", c.send_file_time, "timeout of sending an object to another target", at_least(minutes(1)));
  d.lacking("erasure coding", [&] {
    d("ec_streams_time", c.ec_streams_time, "idle time after which erasure coding closes its streams", at_least(seconds(1)));
  });
  d.lacking("expiry of object metadata in memory",
            [&] { d("object_md", c.object_md, "how long object metadata stays in memory", at_least({})); });
  d.lacking("backend support", [&] {
    d("cold_get_conflict", c.cold_get_conflict, "how long a reader waits for another reader's download of the same object", at_least({}));
  });
}

void describe(ConfigVisitor& visitor, MemoryConfig& c) {
  Describer d(visitor, "tuning of memory");
  d("min_free", c.min_free, "memory to leave free on the host", range(Size{0}, Size{kTiB}));
  d("default_buf", c.default_buf, "size of a buffer", range(Size{kKiB}, Size{kMiB}));
  d("to_gc", c.to_gc, "amount of freed memory that is returned to the system at once", range(Size{0}, Size{kTiB}));
  d("hk_time", c.hk_time, "time between housekeeping runs", range(seconds(1), hours(1)));
  d("min_pct_total", c.min_pct_total, "percent of total memory to leave free; 0: see min_free", range(0, 95));
  d("min_pct_free", c.min_pct_free, "percent of free memory to leave free; 0: see min_free", range(0, 95));
}

void describe(ConfigVisitor& visitor, VersioningConfig& c) {
  Describer d(visitor);
  d("enabled", c.enabled, "number the versions of objects");
  d.lacking("backend support", [&] {
    d("validate_warm_get", c.validate_warm_get, "ask the backend for a newer version when reading");
    d("synchronize", c.synchronize, "the same, and follow deletions");
  });
}

void describe(ConfigVisitor& visitor, ResilverConfig& c) {
  Describer d(visitor, "resilvering");
  d("enabled", c.enabled, "move objects automatically when the mountpaths of a target change");
}

void describe(ConfigVisitor& visitor, StoreConfig& c) {
  Describer d(visitor);
  d("fd_cache_objects", c.fd_cache_objects, "objects kept open for reading; read at start", range(64, 1000000));
  d("direct_threshold", c.direct_threshold, "size at which objects bypass the page cache when written; read at start",
    range(Size{4 * kKiB}, Size{kMiB}));
  d("write_buffers", c.write_buffers, "memory for bodies being received; read at start", range(Size{kMiB}, Size{kTiB}));
  d("pool_threads", c.pool_threads, "threads for blocking calls, per mountpath; read at start", range(1, 256));
}

void describe(ConfigVisitor& visitor, ExtraProperties& c) {
  Describer d(visitor);
  d.lacking("backend support", [&] {
    d.nested("aws", [&] {
      d("cloud_region", c.aws.cloud_region, "region of the bucket", {}, kOmitEmpty);
      d("endpoint", c.aws.endpoint, "URL of an S3-compatible service", {}, kOmitEmpty);
      d("profile", c.aws.profile, "named set of credentials", {}, kOmitEmpty);
      d("max_pagesize", c.aws.max_pagesize, "names per page of a listing", range(0, 1000000), kOmitEmpty);
      d("multipart_size", c.aws.multipart_size, "size at which uploads are split", {}, kOmitEmpty);
    });
    d.nested("gcp", [&] { d("application_creds", c.gcp.application_creds, "file of credentials", {}, kOmitEmpty); });
    d.nested("oci", [&] { d("region", c.oci.region, "region of the bucket", {}, kOmitEmpty); });
  });
  d("custom", c.custom, "a note for people", {}, kOmitEmpty);
}

void describe_features(ConfigVisitor& visitor, uint64_t& features) {
  visitor.field(FieldSpec{"features", "feature flags", {}, kNoFlags, "the rest", kFeaturesThere}, &features);
}

void describe(ConfigVisitor& visitor, ClusterConfig& c) {
  Describer d(visitor);
  auto section = [&](std::string_view name, auto& value) { d.nested(name, [&] { describe(visitor, value); }); };
  section("write_policy", c.write_policy);
  section("checksum", c.checksum);
  section("tcb", c.tcb);
  section("tco", c.tco);
  section("arch", c.arch);
  section("lso", c.lso);
  section("rate_limit", c.rate_limit);
  section("keepalivetracker", c.keepalivetracker);
  section("rebalance", c.rebalance);
  section("log", c.log);
  section("ec", c.ec);
  section("get_batch", c.get_batch);
  section("space", c.space);
  section("transport", c.transport);
  section("disk", c.disk);
  section("fshc", c.fshc);
  section("chunks", c.chunks);
  section("lru", c.lru);
  section("mirror", c.mirror);
  section("periodic", c.periodic);
  section("client", c.client);
  section("downloader", c.downloader);
  section("distributed_sort", c.distributed_sort);
  section("auth", c.auth);
  d.lacking("backend support",
            [&] { d("backend", c.backend, "providers of buckets, as a JSON object; \"ais\" lists remote clusters: {alias: [url, ...]}"); });
  section("proxy", c.proxy);
  section("net", c.net);
  section("timeout", c.timeout);
  section("memsys", c.memsys);
  describe_features(visitor, c.features);
  section("versioning", c.versioning);
  section("resilver", c.resilver);
  section("ais_store", c.ais_store);
}

}  // namespace ais::meta

// ClusterClient: the public API as typed calls, for tools, tests and peers. One implementation of each call; the structs are
// those the daemons use. Loop thread only (it wraps a net::HttpClient).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/listing.h"
#include "api/message.h"
#include "api/object_attributes.h"
#include "base/status.h"
#include "meta/bucket.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_map.h"
#include "net/http_client.h"

namespace ais::api {

/// What HEAD, GET and PUT answers say about an object.
struct ObjectInfo {
  uint64_t size = 0;
  std::optional<codec::Checksum> checksum;
  std::string version;
  std::optional<int64_t> atime_ns;
  meta::CustomPairs custom;
  std::string location;
  std::string etag;
  bool present = false;
  static ObjectInfo from_headers(const net::HeaderList& headers, std::optional<uint64_t> content_length);
};

/// An open GET: attributes, then the body.
struct ObjectBody {
  ObjectInfo info;
  net::ClientResponse response;
};

class ClusterClient {
 public:
  /// `endpoint` is a gateway's URL ("http://127.0.0.1:8080"; scheme may be missing).
  static Result<ClusterClient> create(net::HttpClient& http, std::string_view endpoint);

  // Cluster
  async::Task<Result<meta::ClusterMap>> cluster_map();
  /// GET /v1/daemon?what= or /v1/cluster?what= as text.
  async::Task<Result<std::string>> daemon_query(std::string what);
  async::Task<Result<std::string>> cluster_query(std::string what);
  /// GET /v1/reverse/daemon?<query> for one node.
  async::Task<Result<std::string>> node_query(std::string node_id, std::string query);
  async::Task<Status> set_cluster_config(std::vector<std::pair<std::string, std::string>> values, bool transient);
  async::Task<Status> reset_cluster_config();
  async::Task<Status> set_node_config(std::string node_id, std::vector<std::pair<std::string, std::string>> values, bool transient);
  async::Task<Status> reset_node_config(std::string node_id);
  /// PUT /v1/reverse/daemon of one node: action::kResetStats, kRotateLogs.
  async::Task<Status> node_action(std::string node_id, std::string_view action);
  /// Takes the node out of the cluster map: kNodeNotFound, kInvalid for the primary.
  async::Task<Status> remove_node(std::string node_id);
  async::Task<Status> health(bool readiness);

  // Buckets
  async::Task<Status> create_bucket(meta::Bucket bucket, std::string props_json = "null");
  async::Task<Status> destroy_bucket(meta::Bucket bucket);
  async::Task<Result<std::vector<meta::Bucket>>> list_buckets(std::string provider);
  async::Task<Result<meta::BucketProperties>> head_bucket(meta::Bucket bucket);
  async::Task<Status> set_bucket_props(meta::Bucket bucket, std::string props_json);
  async::Task<Status> reset_bucket_props(meta::Bucket bucket);

  // Objects
  struct PutOptions {
    std::optional<codec::Checksum> checksum;
    meta::CustomPairs custom;
    std::atomic<uint64_t>* sent = nullptr;  // of put_file: bytes on their way so far
  };
  /// kInvalid for custom pairs that headers do not carry as they are (check_custom_pair).
  async::Task<Result<ObjectInfo>> put_text(meta::Bucket bucket, std::string object, std::string_view body, PutOptions options);
  /// The whole file behind `fd` (its current size, from offset 0).
  async::Task<Result<ObjectInfo>> put_file(meta::Bucket bucket, std::string object, int fd, uint64_t size, PutOptions options);
  /// A body of unknown length; its bytes are taken only when the owner is ready for them. Never repeated.
  async::Task<Result<ObjectInfo>> put_stream(meta::Bucket bucket, std::string object, net::StreamedBody& body, PutOptions options);
  /// `range` as a Range header value ("bytes=0-9") or "".
  async::Task<Result<ObjectBody>> get(meta::Bucket bucket, std::string object, std::string range);
  /// From now on get() asks the target that `map` names as the owner, without the gateway's redirect. What such a target does not answer
  /// with the object is asked of the gateway, which has the last word; when it knew better, or the target is gone, the map is given up.
  void read_directly(std::shared_ptr<const meta::ClusterMap> map) { map_ = std::move(map); }
  bool reads_directly() const { return map_ != nullptr; }
  async::Task<Result<ObjectInfo>> head(meta::Bucket bucket, std::string object, std::string props);
  async::Task<Status> remove(meta::Bucket bucket, std::string object);
  async::Task<Status> rename(meta::Bucket bucket, std::string object, std::string new_name);
  async::Task<Status> copy(meta::Bucket bucket, std::string object, meta::Bucket to_bucket, std::string to_object);
  async::Task<Status> set_custom(meta::Bucket bucket, std::string object, meta::CustomPairs pairs, bool replace_all);
  /// Adds bytes to the append that `handle` names, "" for a new one, and returns the next handle. The object stays as it is until
  /// append_flush().
  async::Task<Result<std::string>> append(meta::Bucket bucket, std::string object, std::string handle, std::string_view bytes);
  async::Task<Status> append_flush(meta::Bucket bucket, std::string object, std::string handle);
  enum class LockState { kUnlocked, kReadLocked, kWriteLocked };
  async::Task<Result<LockState>> check_lock(meta::Bucket bucket, std::string object);
  async::Task<Result<EncodedPage>> list_page(meta::Bucket bucket, ListRequest request);

  /// Sends any request below the endpoint and returns the answer's body when its status is 2xx, else the error it carries.
  async::Task<Result<std::string>> call(net::Method method, std::string target, std::string headers, std::string body);
  async::Task<Result<std::string>> call(net::Method method, std::string target, std::string headers, MessageBody body);

  /// Control calls (all but those that move objects) end with kTimeout after so long; 0 = only when nothing moves for a minute.
  void set_timeout(Nanoseconds timeout) { timeout_ = timeout; }
  Nanoseconds timeout() const { return timeout_; }

  const net::Url& endpoint() const { return endpoint_; }
  /// "host:port" of the endpoint: what the texts of errors begin with when it could not be reached.
  std::string address() const { return endpoint_.host + ":" + std::to_string(endpoint_.port); }
  net::HttpClient& http() const { return *http_; }
  /// The same endpoint through another client, for another loop.
  ClusterClient over(net::HttpClient& http) const;

 private:
  ClusterClient(net::HttpClient& http, net::Url endpoint) : http_(&http), endpoint_(std::move(endpoint)) {}
  net::HttpClient* http_;
  net::Url endpoint_;
  /// `node_id` is who answers through the gateway; "" for the gateway itself.
  async::Task<Result<std::string>> exchange(net::Method method, std::string target, std::string headers, MessageBody body,
                                            std::string node_id);
  /// `target` is what follows /v1/reverse.
  async::Task<Result<std::string>> call_node(net::Method method, std::string node_id, std::string target, std::string body);
  async::Task<Result<ObjectBody>> get_from(const meta::Node* owner, meta::Bucket bucket, std::string object, std::string range);

  Nanoseconds timeout_{0};
  std::shared_ptr<const meta::ClusterMap> map_;  // empty: all goes through the gateway
};

}  // namespace ais::api

// What happens before and after the measurement, through the typed client: the bucket is made, listed, destroyed.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "aisloader/cluster_facts.h"
#include "aisloader/name_list.h"
#include "aisloader/options.h"
#include "api/cluster_client.h"
#include "net/event_loop.h"

namespace ais::loader {

class BucketSetup {
 public:
  /// `options` must outlive this.
  static Result<std::unique_ptr<BucketSetup>> connect(const Options& options, net::HttpClientOptions http_options = {});

  /// Makes the bucket when it does not exist, when it `may`, with --bprops; true when it did that.
  Result<bool> ensure_bucket(bool may);
  /// Sets those of --bprops that the bucket has not; returns them as "name=value, ...", "" when there are none.
  Result<std::string> set_bucket_props();
  /// Percent-encoded names of the objects that begin with `prefix`, as many as a NameList takes. Ends early when `stop` is set.
  Result<NameList> list_names(const std::string& prefix, const std::atomic<bool>& stop);
  Status destroy_bucket();
  /// The gateways to send requests to: the endpoint, or all of the cluster map.
  Result<std::vector<net::Url>> gateways();
  /// What the gateway tells of the cluster within a few seconds.
  ClusterFacts cluster_facts();
  /// How many nodes a loop will have connections to.
  size_t peers() const { return peers_; }

 private:
  BucketSetup(const Options& options, net::HttpClientOptions http_options) : options_(options), http_options_(http_options) {}
  /// Questions about the cluster alone, which its gateway answers from memory, have a few seconds.
  void set_patience(Nanoseconds patience);
  void renew();
  /// Runs a call to its end. Each has connections of its own: the loop stands still between calls, so that nothing would tend kept ones
  /// while the measurement goes on.
  template <typename T>
  T run(async::Task<T> call) {
    T result = net::run_task(*loop_, std::move(call));
    renew();
    return result;
  }
  async::Task<Result<bool>> ensure(bool may);
  async::Task<Result<std::string>> set_props();
  async::Task<ClusterFacts> ask_facts();
  async::Task<Result<NameList>> list(std::string prefix, const std::atomic<bool>& stop);

  const Options& options_;
  const net::HttpClientOptions http_options_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<api::ClusterClient> cluster_;
  size_t peers_ = 2;
};

}  // namespace ais::loader

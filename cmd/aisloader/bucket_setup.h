// What happens before and after the measurement, through the typed client: the bucket is made, listed, destroyed.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "aisloader/name_list.h"
#include "aisloader/options.h"
#include "api/cluster_client.h"
#include "net/event_loop.h"

namespace ais::loader {

class BucketSetup {
 public:
  static Result<std::unique_ptr<BucketSetup>> connect(const Options& options);

  /// Makes the bucket when it does not exist, when it `may`; true when it did that.
  Result<bool> ensure_bucket(bool may);
  /// Percent-encoded names of the objects that begin with `prefix`, as many as a NameList takes. Ends early when `stop` is set.
  Result<NameList> list_names(const std::string& prefix, const std::atomic<bool>& stop);
  Status destroy_bucket();
  /// The gateways to send requests to: the endpoint, or all of the cluster map.
  Result<std::vector<net::Url>> gateways();
  /// How many nodes a loop will have connections to.
  size_t peers() const { return peers_; }

 private:
  explicit BucketSetup(const Options& options) : options_(options) {}
  net::Task<Result<bool>> ensure(bool may);
  net::Task<Result<NameList>> list(std::string prefix, const std::atomic<bool>& stop);

  const Options& options_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<api::ClusterClient> cluster_;
  size_t peers_ = 2;
};

}  // namespace ais::loader

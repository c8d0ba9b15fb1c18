// What happens before and after the measurement, through the typed client: the bucket is made, listed, destroyed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aisloader/options.h"
#include "api/cluster_client.h"
#include "net/event_loop.h"

namespace ais::loader {

class BucketSetup {
 public:
  static Result<std::unique_ptr<BucketSetup>> connect(const Options& options);

  /// Makes the bucket when it does not exist; true when it did that.
  Result<bool> ensure_bucket();
  /// Percent-encoded names of the objects below the subdirectory, kNamesMax at most.
  Result<std::vector<std::string>> list_names();
  Status destroy_bucket();
  const net::Url& gateway() const { return cluster_->endpoint(); }

  static constexpr size_t kNamesMax = 8'000'000;

 private:
  explicit BucketSetup(const Options& options) : options_(options) {}
  net::Task<Result<bool>> ensure();
  net::Task<Result<std::vector<std::string>>> list();

  const Options& options_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<api::ClusterClient> cluster_;
};

}  // namespace ais::loader

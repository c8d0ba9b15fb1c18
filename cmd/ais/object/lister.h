// Lister: walks the objects of a bucket page by page, so that memory is bounded by a page whatever the bucket holds.
#pragma once

#include <cstdint>
#include <vector>

#include "api/cluster_client.h"
#include "api/listing.h"

namespace ais::cli {

class Lister {
 public:
  /// At most `limit` entries in all; 0 = no limit. `cluster` must outlive this.
  Lister(api::ClusterClient& cluster, meta::Bucket bucket, api::ListRequest request, uint64_t limit = 0);
  bool done() const { return done_; }
  /// The next entries, possibly none. Call until done(). kUnexpectedStatus when the gateway's pages do not advance.
  async::Task<Result<std::vector<api::ListEntry>>> next();

 private:
  api::ClusterClient& cluster_;
  const meta::Bucket bucket_;
  api::ListRequest request_;
  uint64_t left_;
  bool limited_;
  bool done_ = false;
};

}  // namespace ais::cli

// LiveNames from the cluster, within a second or two (a dead gateway must not hang a shell), and from the user's files.
#pragma once

#include <memory>
#include <optional>

#include "ais/command/aliases.h"
#include "api/cluster_client.h"
#include "cli/completion.h"
#include "net/event_loop.h"
#include "net/http_client.h"

namespace ais::cli {

class ClusterNames : public LiveNames {
 public:
  ClusterNames();
  const NamedLines& aliases() const override { return aliases_.entries(); }
  std::vector<std::string> expand(std::vector<std::string> words) const override { return aliases_.expand(words); }
  void set_endpoint(std::string endpoint) override { endpoint_ = std::move(endpoint); }
  std::vector<std::string> buckets() override;
  std::vector<std::string> objects(const std::string& bucket_uri, const std::string& prefix) override;
  std::vector<Candidate> nodes(bool targets_only) override;

 private:
  /// False when there is no cluster to ask.
  bool connect();

  Aliases aliases_;
  std::string endpoint_;  // "" = that of the user
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> http_;
  std::optional<api::ClusterClient> cluster_;
};

}  // namespace ais::cli

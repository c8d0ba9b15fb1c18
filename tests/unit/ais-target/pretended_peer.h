// A target that is none: a listening socket that stands in the cluster map, and does with a transfer what the test wants. Blocking.
#pragma once

#include <cstdint>
#include <string>

#include "meta/cluster_map.h"

namespace ais::target {

class PretendedPeer {
 public:
  explicit PretendedPeer(std::string id);
  ~PretendedPeer();
  /// As it stands in a cluster map.
  meta::Node node() const;
  /// Waits for a connection and reads the head of its request.
  std::string accept_head();
  /// The next bytes of the body; fewer when the sender stops.
  std::string read_body(size_t bytes);
  /// A status with a JSON error body, or with an empty one.
  void answer(int status, const std::string& type_code = "", const std::string& message = "");
  /// Breaks the connection off, without an answer.
  void break_off();

 private:
  std::string id_;
  int listening_ = -1, connection_ = -1;
  uint16_t port_ = 0;
  std::string received_;
};

}  // namespace ais::target

// Admission: what the primary decides about a node that registers or keeps alive, without I/O. It may want to know something first;
// whoever drives it asks and gives it the answer:
//
//   AdmissionStep step = admission.begin(view);
//   while (step.kind == AdmissionStep::Kind::kAsk) step = admission.answered(<GET step.what at step.from>);
//
// `view` is the primary's newest. One object for one request.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "api/membership.h"
#include "app/cluster_view.h"
#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

struct AdmissionStep {
  enum class Kind {
    kAdmit,       // the node may enter the map; the keepalive counts
    kRefuse,      // answer `why`
    kQuarantine,  // the primary itself must stop changing anything, for the reason in `why`
    kAsk,         // GET /v1/daemon?what=<what> at `from`, then go on
  };
  Kind kind = Kind::kAdmit;
  Status why;
  meta::NetEndpoint from;
  std::string what;
};

class Admission {
 public:
  /// `self` is the primary's id.
  static Admission of_join(std::string self, meta::Node node, api::DocumentVersions versions);
  /// Of the node with this id, which must be in the map.
  static Admission of_keepalive(std::string self, std::string node_id, api::DocumentVersions versions);

  /// kWrongCluster for a node of another cluster; kNodeNotFound for the keepalive of one that is not in the map. One that has a newer
  /// document than this primary, and shows it when it is asked for, puts the primary into quarantine: it must have been set back, and
  /// what it would go on to make from there would destroy what came after. One that only says so is refused, and nothing changes.
  ///
  /// kAlreadyExists for a second process with the id of a node that is alive (a copied state directory): they would take each other's
  /// requests, and the one that serves already stays.
  AdmissionStep begin(const app::ClusterSnapshot& view);
  AdmissionStep answered(const Result<std::string>& answer) const;

 private:
  /// A document that a node has newer than the primary, which stores each version before anybody else gets it.
  struct Ahead {
    const char* kind;  // as in what=
    uint64_t own_version;
  };
  static std::optional<Ahead> document_ahead(const api::DocumentVersions& theirs, const app::ClusterSnapshot& ours);

  Admission(std::string self, bool is_join, meta::Node node, api::DocumentVersions versions)
      : self_(std::move(self)), is_join_(is_join), node_(std::move(node)), versions_(std::move(versions)) {}
  AdmissionStep check_versions(const app::ClusterSnapshot& view);
  AdmissionStep check_identity(const app::ClusterSnapshot& view);
  AdmissionStep judge_ahead(const Result<std::string>& answer) const;
  AdmissionStep judge_identity(const Result<std::string>& answer) const;

  const std::string self_;
  const bool is_join_;
  meta::Node node_;  // of a keepalive: its id alone, until it was found
  const api::DocumentVersions versions_;
  std::string cluster_uuid_;
  std::optional<Ahead> ahead_;        // that the node was asked to show
  std::optional<meta::Node> former_;  // the node as the map knows it, at other addresses, asked who it is
};

}  // namespace ais::proxy

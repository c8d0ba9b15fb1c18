#include "ais-proxy/admission.h"

#include <utility>

#include "ais-proxy/cluster_map_edits.h"
#include "base/strings.h"
#include "codec/json.h"

namespace ais::proxy {
namespace {

AdmissionStep refuse(Status why) { return {AdmissionStep::Kind::kRefuse, std::move(why), {}, ""}; }
AdmissionStep ask(const meta::NetEndpoint& from, const char* what) { return {AdmissionStep::Kind::kAsk, {}, from, what}; }

Status check_cluster(const std::string& own_uuid, const std::string& other_uuid) {
  if (other_uuid.empty() || other_uuid == own_uuid) return {};
  return Status(Code::kWrongCluster, "node belongs to cluster \"" + other_uuid + "\", this is cluster \"" + own_uuid + "\"");
}

/// The version of a document of this cluster as its node tells it; 0 when it does not.
uint64_t version_shown(const Result<std::string>& answer, const std::string& cluster_uuid) {
  if (!answer.ok()) return 0;
  const Result<codec::JsonDocument> document = codec::JsonDocument::parse(*answer);
  if (!document.ok() || document->root()["uuid"].string_or("") != cluster_uuid) return 0;
  return parse_uint(document->root()["version"].string_or("")).value_or(0);
}

}  // namespace

Admission Admission::of_join(std::string self, meta::Node node, api::DocumentVersions versions) {
  return Admission(std::move(self), true, std::move(node), std::move(versions));
}

Admission Admission::of_keepalive(std::string self, std::string node_id, api::DocumentVersions versions) {
  meta::Node node;
  node.id = std::move(node_id);
  return Admission(std::move(self), false, std::move(node), std::move(versions));
}

AdmissionStep Admission::begin(const app::ClusterSnapshot& view) {
  cluster_uuid_ = view.smap->uuid;
  if (is_join_) {
    if (Status valid = validate_node(node_); !valid.ok()) return refuse(std::move(valid));
    return check_versions(view);
  }
  if (const meta::Node* member = view.smap->find(node_.id); member != nullptr) {
    node_ = *member;
    return check_versions(view);
  }
  if (Status cluster = check_cluster(cluster_uuid_, versions_.cluster_uuid); !cluster.ok()) return refuse(std::move(cluster));
  return refuse(make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", node_.id.c_str(),
                            static_cast<unsigned long long>(view.smap->version)));
}

AdmissionStep Admission::answered(const Result<std::string>& answer) const { return ahead_ ? judge_ahead(answer) : judge_identity(answer); }

std::optional<Admission::Ahead> Admission::document_ahead(const api::DocumentVersions& theirs, const app::ClusterSnapshot& ours) {
  if (theirs.smap > ours.smap->version) return Ahead{"smap", ours.smap->version};
  if (theirs.bmd > ours.bmd->version) return Ahead{"bmd", ours.bmd->version};
  return std::nullopt;
}

AdmissionStep Admission::check_versions(const app::ClusterSnapshot& view) {
  if (Status cluster = check_cluster(cluster_uuid_, versions_.cluster_uuid); !cluster.ok()) return refuse(std::move(cluster));
  if (!versions_.cluster_uuid.empty()) ahead_ = document_ahead(versions_, view);
  if (ahead_) return ask(node_.control_net, ahead_->kind);
  return is_join_ ? check_identity(view) : AdmissionStep();
}

AdmissionStep Admission::judge_ahead(const Result<std::string>& answer) const {
  const uint64_t shown = version_shown(answer, cluster_uuid_);
  if (shown <= ahead_->own_version)
    return refuse(Status(Code::kUnavailable, "node " + node_.id + " claims a newer " + ahead_->kind + ".json and does not show it"));
  AdmissionStep step;
  step.kind = AdmissionStep::Kind::kQuarantine;
  step.why = make_status(Code::kUnavailable,
                         "node %s has %s.json version %llu, this primary has %llu: the state directory here is older than the "
                         "cluster's; copy the newer documents from that node's",
                         node_.id.c_str(), ahead_->kind, static_cast<unsigned long long>(shown),
                         static_cast<unsigned long long>(ahead_->own_version));
  return step;
}

AdmissionStep Admission::check_identity(const app::ClusterSnapshot& view) {
  if (node_.id == self_) return refuse(Status(Code::kAlreadyExists, "id \"" + self_ + "\" is the primary gateway's"));
  const meta::Node* known = view.smap->find(node_.id);
  if (known == nullptr || known->control_net == node_.control_net) return {};
  former_ = *known;
  return ask(known->control_net, "snode");
}

AdmissionStep Admission::judge_identity(const Result<std::string>& answer) const {
  if (!answer.ok()) return {};  // gone, as expected of a node that restarts on other ports
  const Result<codec::JsonDocument> document = codec::JsonDocument::parse(*answer);
  if (!document.ok() || document->root()["daemon_id"].string_or("") != node_.id) return {};
  return refuse(Status(Code::kAlreadyExists, former_->display_name() + " is alive at " + former_->control_net.url()));
}

}  // namespace ais::proxy

#include "ais-proxy/admission.h"

#include <gtest/gtest.h>

#include "ais-proxy/cluster_map_edits.h"

namespace ais::proxy {
namespace {

using Kind = AdmissionStep::Kind;

meta::Node target(const std::string& id, uint16_t port = 2000) {
  meta::Node node;
  node.id = id;
  node.public_net = node.control_net = node.data_net = {"10.0.0.1", port};
  return node;
}

app::ClusterSnapshot cluster(std::initializer_list<meta::Node> targets = {}) {
  meta::Node self = target("gw1", 1000);
  self.type = meta::NodeType::kProxy;
  meta::ClusterMap map = first_cluster_map(self, "uuid1", 0);
  for (const meta::Node& node : targets) EXPECT_TRUE(add_node(map, node).ok());
  meta::BucketMetadata bmd;
  bmd.uuid = "uuid1";
  bmd.version = 4;
  app::ClusterSnapshot view;
  view.smap = std::make_shared<const meta::ClusterMap>(map);
  view.bmd = std::make_shared<const meta::BucketMetadata>(bmd);
  view.cluster_config = view.config = std::make_shared<const meta::ClusterConfig>();
  return view;
}

api::DocumentVersions versions(const std::string& uuid, uint64_t smap = 0, uint64_t bmd = 0) { return {uuid, smap, bmd, 0, {}}; }

Admission join(meta::Node node, api::DocumentVersions has = {}) { return Admission::of_join("gw1", std::move(node), std::move(has)); }

TEST(Admission, AnUnknownNodeMayJoin) {
  EXPECT_EQ(join(target("tgt1")).begin(cluster()).kind, Kind::kAdmit);
  EXPECT_EQ(join(target("tgt1"), versions("uuid1", 1, 4)).begin(cluster()).kind, Kind::kAdmit);
}

TEST(Admission, RefusesWhoIsNoneOrAStrangerOrThePrimaryItself) {
  const auto refused = [](const AdmissionStep& step) { return step.kind == Kind::kRefuse ? step.why.code() : Code::kOk; };
  EXPECT_EQ(refused(join(target("?")).begin(cluster())), Code::kInvalid);
  EXPECT_EQ(refused(join(target("tgt1"), versions("uuid2", 9, 9)).begin(cluster())), Code::kWrongCluster);
  EXPECT_EQ(refused(join(target("gw1")).begin(cluster())), Code::kAlreadyExists);
}

TEST(Admission, AKeepaliveIsOfANodeInTheMap) {
  EXPECT_EQ(Admission::of_keepalive("gw1", "tgt1", versions("uuid1")).begin(cluster({target("tgt1")})).kind, Kind::kAdmit);
  EXPECT_EQ(Admission::of_keepalive("gw1", "tgt9", versions("uuid1")).begin(cluster()).why.code(), Code::kNodeNotFound);
  EXPECT_EQ(Admission::of_keepalive("gw1", "tgt9", versions("uuid2")).begin(cluster()).why.code(), Code::kWrongCluster);
}

TEST(Admission, ANewerDocumentMustBeShown) {
  const app::ClusterSnapshot view = cluster({target("tgt1", 2001)});
  for (const bool is_join : {true, false}) {
    Admission admission =
        is_join ? join(target("tgt1", 2001), versions("uuid1", 1, 9)) : Admission::of_keepalive("gw1", "tgt1", versions("uuid1", 1, 9));
    const AdmissionStep step = admission.begin(view);
    ASSERT_EQ(step.kind, Kind::kAsk);
    EXPECT_EQ(step.what, "bmd");
    EXPECT_EQ(step.from.port, 2001);
    const auto after = [&](const Result<std::string>& answer) { return admission.answered(answer); };
    EXPECT_EQ(after(Status(Code::kTimeout, "")).kind, Kind::kRefuse);
    EXPECT_EQ(after(std::string("nonsense")).kind, Kind::kRefuse);
    EXPECT_EQ(after(std::string(R"({"uuid":"uuid2","version":"9"})")).kind, Kind::kRefuse) << "of another cluster";
    EXPECT_EQ(after(std::string(R"({"uuid":"uuid1","version":"4"})")).why.code(), Code::kUnavailable) << "not newer";
    const AdmissionStep shown = after(std::string(R"({"uuid":"uuid1","version":"9"})"));
    EXPECT_EQ(shown.kind, Kind::kQuarantine);
    EXPECT_NE(shown.why.message().find("bmd.json version 9, this primary has 4"), std::string::npos) << shown.why.message();
  }
}

TEST(Admission, WhoClaimsToBeANodeThatIsAliveIsRefused) {
  const app::ClusterSnapshot view = cluster({target("tgt1", 2001)});
  EXPECT_EQ(join(target("tgt1", 2001)).begin(view).kind, Kind::kAdmit) << "at its own addresses";
  Admission admission = join(target("tgt1", 2002));
  const AdmissionStep step = admission.begin(view);
  ASSERT_EQ(step.kind, Kind::kAsk);
  EXPECT_EQ(step.what, "snode");
  EXPECT_EQ(step.from.port, 2001);
  EXPECT_EQ(admission.answered(std::string(R"({"daemon_id":"tgt1"})")).why.code(), Code::kAlreadyExists);
  EXPECT_EQ(admission.answered(std::string(R"({"daemon_id":"tgt7"})")).kind, Kind::kAdmit) << "its port is somebody else's now";
  EXPECT_EQ(admission.answered(Status(Code::kConnectionFailed, "")).kind, Kind::kAdmit);
}

}  // namespace
}  // namespace ais::proxy

#include "app/member_machine.h"

#include <gtest/gtest.h>

namespace ais::app {
namespace {

using Kind = MemberStep::Kind;
using News = MemberStep::News;
using std::chrono::milliseconds;
using std::chrono::seconds;

ClusterSnapshot nothing_known() {
  ClusterSnapshot view;
  view.smap = std::make_shared<const meta::ClusterMap>();
  view.bmd = std::make_shared<const meta::BucketMetadata>();
  view.cluster_config = view.config = std::make_shared<const meta::ClusterConfig>();
  return view;
}

ClusterSnapshot with_primary(const std::string& host) {
  ClusterSnapshot view = nothing_known();
  meta::ClusterMap map;
  map.primary_id = "gw1";
  map.proxies["gw1"].id = "gw1";
  map.proxies["gw1"].control_net = {host, 9000};
  view.smap = std::make_shared<const meta::ClusterMap>(map);
  meta::ClusterConfig config;
  config.proxy.primary_url = "http://" + host + ":8000";
  config.proxy.original_url = "http://first:8000";
  config.keepalivetracker.proxy.interval.value = seconds(7);
  view.cluster_config = view.config = std::make_shared<const meta::ClusterConfig>(config);
  return view;
}

Status failure(Code code = Code::kConnectionFailed) { return Status(code, "why"); }

TEST(MemberMachine, AsksEveryGatewayItKnowsThenWaits) {
  MemberMachine machine("t1", meta::NodeType::kTarget, {"http://join:8000", "http://first:8000"}, sys::Random(1));
  const ClusterSnapshot view = with_primary("primary");
  MemberStep step = machine.begin(view);
  for (const char* url : {"http://primary:9000", "http://join:8000", "http://first:8000", "http://primary:8000"}) {
    EXPECT_EQ(step.kind, Kind::kRegister);
    EXPECT_EQ(step.url, url) << "each once, the primary of the map first";
    step = machine.answered(failure(), view);
  }
  EXPECT_EQ(step.kind, Kind::kWait);
  EXPECT_EQ(step.news, News::kNotRegistered);
  EXPECT_EQ(step.why.code(), Code::kConnectionFailed);
  EXPECT_FALSE(machine.is_registered());
  EXPECT_EQ(machine.waited(view).url, "http://primary:9000");
}

TEST(MemberMachine, WaitsLongerEachTimeWithinBounds) {
  MemberMachine machine("t1", meta::NodeType::kTarget, {"http://join:8000"}, sys::Random(1));
  const ClusterSnapshot view = nothing_known();
  MemberStep step = machine.begin(view);
  Nanoseconds wanted = milliseconds(50);
  for (int round = 0; round < 12; ++round) {
    step = machine.answered(failure(), view);
    ASSERT_EQ(step.kind, Kind::kWait);
    EXPECT_GE(step.delay, wanted / 2);
    EXPECT_LT(step.delay, wanted / 2 + wanted);
    EXPECT_EQ(step.news, round == 0 ? News::kNotRegistered : News::kNone) << "told once";
    wanted = std::min<Nanoseconds>(wanted * 2, seconds(5));
    step = machine.waited(view);
  }
  step = machine.answered(failure(Code::kTimeout), view);
  EXPECT_EQ(step.news, News::kNotRegistered) << "another failure is told";
}

TEST(MemberMachine, KnowsNobody) {
  MemberMachine machine("t1", meta::NodeType::kTarget, {}, sys::Random(1));
  const MemberStep step = machine.begin(nothing_known());
  EXPECT_EQ(step.kind, Kind::kWait);
  EXPECT_EQ(step.why.code(), Code::kInvalid);
}

TEST(MemberMachine, KeepsAliveWithThePrimaryOfTheMapOfThatMoment) {
  MemberMachine machine("p2", meta::NodeType::kProxy, {"http://join:8000"}, sys::Random(1));
  MemberStep step = machine.begin(nothing_known());
  step = machine.answered(Status(), with_primary("one"));
  EXPECT_EQ(step.kind, Kind::kWait);
  EXPECT_EQ(step.news, News::kRegistered);
  EXPECT_EQ(step.url, "http://join:8000") << "who took it";
  EXPECT_EQ(step.delay, Nanoseconds(seconds(7)));
  EXPECT_TRUE(machine.is_registered());
  step = machine.waited(with_primary("two"));
  EXPECT_EQ(step.kind, Kind::kKeepAlive);
  EXPECT_EQ(step.url, "http://two:9000");
  step = machine.answered(Status(), with_primary("two"));
  EXPECT_EQ(step.kind, Kind::kWait);
  EXPECT_EQ(step.news, News::kNone);
}

TEST(MemberMachine, RegistersAgainAtOnceWhenAKeepaliveFails) {
  MemberMachine machine("t1", meta::NodeType::kTarget, {}, sys::Random(1));
  const ClusterSnapshot view = with_primary("one");
  MemberStep step = machine.begin(view);
  step = machine.answered(Status(), view);
  step = machine.waited(view);
  step = machine.answered(failure(Code::kNodeNotFound), view);
  EXPECT_EQ(step.kind, Kind::kRegister);
  EXPECT_EQ(step.news, News::kLost);
  EXPECT_EQ(step.why.code(), Code::kNodeNotFound);
  EXPECT_TRUE(machine.keepalive_failing());
  step = machine.answered(Status(), view);
  EXPECT_EQ(step.news, News::kRegistered);
  EXPECT_FALSE(machine.keepalive_failing());
  step = machine.waited(nothing_known());
  EXPECT_EQ(step.news, News::kLost) << "a map without a primary";
}

TEST(MemberMachine, ARefusalHoldsUntilItIsTaken) {
  MemberMachine machine("t1", meta::NodeType::kTarget, {"http://a:1", "http://b:1"}, sys::Random(1));
  const ClusterSnapshot view = nothing_known();
  MemberStep step = machine.begin(view);
  step = machine.answered(Status(Code::kWrongCluster, "a stranger"), view);
  EXPECT_EQ(machine.refusal(), "") << "another gateway may take it";
  step = machine.answered(failure(), view);
  EXPECT_EQ(machine.refusal(), "a stranger");
  step = machine.waited(view);
  step = machine.answered(failure(), view);
  step = machine.answered(failure(), view);
  EXPECT_EQ(machine.refusal(), "a stranger") << "silence is no answer";
  step = machine.waited(view);
  step = machine.answered(Status(), view);
  EXPECT_EQ(machine.refusal(), "");
}

TEST(MemberMachine, TheSameSeedWaitsTheSame) {
  for (const uint64_t seed : {1, 2}) {
    MemberMachine first("t1", meta::NodeType::kTarget, {}, sys::Random(seed)), second("t1", meta::NodeType::kTarget, {}, sys::Random(seed));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(first.begin(nothing_known()).delay, second.begin(nothing_known()).delay);
  }
}

}  // namespace
}  // namespace ais::app

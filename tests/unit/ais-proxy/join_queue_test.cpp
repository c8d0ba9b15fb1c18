#include "ais-proxy/join_queue.h"

#include <gtest/gtest.h>

#include "ais-proxy/cluster_map_edits.h"

namespace ais::proxy {
namespace {

meta::Node node(const std::string& id, meta::NodeType type = meta::NodeType::kTarget) {
  meta::Node made;
  made.id = id;
  made.type = type;
  made.public_net = made.control_net = made.data_net = {"10.0.0.1", 2000};
  return made;
}

class JoinQueueTest : public testing::Test {
 protected:
  meta::ClusterMap map_ = first_cluster_map(node("gw1", meta::NodeType::kProxy), "uuid1", 0);
  JoinQueue queue_;
  JoinQueue::Batch batch_;
};

TEST_F(JoinQueueTest, AllThatWaitEnterInOneVersion) {
  const auto a = queue_.add(node("tgt1")), b = queue_.add(node("tgt2"));
  const auto next = queue_.take(batch_, map_);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->version, 2u);
  EXPECT_EQ(next->targets.size(), 2u);
  EXPECT_FALSE(a->done);
  JoinQueue::finish(batch_, Status());
  EXPECT_TRUE(a->done && a->outcome.ok() && b->done && b->outcome.ok());
  JoinQueue::Batch another;
  EXPECT_FALSE(queue_.take(another, *next)) << "nobody is left";
  EXPECT_TRUE(another.empty());
}

TEST_F(JoinQueueTest, OneThatCannotBeAddedDoesNotKeepTheOthersOut) {
  const auto bad = queue_.add(node("gw1")), good = queue_.add(node("tgt1"));
  ASSERT_TRUE(queue_.take(batch_, map_));
  JoinQueue::finish(batch_, Status());
  EXPECT_EQ(bad->outcome.code(), Code::kAlreadyExists);
  EXPECT_TRUE(good->outcome.ok());
}

TEST_F(JoinQueueTest, AMapThatChangedMeanwhileIsBuiltUpon) {
  const auto a = queue_.add(node("tgt1"));
  ASSERT_TRUE(queue_.take(batch_, map_));
  map_.version = 7;
  const auto b = queue_.add(node("tgt2"));
  const auto next = queue_.take(batch_, map_);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->version, 8u);
  EXPECT_EQ(next->targets.size(), 2u) << "both: of the first attempt and new";
  JoinQueue::finish(batch_, Status(Code::kInputOutput, "disk"));
  EXPECT_EQ(a->outcome.code(), Code::kInputOutput);
  EXPECT_EQ(b->outcome.code(), Code::kInputOutput);
}

TEST_F(JoinQueueTest, WhoWithdrawsDoesNotEnter) {
  const auto a = queue_.add(node("tgt1"));
  queue_.withdraw(a);
  EXPECT_FALSE(queue_.take(batch_, map_));
}

}  // namespace
}  // namespace ais::proxy

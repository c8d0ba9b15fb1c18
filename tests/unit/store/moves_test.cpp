// Renames in each other's way, and in the way of other changes: whatever runs beside them, the outcome is that of some order.
#include <future>

#include "store/claims.h"
#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class MovesTest : public StoreTest {
 protected:
  void SetUp() override { open(); }

  size_t place_of(const std::string& object) { return store_->mountpath_of(TestName("ais/@#/bck/", object).view.digest); }
  /// A fresh name on this mountpath.
  std::string name_at(size_t place) {
    for (;;) {
      std::string name = "n" + std::to_string(next_++);
      if (place_of(name) == place) return name;
    }
  }
  std::string pair_of(const std::string& object, std::string_view key) {
    Result<OpenObjectPtr> opened = open_object(TestName("ais/@#/bck/", object).view);
    const std::string* value = opened.ok() ? meta::find_custom((*opened)->metadata.custom, key) : nullptr;
    return value ? *value : "";
  }
  static bool is_pending(std::future<Status>& future) { return future.wait_for(std::chrono::seconds(0)) == std::future_status::timeout; }

  static constexpr int kRounds = 60;
  static constexpr char kGone[] = "<ObjectNotFound>";
  int next_ = 0;
};

// Each with its target in place (same mountpath) and by copy (the other one).
TEST_F(MovesTest, TwoRenamesOfOneObjectHaveOneWinner) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = name_at(0), one = name_at(1), other = name_at(round % 2);
    ASSERT_TRUE(put(from, "content").ok());
    auto first = start_rename(from, one);
    auto second = start_rename(from, other);
    const Status a = first.get(), b = second.get();
    EXPECT_TRUE(a.ok() != b.ok()) << a.to_string() << " / " << b.to_string();
    EXPECT_EQ((a.ok() ? b : a).code(), Code::kObjectNotFound);
    EXPECT_EQ(get(from), kGone);
    EXPECT_EQ(get(a.ok() ? one : other), "content");
    EXPECT_EQ(get(a.ok() ? other : one), kGone);
  }
  EXPECT_EQ(list().size(), static_cast<size_t>(kRounds));
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(MovesTest, ARenameAndARemovalHaveOneWinner) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = name_at(0), to = name_at(round % 2);
    ASSERT_TRUE(put(from, "content").ok());
    auto renamed = start_rename(from, to);
    auto removed = start_remove(from);
    const Status a = renamed.get(), b = removed.get();
    EXPECT_TRUE(a.ok() != b.ok()) << a.to_string() << " / " << b.to_string();
    EXPECT_EQ(get(from), kGone);
    EXPECT_EQ(get(to), a.ok() ? "content" : kGone);
  }
}

TEST_F(MovesTest, PairsAreSetBeforeTheRenameOrNotAtAll) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = name_at(0), to = name_at(round % 2);
    ASSERT_TRUE(put(from, "content").ok());
    const bool rename_first = round % 4 < 2;
    std::future<Status> renamed, changed;
    if (rename_first) renamed = start_rename(from, to);
    changed = start_set_custom(from, {{"k", "v"}});
    if (!rename_first) renamed = start_rename(from, to);
    const Status patched = changed.get();
    EXPECT_TRUE(renamed.get().ok());
    EXPECT_TRUE(patched.ok() || patched.code() == Code::kObjectNotFound) << patched.to_string();
    EXPECT_EQ(pair_of(to, "k"), patched.ok() ? "v" : "");
    EXPECT_EQ(get(from), kGone);
  }
}

TEST_F(MovesTest, CrossingRenamesLoseNothing) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string a = name_at(0), b = name_at(1);
    ASSERT_TRUE(put(a, "of a").ok());
    ASSERT_TRUE(put(b, "of b").ok());
    auto there = start_rename(a, b);
    auto back = start_rename(b, a);
    const Status to_b = there.get(), to_a = back.get();
    for (const Status& status : {to_b, to_a}) EXPECT_TRUE(status.ok() || status.code() == Code::kBusy) << status.to_string();
    const std::string at_a = get(a), at_b = get(b);
    SCOPED_TRACE(to_b.to_string() + " / " + to_a.to_string() + ": " + at_a + ", " + at_b);
    if (!to_b.ok() && !to_a.ok()) EXPECT_TRUE(at_a == "of a" && at_b == "of b");
    else if (!to_a.ok()) EXPECT_TRUE(at_a == kGone && at_b == "of a");
    else if (!to_b.ok()) EXPECT_TRUE(at_a == "of b" && at_b == kGone);
    else EXPECT_TRUE((at_a == "of a" && at_b == kGone) || (at_a == kGone && at_b == "of b"));
  }
}

TEST_F(MovesTest, AWriteBesideARenameIsKept) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = name_at(0), to = name_at(round % 2);
    ASSERT_TRUE(put(from, "old").ok());
    auto renamed = start_rename(from, to);
    auto written = start_put(from, "new");
    EXPECT_TRUE(renamed.get().ok());
    EXPECT_TRUE(written.get().ok());
    const std::string at_from = get(from), at_to = get(to);
    EXPECT_TRUE((at_from == "new" && at_to == "old") || (at_from == kGone && at_to == "new")) << at_from << ", " << at_to;
  }
}

TEST_F(MovesTest, ByCopyAndInPlaceKeepTheSame) {
  for (size_t place : {0u, 1u}) {
    const std::string from = name_at(0), to = name_at(place);
    CommitOptions options;
    options.custom = {{"k", "v"}};
    options.atime_ns = 1'600'000'000'000'000'000;
    ASSERT_TRUE(put(from, "content", options).ok());
    ASSERT_TRUE(put(from, "content", options).ok());
    const OpenObjectPtr before = *open_object(TestName("ais/@#/bck/", from).view);
    ASSERT_TRUE(rename(from, to).ok());
    const OpenObjectPtr after = *open_object(TestName("ais/@#/bck/", to).view);
    EXPECT_EQ(after->metadata.version, "2");
    EXPECT_EQ(after->metadata.custom, options.custom);
    EXPECT_EQ(after->metadata.atime_ns, options.atime_ns);
    EXPECT_EQ(after->mtime_ns, before->mtime_ns);
    EXPECT_EQ(meta::entity_tag(after->metadata, after->mtime_ns).text(), meta::entity_tag(before->metadata, before->mtime_ns).text());
    EXPECT_GT(after->metadata.generation, before->metadata.generation);
  }
}

TEST_F(MovesTest, WhatDependsOnAClaimedObjectWaits) {
  const std::string name = name_at(0), elsewhere = name_at(1);
  ASSERT_TRUE(put(name, "content").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held->source().metadata.size, 7u);
  auto removed = start_remove(name);
  auto patched = start_set_custom(name, {{"k", "v"}});
  auto renamed = start_rename(name, elsewhere);
  CommitOptions only_new;
  auto condition = std::make_shared<meta::Precondition>();
  condition->if_none_match = meta::TagCondition{.any = true, .tags = {}};
  only_new.condition = condition;
  auto created = start_put(name, "created", only_new);
  ASSERT_TRUE(put(name_at(0), "somebody else's").ok());  // the committer has seen all of these
  EXPECT_TRUE(is_pending(removed) && is_pending(patched) && is_pending(renamed));
  EXPECT_TRUE(created.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  EXPECT_EQ(get(name), "content");
  EXPECT_TRUE(finish_move(name, std::move(held).value()).ok());
  EXPECT_EQ(removed.get().code(), Code::kObjectNotFound);
  EXPECT_EQ(patched.get().code(), Code::kObjectNotFound);
  EXPECT_EQ(renamed.get().code(), Code::kObjectNotFound);
  EXPECT_TRUE(created.get().ok());
  EXPECT_EQ(get(name), "created");
}

TEST_F(MovesTest, AnAbandonedClaimLetsTheOthersGoOn) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  std::future<Status> removed;
  {
    Result<MoveClaim> held = claim(name);
    ASSERT_TRUE(held.ok());
    removed = start_remove(name);
    ASSERT_TRUE(put(name_at(0), "somebody else's").ok());
    EXPECT_TRUE(is_pending(removed));
  }
  EXPECT_TRUE(removed.get().ok());
  EXPECT_EQ(get(name), kGone);
}

TEST_F(MovesTest, NothingMovesOntoANameThatIsMoving) {
  const std::string busy = name_at(0), beside = name_at(0), elsewhere = name_at(1);
  for (const std::string& name : {busy, beside, elsewhere}) ASSERT_TRUE(put(name, "of " + name).ok());
  Result<MoveClaim> held = claim(busy);
  ASSERT_TRUE(held.ok());
  for (const std::string& from : {beside, elsewhere}) {
    const Status refused = rename(from, busy);
    EXPECT_EQ(refused.code(), Code::kBusy);
    EXPECT_NE(refused.message().find("is currently busy (being renamed), please try again"), std::string::npos) << refused.message();
    EXPECT_EQ(get(from), "of " + from);
    EXPECT_EQ(get(busy), "of " + busy);
    EXPECT_TRUE(put(from, "changed at once").ok());  // the refused move holds nothing
    EXPECT_TRUE(remove(from).ok());
    ASSERT_TRUE(put(from, "of " + from).ok());
  }
  held->release();
  EXPECT_TRUE(rename(beside, busy).ok());
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(MovesTest, AWriteOverAClaimedNameStays) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "first").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(put(name, "second").ok());
  EXPECT_TRUE(finish_move(name, std::move(held).value()).ok());
  EXPECT_EQ(get(name), "second");
  EXPECT_EQ(claim("missing").code(), Code::kObjectNotFound);
  EXPECT_EQ(remove("missing").code(), Code::kObjectNotFound);  // a failed claim holds nothing
}

TEST_F(MovesTest, TheWaitingAreBounded) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  std::vector<std::future<Status>> waiting;
  for (size_t i = 0; i < Claims::kWaitingMax; ++i) waiting.push_back(start_set_custom(name, {{"k", std::to_string(i)}}));
  EXPECT_EQ(remove(name).code(), Code::kTooManyRequests);
  held->release();
  for (std::future<Status>& one : waiting) EXPECT_TRUE(one.get().ok());
  EXPECT_EQ(pair_of(name, "k"), std::to_string(Claims::kWaitingMax - 1));
  EXPECT_TRUE(remove(name).ok());
}

// Else conditional writes that wait for one slow move would keep everybody's memory for bodies.
TEST_F(MovesTest, BodiesThatWaitHoldLittleMemory) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  CommitOptions options;
  auto condition = std::make_shared<meta::Precondition>();
  condition->if_none_match = meta::TagCondition{.any = true, .tags = {}};
  options.condition = condition;
  const std::string body(200'000, 'b');
  std::vector<std::future<Result<CommitResult>>> waiting;
  for (size_t i = 0; i < 20; ++i) waiting.push_back(start_put(name, body, options));
  ASSERT_TRUE(put(name_at(0), "the committer has seen them").ok());
  size_t refused = 0;
  for (auto& one : waiting) {
    if (one.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
    EXPECT_EQ(one.get().code(), Code::kTooManyRequests);
    ++refused;
  }
  EXPECT_EQ(refused, 20 - Claims::kWaitingBytesMax / (256 * kKiB));
  EXPECT_TRUE(finish_move(name, std::move(held).value()).ok());
}

TEST_F(MovesTest, WaitingHasALimit) {
  sys::FakeClock clock;
  clock_ = &clock;
  open();
  const std::string name = name_at(0), beside = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  auto early = start_remove(name);
  ASSERT_TRUE(put(beside, "the committer has seen it").ok());
  clock.advance(Claims::kWaitMax.count() / 2);
  auto late = start_set_custom(name, {{"k", "v"}});
  ASSERT_TRUE(put(beside, "and this one").ok());
  EXPECT_EQ(store_->counters().waiting, 2u);
  clock.advance(Claims::kWaitMax.count() / 2);
  const Status busy = early.get();
  EXPECT_EQ(busy.code(), Code::kUnavailable);
  EXPECT_NE(busy.message().find("is still being renamed, please try again"), std::string::npos) << busy.message();
  EXPECT_TRUE(is_pending(late));
  held->release();
  EXPECT_TRUE(late.get().ok());
  EXPECT_EQ(store_->counters().waiting, 0u);
  EXPECT_EQ(get(name), "content");
}

TEST_F(MovesTest, WhatNobodyWaitsForAnyMoreIsNotDone) {
  const std::string name = name_at(0), beside = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  std::atomic<bool> has_left = false;
  ChangeOptions options;
  options.is_abandoned = [&] { return has_left.load(); };
  EXPECT_TRUE(start_remove(beside, options).get().code() == Code::kObjectNotFound);
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  auto removed = start_remove(name, options);
  ASSERT_TRUE(put(name, "acknowledged meanwhile").ok());
  has_left = true;
  held->release();
  EXPECT_EQ(removed.get().code(), Code::kConnectionClosed);
  EXPECT_EQ(get(name), "acknowledged meanwhile");
  EXPECT_TRUE(start_remove(name, options).get().ok()) << "what need not wait is not asked";
}

TEST_F(MovesTest, WhoMayHaveGivenUpIsAskedWhenItsTurnComes) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  std::atomic<bool> has_left = false;
  CommitOptions options;
  options.is_abandoned = [&] { return has_left.load(); };
  options.ask = ChangeTerms::Ask::kAlways;
  EXPECT_TRUE(start_put(name, "of one who stays", options).get().ok());
  // The hash that this commit needs takes a place in the pool; the sender leaves while it waits for that.
  std::promise<void> pool_is_free;
  std::shared_future<void> wait = pool_is_free.get_future().share();
  for (size_t i = 0; i < options_.pool_threads; ++i) {
    struct Job : sys::PoolJob {
      std::shared_future<void> wait;
    };
    auto* job = new Job;
    job->wait = wait;
    job->run_job = [](sys::PoolJob* base) {
      std::unique_ptr<Job> owned(static_cast<Job*>(base));
      owned->wait.wait();
    };
    store_->pool(0).submit(job);
  }
  options.expected = codec::checksum_of(codec::ChecksumType::kSha512, "of one who leaves");
  auto late = start_put(name, "of one who leaves", options);
  has_left = true;
  EXPECT_TRUE(put(name, "acknowledged meanwhile").ok());
  pool_is_free.set_value();
  EXPECT_EQ(late.get().code(), Code::kConnectionClosed);
  EXPECT_EQ(get(name), "acknowledged meanwhile");
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(MovesTest, DrainingDoesNotWaitForAMoveThatNobodyEnds) {
  const std::string name = name_at(0);
  ASSERT_TRUE(put(name, "content").ok());
  Result<MoveClaim> held = claim(name);
  ASSERT_TRUE(held.ok());
  auto removed = start_remove(name);
  store_->drain();
  EXPECT_EQ(removed.get().code(), Code::kUnavailable);
  held->release();
  EXPECT_TRUE(remove(name).ok());
}

TEST_F(MovesTest, AMoveThatFailsEndsItsClaim) {
  const std::string from = name_at(0), to = name_at(1);
  ASSERT_TRUE(put(from, pattern_bytes(100'000, 1)).ok());
  files_.fail_always(ENOSPC, sys::FaultFileSystem::kWrites);
  const Status failed = rename(from, to);
  files_.disarm();
  EXPECT_EQ(failed.code(), Code::kCapacityExceeded) << failed.to_string();
  EXPECT_EQ(get(to), kGone);
  EXPECT_TRUE(set_custom(from, {{"k", "v"}}, true).ok());
  EXPECT_TRUE(rename(from, to).ok());
  EXPECT_EQ(work_files(), 0u);
}

}  // namespace
}  // namespace ais::store

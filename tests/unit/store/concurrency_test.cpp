// Many threads at once: no read is older than an acknowledged write, and every read is whole.
#include <atomic>
#include <thread>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

TEST_F(StoreTest, ReadersNeverSeeOlderThanAcknowledged) {
  constexpr int kWriters = 4, kReaders = 3, kRounds = 60;
  options_.open_objects_max = 64;
  open();
  std::atomic<uint64_t> acknowledged[kWriters] = {};
  std::atomic<int> running{kWriters};
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      TestName name("ais/@#/bck/", "shared/" + std::to_string(w));
      for (int i = 0; i < kRounds; ++i) {
        size_t size = i % 10 == 9 ? 300'000 : 100 + static_cast<size_t>(i);
        auto result = put(name.view, pattern_bytes(size, static_cast<uint64_t>(i)));
        ASSERT_TRUE(result.ok()) << result.status().to_string();
        acknowledged[w] = result->metadata.generation.clock;
      }
      --running;
    });
  }
  for (int r = 0; r < kReaders; ++r) {
    threads.emplace_back([&, r] {
      for (int i = r; running > 0; ++i) {
        int w = i % kWriters;
        TestName name("ais/@#/bck/", "shared/" + std::to_string(w));
        uint64_t floor = acknowledged[w];
        auto object = open_object(name.view);
        if (!object.ok()) {
          ASSERT_TRUE(floor == 0 && object.code() == Code::kObjectNotFound) << object.status().to_string();
          continue;
        }
        ASSERT_GE((*object)->metadata.generation.clock, floor);
        std::string bytes = get(name.view);
        ASSERT_FALSE(bytes.starts_with("<")) << bytes.substr(0, 40);
      }
    });
  }
  threads.emplace_back([&] {
    while (running > 0) {
      TestName churn("ais/@#/bck/", "churn/x/y");
      ASSERT_TRUE(put(churn.view, "1").ok());
      list();
      ASSERT_TRUE(remove(churn.view).ok());
    }
  });
  for (std::thread& thread : threads) thread.join();
  for (int w = 0; w < kWriters; ++w) {
    TestName name("ais/@#/bck/", "shared/" + std::to_string(w));
    EXPECT_EQ((*open_object(name.view))->metadata.version, std::to_string(kRounds));
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, ChangesOfOneNameInFlightTogetherAreOrdered) {
  open();
  TestName name("ais/@#/bck/", "o");
  constexpr int kCount = 50;
  int done = 0;
  uint64_t last = 0;
  for (int i = 0; i < kCount; ++i) {
    auto writer = receive(*store_, name.view, std::to_string(i), 2, codec::ChecksumType::kXxhash2);
    loop().start<Result<CommitResult>>(store_->commit(name.view, std::move(writer), {}), [&, i](Result<CommitResult> result) {
      EXPECT_TRUE(result.ok());
      EXPECT_EQ(result->metadata.version, std::to_string(i + 1));
      EXPECT_GT(result->metadata.generation.clock, std::exchange(last, result->metadata.generation.clock));
      ++done;
    });
  }
  store_->drain();
  loop().run([&] { EXPECT_EQ(done, kCount); });
  EXPECT_EQ(get("o"), std::to_string(kCount - 1));
}

TEST_F(StoreTest, ManySmallPutsShareTheirSyncs) {
  open();
  uint64_t syncs = store_->counters().syncs;
  constexpr int kCount = 400;
  for (int i = 0; i < kCount; ++i) {
    TestName name("ais/@#/bck/", "many" + std::to_string(i));
    auto writer = receive(*store_, name.view, "x", 1, codec::ChecksumType::kXxhash2);
    loop().start<Result<CommitResult>>(store_->commit(name.view, std::move(writer), {}),
                                       [](Result<CommitResult> result) { EXPECT_TRUE(result.ok()); });
  }
  store_->drain();
  loop().run([] {});
  EXPECT_LT(store_->counters().syncs - syncs, static_cast<uint64_t>(kCount) / 4);
  EXPECT_EQ(list().size(), static_cast<size_t>(kCount));
}

}  // namespace
}  // namespace ais::store

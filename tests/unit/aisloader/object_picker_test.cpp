#include "aisloader/object_picker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "aisloader/random_buffer.h"

namespace ais::loader {
namespace {

std::vector<std::string> take(ObjectPicker& picker, size_t most) {
  std::vector<std::string> out;
  std::string name;
  while (out.size() < most && picker.append_next(name)) out.push_back(std::exchange(name, {}));
  return out;
}

TEST(ObjectPicker, NothingToRead) {
  std::vector<std::string> listed;
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = false, .epochs = 0, .seed = 1}, listed, "own-");
  EXPECT_FALSE(picker.has_any());
  EXPECT_TRUE(take(picker, 1).empty());
}

TEST(ObjectPicker, RandomReadsReachAll) {
  std::vector<std::string> listed = {"a", "b", "c"};
  ObjectPicker picker({.loop = 1, .loops = 2, .unique = false, .epochs = 0, .seed = 1}, listed, "own-");
  picker.add_own(0x2f);
  std::map<std::string, int> seen;
  for (const std::string& name : take(picker, 4000)) ++seen[name];
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_TRUE(seen.contains("own-01-000000002f"));
  for (const auto& [name, count] : seen) EXPECT_GT(count, 800) << name;
}

TEST(ObjectPicker, UniqueRoundsReadEachOnce) {
  std::vector<std::string> listed = {"a", "b", "c", "d", "e"};
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = true, .epochs = 0, .seed = 7}, listed, "own-");
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> names = take(picker, 5);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, listed);
  }
}

TEST(ObjectPicker, EpochsEndAndLoopsShare) {
  std::vector<std::string> listed;
  for (int i = 0; i < 101; ++i) listed.push_back("o" + std::to_string(i));
  std::multiset<std::string> seen;
  for (size_t loop = 0; loop < 4; ++loop) {
    ObjectPicker picker({.loop = loop, .loops = 4, .unique = true, .epochs = 2, .seed = loop}, listed, "own-");
    for (const std::string& name : take(picker, 1000)) seen.insert(name);
  }
  EXPECT_EQ(seen.size(), 202u);
  for (const std::string& name : listed) EXPECT_EQ(seen.count(name), 2u);
}

TEST(ObjectPicker, SeedRepeatsTheOrder) {
  std::vector<std::string> listed = {"a", "b", "c", "d", "e", "f"};
  ObjectPicker::Options options{.loop = 0, .loops = 1, .unique = true, .epochs = 0, .seed = 3};
  ObjectPicker one(options, listed, ""), two(options, listed, "");
  EXPECT_EQ(take(one, 30), take(two, 30));
}

TEST(RandomBuffer, ViewsOfAnySizeAreRandom) {
  constexpr uint64_t kSize = 100ull << 20;  // more than one stretch
  Result<RandomBuffer> buffer = RandomBuffer::create(kSize, 5);
  ASSERT_TRUE(buffer.ok()) << buffer.status().message();
  std::string_view all = buffer->view(kSize, ~0ull);
  EXPECT_EQ(all.size(), kSize);
  size_t counts[256] = {};
  for (size_t i = 0; i < all.size(); i += 4093) ++counts[static_cast<unsigned char>(all[i])];
  for (size_t count : counts) EXPECT_GT(count, 0u);
  EXPECT_NE(buffer->view(64, 1), buffer->view(64, 1000));
  Result<RandomBuffer> same = RandomBuffer::create(1000, 5);
  Result<RandomBuffer> other = RandomBuffer::create(1000, 8);
  ASSERT_TRUE(same.ok() && other.ok());
  EXPECT_EQ(buffer->view(1000, 3), same->view(1000, 3));
  EXPECT_NE(other->view(1000, 3), same->view(1000, 3));
  EXPECT_EQ(same->view(0, 3), "");
}

}  // namespace
}  // namespace ais::loader

#include "aisloader/object_picker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "aisloader/random_buffer.h"

namespace ais::loader {
namespace {

NameList list_of(const std::vector<std::string>& names) {
  NameList out;
  for (const std::string& name : names) out.add(name);
  return out;
}

OwnNames own_names() {
  OwnNames out;
  out.before = "own-";
  return out;
}

std::string name_of(const OwnNames& names, size_t loop, uint64_t counter) {
  std::string out;
  names.append(out, loop, counter);
  return out;
}

OwnNames numbered(uint64_t id, unsigned bits, size_t loops = 1) {
  OwnNames out;
  out.numbered = true;
  out.id = id;
  out.id_bits = bits;
  out.loops = loops;
  return out;
}

TEST(OwnNames, NumbersEndWithTheIdOfTheLoader) {
  const OwnNames names = numbered(0xb, 8);
  EXPECT_EQ(name_of(names, 0, 0), "b");  // 0 << 8 | 0xb
  EXPECT_EQ(name_of(names, 0, 1), "10b");
  EXPECT_EQ(name_of(names, 0, 0x7d0), "7d00b");
  EXPECT_EQ(name_of(numbered(0, 0), 0, 0x1f), "1f");
  EXPECT_EQ(name_of(numbered(0, 0), 0, 0), "0");
  // Of 64 bits of an id nothing is left for a number of 64 bits.
  EXPECT_EQ(name_of(numbered(0x123456789abcdef0, 64), 0, 5), "5123456789abcdef0");
}

TEST(OwnNames, LoopsAndLoadersNeverMeet) {
  std::set<std::string> seen;
  size_t made = 0;
  for (uint64_t id = 0; id < 20; ++id)
    for (size_t loop = 0; loop < 3; ++loop)
      for (uint64_t counter = 0; counter < 300; ++counter, ++made) seen.insert(name_of(numbered(id, 8, 3), loop, counter));
  EXPECT_EQ(seen.size(), made);
}

TEST(OwnNames, AreRecognised) {
  OwnNames names = numbered(0xb, 8, 3);
  names.directory = "dir/";
  names.subdirectories = 7;
  names.after = ".tar";
  for (uint64_t counter : {0, 1, 2, 400})
    for (size_t loop : {0, 1, 2}) EXPECT_EQ(names.number_of(name_of(names, loop, counter)), counter);
  names.subdirectories = 0;
  EXPECT_EQ(names.number_of("dir/10b.tar"), 0u);
  for (const char* other : {"dir/10c.tar", "dir/.tar", "dir/x10b.tar", "dir/10b", "10b.tar", "dir/c.tar", "dir/a/10b.tar", "dir/-10b.tar"})
    EXPECT_FALSE(names.number_of(other)) << other;
}

std::vector<std::string> take(ObjectPicker& picker, size_t most) {
  std::vector<std::string> out;
  std::string name;
  while (out.size() < most && picker.append_next(name)) out.push_back(std::exchange(name, {}));
  return out;
}

TEST(ObjectPicker, NothingToRead) {
  NameList listed;
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = false, .epochs = 0, .seed = 1}, listed, own_names());
  EXPECT_FALSE(picker.has_any());
  EXPECT_TRUE(take(picker, 1).empty());
}

TEST(ObjectPicker, RandomReadsReachAll) {
  NameList listed = list_of({"a", "b", "c"});
  ObjectPicker picker({.loop = 1, .loops = 2, .unique = false, .epochs = 0, .seed = 1}, listed, own_names());
  picker.add_own(0x2f);
  std::map<std::string, int> seen;
  for (const std::string& name : take(picker, 4000)) ++seen[name];
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_TRUE(seen.contains("own-01-000000002f"));
  for (const auto& [name, count] : seen) EXPECT_GT(count, 800) << name;
}

TEST(ObjectPicker, UniqueRoundsReadEachOnce) {
  std::vector<std::string> expected = {"a", "b", "c", "d", "e"};
  NameList listed = list_of(expected);
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = true, .epochs = 0, .seed = 7}, listed, own_names());
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> names = take(picker, 5);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, expected);
  }
}

TEST(ObjectPicker, EpochsEndAndLoopsShare) {
  NameList listed;
  for (int i = 0; i < 101; ++i) listed.add("o" + std::to_string(i));
  std::multiset<std::string> seen;
  for (size_t loop = 0; loop < 4; ++loop) {
    ObjectPicker picker({.loop = loop, .loops = 4, .unique = true, .epochs = 2, .seed = loop}, listed, own_names());
    for (const std::string& name : take(picker, 1000)) seen.insert(name);
  }
  EXPECT_EQ(seen.size(), 202u);
  for (size_t i = 0; i < listed.size(); ++i) EXPECT_EQ(seen.count(std::string(listed[i])), 2u);
}

TEST(OwnNames, NumberOfIsTheReverseOfAppend) {
  for (uint64_t subdirectories : {0u, 7u}) {
    OwnNames names{"d/", "aisloader-1-", ".tar", subdirectories};
    for (uint64_t number : {0ull, 9ull, 0xabcdef0123ull}) {
      std::string name;
      names.append(name, 0x3e, number);
      EXPECT_EQ(names.number_of(name), number) << name;
      EXPECT_FALSE(names.number_of("x" + name));
      EXPECT_FALSE(names.number_of(name + "x"));
      EXPECT_FALSE((OwnNames{"d/", "aisloader-2-", ".tar", subdirectories}).number_of(name));
    }
  }
  OwnNames names{"", "a-", "", 0};
  for (const char* other : {"", "a-", "00-0000000001", "a-00-00000000zz", "0000000001", "a-1-00-000000000"})
    EXPECT_FALSE(names.number_of(other));
}

TEST(ObjectPicker, SeedRepeatsTheOrder) {
  NameList listed = list_of({"a", "b", "c", "d", "e", "f"});
  ObjectPicker::Options options{.loop = 0, .loops = 1, .unique = true, .epochs = 0, .seed = 3};
  ObjectPicker one(options, listed, own_names()), two(options, listed, own_names());
  EXPECT_EQ(take(one, 30), take(two, 30));
}

TEST(ObjectPicker, OwnObjectsComeInTheNextRoundOnceEach) {
  NameList listed = list_of({"a", "b"});
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = true, .epochs = 2, .seed = 3}, listed, own_names());
  picker.add_own(1);
  std::vector<std::string> first = take(picker, 3);
  for (uint64_t i = 2; i < 5; ++i) picker.add_own(i);
  std::vector<std::string> second = take(picker, 100);
  EXPECT_EQ(std::multiset<std::string>(first.begin(), first.end()), (std::multiset<std::string>{"a", "b", "own-00-0000000001"}));
  EXPECT_EQ(second.size(), 6u);
  EXPECT_EQ(std::set<std::string>(second.begin(), second.end()).size(), 6u);
}

TEST(ObjectPicker, MoreLoopsThanObjectsReadThemAllUnlessRoundsAreCounted) {
  NameList listed = list_of({"a"});
  ObjectPicker endless({.loop = 3, .loops = 4, .unique = true, .epochs = 0, .seed = 1}, listed, own_names());
  EXPECT_EQ(take(endless, 3).size(), 3u);
  ObjectPicker counted({.loop = 3, .loops = 4, .unique = true, .epochs = 1, .seed = 1}, listed, own_names());
  EXPECT_TRUE(take(counted, 3).empty());
}

TEST(ObjectPicker, RemembersSoManyOwnObjectsAndSaysWhenItForgets) {
  NameList listed;
  ObjectPicker picker({.loop = 0, .loops = 1, .unique = true, .epochs = 1, .seed = 1, .own_max = 2}, listed, own_names());
  EXPECT_TRUE(picker.add_own(0));
  EXPECT_TRUE(picker.add_own(1));
  EXPECT_FALSE(picker.add_own(2));
  EXPECT_EQ(take(picker, 10).size(), 2u);
}

TEST(OwnNames, AreSpreadOverDirectories) {
  OwnNames names{"dir/", "x-", ".tar", 3};
  std::set<std::string> directories, all;
  for (uint64_t i = 0; i < 30; ++i) {
    std::string name;
    names.append(name, 1, i);
    directories.insert(name.substr(0, name.rfind('/')));
    all.insert(name);
    EXPECT_TRUE(name.ends_with(".tar"));
  }
  EXPECT_EQ(directories, (std::set<std::string>{"dir/00000", "dir/00001", "dir/00002"}));
  EXPECT_EQ(all.size(), 30u);
}

TEST(NameList, ReturnsWhatWasAdded) {
  NameList names = list_of({"", "a", "longer name", ""});
  ASSERT_EQ(names.size(), 4u);
  EXPECT_EQ(names[0], "");
  EXPECT_EQ(names[2], "longer name");
  EXPECT_EQ(names[3], "");
  EXPECT_FALSE(names.truncated());
}

TEST(NameList, SaysWhenItIsFull) {
  NameList names;
  for (size_t i = 0; i < NameList::kNamesMax; ++i) names.add("");
  EXPECT_FALSE(names.truncated());
  EXPECT_FALSE(names.add("one more"));
  EXPECT_TRUE(names.truncated());
  EXPECT_EQ(names.size(), NameList::kNamesMax);
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

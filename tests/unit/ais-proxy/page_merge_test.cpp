#include "ais-proxy/page_merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace ais::proxy {
namespace {

using Names = std::vector<std::string>;

std::string encode_entry(const std::string& name, int64_t size, uint16_t flags = 0) {
  std::string bytes;
  codec::MsgpackWriter out(bytes);
  api::ListEntry entry;
  entry.name = name;
  entry.size = size;
  entry.flags = flags;
  entry.encode(out);
  return bytes;
}

api::EncodedPage make_page(const Names& names, std::string_view token, int64_t size = 1) {
  api::PageWriter writer("uuid-of-page");
  for (const std::string& name : names) writer.add_encoded(encode_entry(name, size));
  auto page = api::EncodedPage::parse(writer.finish(token, 0));
  EXPECT_TRUE(page.ok());
  return std::move(*page);
}

struct Listed {
  Names names;
  std::string token;
};
Listed read_page(std::string bytes) {
  auto page = api::EncodedPage::parse(std::move(bytes));
  EXPECT_TRUE(page.ok());
  Listed listed;
  for (const auto& item : page->items) listed.names.emplace_back(item.name);
  listed.token = page->continuation_token;
  return listed;
}

// What a target does: names after the token, at most `limit`, a token when the page is full.
api::EncodedPage serve(const std::set<std::string>& names, const std::string& after, uint64_t limit) {
  Names page;
  for (auto it = names.upper_bound(after); it != names.end() && page.size() < limit; ++it) page.push_back(*it);
  return make_page(page, page.size() >= limit ? page.back() : std::string());
}

Listed merge_page(const std::vector<std::set<std::string>>& targets, uint64_t page_size, const std::string& after, uint64_t per_target) {
  PageMerger merger(targets.size(), page_size, "list-id-0001", after);
  while (!merger.merge()) {
    for (const size_t source : merger.starving()) {
      const Status fed = merger.feed(source, serve(targets[source], merger.position_of(source), per_target));
      EXPECT_TRUE(fed.ok()) << fed.to_string();
    }
  }
  return read_page(merger.take());
}

TEST(PageMerge, AgreesWithAnOracleOverRandomSplits) {
  std::mt19937 random(20240607);
  for (int round = 0; round < 60; ++round) {
    const size_t target_count = 1 + random() % 6;
    const uint64_t page_size = 1 + random() % 40;
    const uint64_t per_target = 1 + random() % 20;
    std::set<std::string> all;
    std::vector<std::set<std::string>> targets(target_count);
    const size_t total = random() % 300;
    for (size_t i = 0; i < total; ++i) {
      std::string name = "n" + std::to_string(random() % 1000);
      if (random() % 5 == 0) name += "/";
      all.insert(name);
      targets[random() % target_count].insert(name);
      if (random() % 4 == 0) targets[random() % target_count].insert(name);  // a directory that two targets have
    }
    Names got;
    std::string token;
    size_t pages = 0;
    do {
      const Listed page = merge_page(targets, page_size, token, per_target);
      ASSERT_LE(page.names.size(), page_size);
      EXPECT_EQ(page.token.empty(), page.names.size() < page_size);
      if (!page.token.empty()) {
        EXPECT_EQ(page.token, page.names.back());
      }
      got.insert(got.end(), page.names.begin(), page.names.end());
      token = page.token;
      ASSERT_LE(++pages, total + 2);
    } while (!token.empty());
    EXPECT_EQ(got, Names(all.begin(), all.end())) << "round " << round;
  }
}

TEST(PageMerge, ExactMultipleEndsWithAnEmptyPage) {
  const std::vector<std::set<std::string>> targets = {{"a", "c"}, {"b", "d"}};
  const Listed first = merge_page(targets, 4, "", 10);
  EXPECT_EQ(first.names, (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(first.token, "d");
  const Listed second = merge_page(targets, 4, "d", 10);
  EXPECT_TRUE(second.names.empty());
  EXPECT_TRUE(second.token.empty());
}

TEST(PageMerge, KeepsTheEntryOfTheFirstSourceAmongEqualNames) {
  PageMerger merger(2, 10, "list-id-0001", "");
  ASSERT_FALSE(merger.merge());
  ASSERT_TRUE(merger.feed(1, make_page({"dir/"}, "", 2)).ok());
  ASSERT_FALSE(merger.merge());
  ASSERT_TRUE(merger.feed(0, make_page({"dir/"}, "", 1)).ok());
  ASSERT_TRUE(merger.merge());
  auto page = api::EncodedPage::parse(merger.take());
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->items.size(), 1u);
  const auto entry = api::ListEntry::decode(page->items[0].encoded);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->size, 1);
}

// A copy that was left on another target is listed only while the owner has none.
TEST(PageMerge, KeepsTheEntryOfTheOwnerAmongEqualNames) {
  const std::vector<std::vector<std::pair<const char*, uint16_t>>> sources = {
      {{"a", api::kEntryMisplacedNode}, {"b", 0}, {"left", api::kEntryMisplacedNode}},
      {{"a", 0}, {"b", api::kEntryMisplacedNode}},
      {{"a", api::kEntryMisplacedNode}, {"left", api::kEntryMisplacedMountpath}}};
  for (const uint64_t page_size : {1, 2, 10}) {
    std::string after;
    std::map<std::string, std::pair<int64_t, uint16_t>> listed;
    do {
      PageMerger merger(sources.size(), page_size, "list-id-0001", after);
      for (size_t i = 0; i < sources.size(); ++i) {
        api::PageWriter writer("uuid-of-page");
        for (const auto& [name, flags] : sources[i])
          if (name > after) writer.add_encoded(encode_entry(name, static_cast<int64_t>(i + 1), flags | api::kEntryPresent));
        ASSERT_TRUE(merger.feed(i, *api::EncodedPage::parse(writer.finish("", 0))).ok());
      }
      ASSERT_TRUE(merger.merge());
      auto page = api::EncodedPage::parse(merger.take());
      for (const auto& item : page->items) {
        const auto entry = api::ListEntry::decode(item.encoded);
        EXPECT_TRUE(listed.emplace(entry->name, std::pair(entry->size, entry->flags & api::kEntryStatusMask)).second) << entry->name;
      }
      after = page->continuation_token;
    } while (!after.empty());
    ASSERT_EQ(listed.size(), 3u) << page_size;
    EXPECT_EQ(listed["a"], std::pair(int64_t{2}, uint16_t{0})) << page_size;
    EXPECT_EQ(listed["b"], std::pair(int64_t{1}, uint16_t{0})) << page_size;
    EXPECT_NE(listed["left"].second, 0) << page_size;
  }
}

TEST(PageMerge, StopsAtASourceWhoseNextNameIsUnknown) {
  PageMerger merger(2, 10, "list-id-0001", "");
  ASSERT_TRUE(merger.feed(0, make_page({"a", "b"}, "b")).ok());
  ASSERT_TRUE(merger.feed(1, make_page({"c", "d"}, "")).ok());
  EXPECT_FALSE(merger.merge());
  EXPECT_EQ(merger.starving(), std::vector<size_t>{0});
  EXPECT_EQ(merger.position_of(0), "b");
  EXPECT_EQ(merger.remaining(), 8u);
  ASSERT_TRUE(merger.feed(0, make_page({"bb"}, "")).ok());
  EXPECT_TRUE(merger.merge());
  EXPECT_EQ(read_page(merger.take()).names, (Names{"a", "b", "bb", "c", "d"}));
}

TEST(PageMerge, RefusesPagesThatWouldLoseNames) {
  const auto code_of = [](const Names& names, std::string_view token, std::string after) {
    PageMerger merger(1, 10, "list-id-0001", std::move(after));
    return merger.feed(0, make_page(names, token)).code();
  };
  EXPECT_EQ(code_of({"b", "a"}, "", ""), Code::kUnexpectedStatus);
  EXPECT_EQ(code_of({"a"}, "", "a"), Code::kUnexpectedStatus);
  EXPECT_EQ(code_of({"a", "b"}, "a", ""), Code::kUnexpectedStatus);
  EXPECT_EQ(code_of({}, "a", "a"), Code::kUnexpectedStatus) << "a token that does not advance would go round for ever";
  EXPECT_EQ(code_of({"a", "b"}, "b", ""), Code::kOk);
}

TEST(PageMerge, AsksEachTargetForItsShare) {
  EXPECT_EQ(names_per_target(10000, 1), 10000u);
  EXPECT_EQ(names_per_target(10000, 4), 2750u + 64);
  EXPECT_EQ(names_per_target(10, 4), 10u);
  EXPECT_EQ(names_per_target(1, 100), 1u);
}

}  // namespace
}  // namespace ais::proxy

// The smallest names of a directory, against a std::set.
#include "disk/walk_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace ais::disk {
namespace {

TEST(WalkWindowTest, KeepsTheSmallestInOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::set<std::string> names;
    size_t count = 1 + random() % 300;
    while (names.size() < count) {
      std::string name;
      for (size_t i = 1 + random() % 12; i > 0; --i) name.push_back("ab-/.\xff"[random() % 6 == 3 ? 0 : random() % 6]);
      std::erase(name, '/');
      if (!name.empty()) names.insert(name);
      if (names.size() + 1 >= count && random() % 50 == 0) break;
    }
    std::vector<std::pair<std::string, bool>> added;
    std::set<std::string> expected;
    for (const std::string& name : names) {
      bool directory = random() % 3 == 0;
      added.emplace_back(name, directory);
      expected.insert(directory ? name + "/" : name);
    }
    std::shuffle(added.begin(), added.end(), random);
    WalkWindow window(64 + random() % 4000);
    for (const auto& [name, directory] : added) window.add(name, directory);
    window.finish();
    auto next = expected.begin();
    for (; !window.empty(); window.pop(), ++next) {
      ASSERT_NE(next, expected.end());
      ASSERT_EQ(window.front(), *next);
      ASSERT_EQ(window.front_is_directory(), next->ends_with('/'));
    }
    ASSERT_EQ(next != expected.end(), window.truncated());
    ASSERT_NE(next, expected.begin());
  }
}

}  // namespace
}  // namespace ais::disk

#include "base/function.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace ais {
namespace {

TEST(UniqueFunctionTest, EmptyIsFalse) {
  UniqueFunction<void()> empty;
  EXPECT_FALSE(empty);
  UniqueFunction<void()> moved = std::move(empty);
  EXPECT_FALSE(moved);
}

TEST(UniqueFunctionTest, HoldsMoveOnlyCaptures) {
  auto number = std::make_unique<int>(4);
  UniqueFunction<int(int)> add = [n = std::move(number)](int more) { return *n + more; };
  UniqueFunction<int(int)> moved = std::move(add);
  EXPECT_FALSE(add);
  EXPECT_EQ(moved(3), 7);
}

TEST(UniqueFunctionTest, BigCapturesGoToTheHeapAndAreFreedOnce) {
  auto guard = std::make_shared<int>(1);
  std::array<char, 200> bulk{};
  bulk[199] = 'x';
  {
    UniqueFunction<char()> big = [guard, bulk] { return bulk[199]; };
    UniqueFunction<char()> moved;
    moved = std::move(big);
    EXPECT_EQ(moved(), 'x');
    EXPECT_EQ(guard.use_count(), 2);
    moved = [] { return 'y'; };
    EXPECT_EQ(guard.use_count(), 1);
    EXPECT_EQ(moved(), 'y');
  }
  EXPECT_EQ(guard.use_count(), 1);
}

TEST(UniqueFunctionTest, PassesMoveOnlyArguments) {
  UniqueFunction<int(std::unique_ptr<int>)> read = [](std::unique_ptr<int> p) { return *p; };
  EXPECT_EQ(read(std::make_unique<int>(9)), 9);
}

}  // namespace
}  // namespace ais

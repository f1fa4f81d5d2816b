#include <gtest/gtest.h>

#include <array>

#include "video/draw.hpp"

namespace vidclass::video {
namespace {

using Indices = std::vector<std::size_t>;

TEST(MiddleFrames, AreInTheMiddleOfEachPart) {
  EXPECT_EQ(middle_frames(9, 3), (Indices{1, 4, 7}));
  EXPECT_EQ(middle_frames(10, 3), (Indices{1, 4, 8}));
}

TEST(MiddleFrames, AreAllWhereThereAreNoMore) {
  EXPECT_EQ(middle_frames(3, 3), (Indices{0, 1, 2}));
  EXPECT_EQ(middle_frames(2, 3), (Indices{0, 1}));
  EXPECT_TRUE(middle_frames(0, 3).empty());
}

TEST(DrawFrames, TakesEachFrameOfEachPartEquallyOften) {
  std::mt19937_64 random(1);
  std::array<int, 6> counts{};
  constexpr int draws = 3000;
  for (int i = 0; i < draws; ++i) {
    const Indices drawn = draw_frames(6, 2, random);
    ASSERT_EQ(drawn.size(), 2U);
    ASSERT_LT(drawn[0], 3U);
    ASSERT_GE(drawn[1], 3U);
    for (const std::size_t index : drawn) ++counts.at(index);
  }
  for (const int count : counts) EXPECT_NEAR(count, draws / 3, 100);
}

TEST(DrawFrames, IsRepeatable) {
  std::mt19937_64 random(7);
  EXPECT_EQ(draw_frames(60, 4, random), (Indices{0, 15, 33, 51}));
}

TEST(DrawFrames, TakesAllWhereThereAreNoMore) {
  std::mt19937_64 random(1);
  EXPECT_EQ(draw_frames(3, 5, random), (Indices{0, 1, 2}));
}

TEST(SpreadViews, TakeTurns) {
  EXPECT_EQ(spread_views(6, 2, 3), (std::vector<Indices>{{0, 3}, {1, 4}, {2, 5}}));
}

TEST(SpreadViews, OfOneAreTheMiddleFrames) {
  EXPECT_EQ(spread_views(10, 3, 1), (std::vector<Indices>{middle_frames(10, 3)}));
}

}  // namespace
}  // namespace vidclass::video

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "backbone/channel_statistics.hpp"

namespace vidclass::backbone {
namespace {

ChannelStatistics statistics_of(const std::vector<float>& values, std::size_t channels) {
  ChannelStatistics statistics(channels);
  statistics.add_extremes(values, 1);
  statistics.add_histogram(values, 1);
  return statistics;
}

std::vector<float> evenly(float from, float to, std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(from + (to - from) * static_cast<float>(i) / static_cast<float>(count - 1));
  }
  return values;
}

TEST(ChannelStatistics, KeepTheWholeRangeOfEvenlySpreadValues) {
  const auto range = statistics_of(evenly(0, 8, 1000), 1).ranges(false, false).at(0);
  EXPECT_FLOAT_EQ(range.low, 0);
  EXPECT_FLOAT_EQ(range.high, 8);
  EXPECT_NEAR(range.mean, 4, 1e-4);
}

TEST(ChannelStatistics, CutOffALoneGreatValue) {
  auto values = evenly(0, 1, 100'000);
  values.back() = 1.5F;
  const auto range = statistics_of(values, 1).ranges(false, false).at(0);
  EXPECT_LT(range.high, 1.5F);
  EXPECT_GE(range.high, 1.0F);
}

TEST(ChannelStatistics, FollowSignedValuesOnBothSides) {
  const auto range = statistics_of(evenly(-2, 6, 1000), 1).ranges(false, false).at(0);
  EXPECT_FLOAT_EQ(range.low, -2);
  EXPECT_FLOAT_EQ(range.high, 6);
}

TEST(ChannelStatistics, PutZeroOnAStepWhereItMustBeExact) {
  const auto range = statistics_of(evenly(-2, 6, 1000), 1).ranges(true, false).at(0);
  const float step = (range.high - range.low) / 255;
  EXPECT_NEAR(range.low / step, -128, 1e-3);
  EXPECT_NEAR(range.high, 6, 1e-5);
}

TEST(ChannelStatistics, WidenQuietChannelsOnlyWhereAsked) {
  auto values = evenly(0, 0.01F, 500);
  const auto loud = evenly(0, 100, 500);
  values.insert(values.end(), loud.begin(), loud.end());
  const auto statistics = statistics_of(values, 2);
  EXPECT_NEAR(statistics.ranges(false, false).at(0).high, 0.01, 1e-6);
  const auto level = statistics.ranges(false, true);
  EXPECT_NEAR(level.at(0).high, std::sqrt(0.01 * 1.0), 1e-4);  // typical: sqrt(0.01 * 100)
  EXPECT_NEAR(level.at(1).high, 100, 1e-4);
}

TEST(ChannelStatistics, GiveAChannelThatNeverMovesARange) {
  const auto range = statistics_of(std::vector<float>(100, 0.0F), 1).ranges(false, false).at(0);
  EXPECT_GT(range.high, range.low);
}

TEST(QuantisedMean, IsThatOfTheValuesCutOffAndRounded) {
  QuantisedMean mean({{.low = 0, .high = 255}});
  mean.add(std::vector<float>{0.4F, 1.6F, 300.0F, -7.0F}, 1);
  EXPECT_FLOAT_EQ(mean.means().at(0), (0 + 2 + 255 + 0) / 4.0F);
}

}  // namespace
}  // namespace vidclass::backbone

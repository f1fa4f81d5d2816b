#include <gtest/gtest.h>

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
  const auto range = statistics_of(evenly(0, 8, 1000), 1).ranges(false).at(0);
  EXPECT_FLOAT_EQ(range.low, 0);
  EXPECT_FLOAT_EQ(range.high, 8);
  EXPECT_NEAR(range.mean, 4, 1e-4);
}

TEST(ChannelStatistics, CutOffALoneGreatValue) {
  auto values = evenly(0, 1, 100'000);
  values.back() = 1.5F;
  const auto range = statistics_of(values, 1).ranges(false).at(0);
  EXPECT_LT(range.high, 1.5F);
  EXPECT_GE(range.high, 1.0F);
}

TEST(ChannelStatistics, FollowSignedValuesOnBothSides) {
  const auto range = statistics_of(evenly(-2, 6, 1000), 1).ranges(false).at(0);
  EXPECT_FLOAT_EQ(range.low, -2);
  EXPECT_FLOAT_EQ(range.high, 6);
}

TEST(ChannelStatistics, PutZeroOnAStepWhereItMustBeExact) {
  const auto range = statistics_of(evenly(-2, 6, 1000), 1).ranges(true).at(0);
  const float step = (range.high - range.low) / 255;
  EXPECT_NEAR(range.low / step, -128, 1e-3);
  EXPECT_NEAR(range.high, 6, 1e-5);
}

TEST(ChannelStatistics, TellTheVariance) {
  const auto range = statistics_of(evenly(0, 12, 10'000), 1).ranges(false).at(0);
  EXPECT_NEAR(range.variance, 12, 0.05);  // of an even distribution: width^2 / 12
}

TEST(ChannelRange, IsWidenedWhereItLies) {
  const auto widened = [](bool exact_zero) {
    auto range = statistics_of(evenly(-2, 6, 1000), 1).ranges(exact_zero).at(0);
    range.set_width(255);
    return range;
  };
  EXPECT_FLOAT_EQ(widened(true).low, -128);
  EXPECT_FLOAT_EQ(widened(true).high, 127);
  EXPECT_FLOAT_EQ(widened(false).low, 2 - 127.5F);
  EXPECT_FLOAT_EQ(widened(false).high, 2 + 127.5F);
}

TEST(ChannelStatistics, GiveAChannelThatNeverMovesARange) {
  const auto range = statistics_of(std::vector<float>(100, 0.0F), 1).ranges(false).at(0);
  EXPECT_GT(range.high, range.low);
}

TEST(QuantisedMean, IsThatOfTheValuesCutOffAndRounded) {
  QuantisedMean mean({{.low = 0, .high = 255}});
  mean.add(std::vector<float>{0.4F, 1.6F, 300.0F, -7.0F}, 1);
  EXPECT_FLOAT_EQ(mean.means().at(0), (0 + 2 + 255 + 0) / 4.0F);
}

}  // namespace
}  // namespace vidclass::backbone

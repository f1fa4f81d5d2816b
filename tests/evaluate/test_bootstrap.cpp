#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "evaluate/bootstrap.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

/// `right` of `clips` clips of two labels are right.
Tensor answers(std::size_t clips, std::size_t right) {
  Tensor probabilities(DType::f32, {clips, 2});
  for (std::size_t i = 0; i < clips; ++i) {
    probabilities.data<float>()[2 * i + (i < right ? 0 : 1)] = 1;
  }
  return probabilities;
}

double width(const Interval& interval) { return interval.high - interval.low; }

TEST(Bootstrap, IntervalOfTop1IsAboutThatOfABinomialShare) {
  const std::vector<std::size_t> labels(400, 0);
  const auto intervals = bootstrap(answers(400, 300), labels);
  const double expected = 2 * 1.96 * std::sqrt(0.75 * 0.25 / 400);
  EXPECT_NEAR(width(intervals.top1), expected, 0.1 * expected);
  EXPECT_NEAR((intervals.top1.low + intervals.top1.high) / 2, 0.75, 0.01);
}

TEST(Bootstrap, ClipsOfOneGroupWidenTheInterval) {
  const std::vector<std::size_t> labels(400, 0);
  std::vector<std::string> groups;
  for (int i = 0; i < 400; ++i) groups.push_back("scene " + std::to_string(i / 20));
  const auto alone = bootstrap(answers(400, 300), labels);
  const auto grouped = bootstrap(answers(400, 300), labels, groups);
  EXPECT_EQ(alone.groups, 400U);
  EXPECT_EQ(grouped.groups, 20U);
  EXPECT_GT(width(grouped.top1), 3 * width(alone.top1));
}

TEST(Bootstrap, ClipsWithoutAGroupAreGroupsOfTheirOwn) {
  const std::vector<std::size_t> labels(3, 0);
  const std::vector<std::string> groups{"", "", "a"};
  EXPECT_EQ(bootstrap(answers(3, 1), labels, groups).groups, 3U);
}

TEST(Bootstrap, OfOneClipHasNoWidth) {
  const std::vector<std::size_t> labels{0};
  EXPECT_DOUBLE_EQ(width(bootstrap(answers(1, 1), labels).top1), 0);
}

TEST(Bootstrap, IsTheSameForTheSameSeed) {
  const std::vector<std::size_t> labels(30, 0);
  const auto a = bootstrap(answers(30, 17), labels, {}, {.seed = 3});
  const auto b = bootstrap(answers(30, 17), labels, {}, {.seed = 3});
  EXPECT_EQ(a.top1.low, b.top1.low);
  EXPECT_EQ(a.loss.high, b.loss.high);
}

TEST(Bootstrap, OfGroupsOfOtherClipsIsAnError) {
  const std::vector<std::size_t> labels(3, 0);
  const std::vector<std::string> groups{"a"};
  EXPECT_THROW((void)bootstrap(answers(3, 1), labels, groups), Error);
}

TEST(Bootstrap, WithoutResamplesIsAnError) {
  const std::vector<std::size_t> labels(3, 0);
  EXPECT_THROW((void)bootstrap(answers(3, 1), labels, {}, {.resamples = 0}), Error);
}

TEST(Bootstrap, AtALevelOfOneIsAnError) {
  const std::vector<std::size_t> labels(3, 0);
  EXPECT_THROW((void)bootstrap(answers(3, 1), labels, {}, {.level = 1}), Error);
}

}  // namespace
}  // namespace vidclass::evaluate

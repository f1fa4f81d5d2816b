#include "evaluate/score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "evaluate/metrics.hpp"

namespace vidclass::evaluate {
namespace {

const std::vector<std::size_t> of_three_clips{0, 1, 1};

/// Right, a tie that the first label wins, and a label that was ruled out.
Tensor three_clips() {
  return Tensor::from<float>({3, 2}, std::vector<float>{0.7F, 0.3F, 0.5F, 0.5F, 1, 0});
}

TEST(Score, IsThatOfTheMetrics) {
  const Score score = score_of(three_clips(), of_three_clips, 0.1);
  const Metrics metrics = compute_metrics(three_clips(), of_three_clips);
  EXPECT_EQ(score.loss, metrics.loss);
  EXPECT_EQ(score.top1, metrics.top1);
}

TEST(Score, HasTheLossForItsObjectiveWithoutLabelSmoothing) {
  const Score score = score_of(three_clips(), of_three_clips, 0);
  EXPECT_EQ(score.objective, score.loss);
}

TEST(Score, SharesTheObjectiveAmongAllLabelsByTheSmoothing) {
  const std::vector<std::size_t> one{0};
  const Tensor clip = Tensor::from<float>({1, 2}, std::vector<float>{0.75F, 0.25F});
  EXPECT_NEAR(score_of(clip, one, 0.2).objective, -(0.9 * std::log(0.75) + 0.1 * std::log(0.25)),
              1e-12);
}

TEST(Score, IsNotFiniteWhereAProbabilityIsNot) {
  const Tensor clip =
      Tensor::from<float>({1, 2}, std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 0});
  EXPECT_TRUE(std::isnan(score_of(clip, std::vector<std::size_t>{0}, 0.1).objective));
}

TEST(Surprise, IsBoundedOnBothSides) {
  EXPECT_DOUBLE_EQ(surprise_of(0), -std::log(1e-7));
  EXPECT_EQ(surprise_of(1), 0);
  EXPECT_EQ(surprise_of(1.0000001), 0);
  EXPECT_FALSE(std::signbit(surprise_of(1)));
}

}  // namespace
}  // namespace vidclass::evaluate

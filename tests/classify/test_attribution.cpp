#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "classify/attribution.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::classify {
namespace {

using vidclass::testing::made_up_head;
using vidclass::testing::made_up_tensor;

TEST(LogOdds, AreThoseOfTheProbability) {
  const auto odds =
      log_odds(Tensor::from<float>({1, 3}, std::vector<float>{0.5F, 0.25F, 0.25F}), 1);
  EXPECT_NEAR(odds.at(0), std::log(0.25 / 0.75), 1e-6);
}

TEST(LogOdds, StayFiniteForACertainty) {
  const auto odds = log_odds(Tensor::from<float>({1, 2}, std::vector<float>{1, 0}), 0);
  EXPECT_TRUE(std::isfinite(odds.at(0)));
}

std::vector<Direction> changes_of_frames(const Tensor& base, const Tensor& features) {
  const std::size_t width = features.dim(1);
  std::vector<Direction> directions;
  for (std::size_t t = 0; t < features.dim(0); ++t) {
    std::vector<float> values;
    for (std::size_t i = t * width; i < (t + 1) * width; ++i) {
      values.push_back(features.data<float>()[i] - base.data<float>()[i]);
    }
    directions.push_back({t, values, 0.1F});
  }
  return directions;
}

// Sundararajan, Taly and Yan's axiom of completeness.
TEST(IntegratedGradients, OfAllFramesSumToTheDifferenceOfTheEnds) {
  const head::HeadSpec spec{
      .kind = head::HeadKind::gru, .features = 6, .labels = 3, .projection = 8, .hidden = 8};
  head::HeadRunner heads(head::Ensemble{made_up_head(spec)}, 1);
  const Tensor features = made_up_tensor({7, 6}, 4);
  const Tensor base(DType::f32, {7, 6});
  const auto added = integrated_gradients(heads, base, features, changes_of_frames(base, features),
                                          1, 32, [](double) {}, {});
  const Tensor both[] = {base, features};
  const auto odds = log_odds(heads.probabilities(both), 1);
  EXPECT_NEAR(std::accumulate(added.begin(), added.end(), 0.0), odds[1] - odds[0], 0.02);
}

TEST(IntegratedGradients, OfAFrameThatDoesNotChangeIsZero) {
  const head::HeadSpec spec{
      .kind = head::HeadKind::gru, .features = 6, .labels = 3, .projection = 8, .hidden = 8};
  head::HeadRunner heads(head::Ensemble{made_up_head(spec)}, 1);
  const Tensor features = made_up_tensor({7, 6}, 4);
  Tensor base(DType::f32, {7, 6});
  for (std::size_t i = 12; i < 18; ++i) base.data<float>()[i] = features.data<float>()[i];
  const auto added = integrated_gradients(heads, base, features, changes_of_frames(base, features),
                                          1, 4, [](double) {}, {});
  EXPECT_EQ(added.at(2), 0);
}

}  // namespace
}  // namespace vidclass::classify

// One parameter by hand: the formulas of torch.optim.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "train/optimiser.hpp"
#include "train/schedule.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

class OneValue : public ::testing::Test {
protected:
  Optimiser make() {
    const std::array parameters{Parameter{"p", value_, gradient_, true}};
    return Optimiser(recipe_, parameters);
  }
  /// A step along `gradient`.
  float step(Optimiser& optimiser, float gradient) {
    gradient_[0] = gradient;
    norm_ = optimiser.step(0.1);
    return value_[0];
  }

  std::array<float, 1> value_{1.0F};
  std::array<float, 1> gradient_{};
  Recipe recipe_;
  double norm_ = 0;
};

TEST_F(OneValue, MovesByTheLearningRateInAdamsFirstStep) {
  recipe_.optimiser = OptimiserKind::adam;
  Optimiser optimiser = make();
  EXPECT_NEAR(step(optimiser, 3.0F), 0.9, 1e-6);
}

TEST_F(OneValue, FollowsAdamsSecondStep) {
  recipe_.optimiser = OptimiserKind::adam;
  Optimiser optimiser = make();
  step(optimiser, 3.0F);
  const double m = 0.9 * 0.3 + 0.1 * 1.0, v = 0.999 * 0.009 + 0.001 * 1.0;
  const double expected =
      0.9 - 0.1 * (m / (1 - 0.81)) / (std::sqrt(v / (1 - 0.999 * 0.999)) + 1e-8);
  EXPECT_NEAR(step(optimiser, 1.0F), expected, 1e-6);
}

TEST_F(OneValue, DecaysApartFromTheGradientInAdamW) {
  recipe_.optimiser = OptimiserKind::adamw;
  recipe_.weight_decay = 0.5;
  Optimiser optimiser = make();
  EXPECT_NEAR(step(optimiser, 3.0F), 1 - 0.1 * 0.5 - 0.1, 1e-6);
}

TEST_F(OneValue, DecaysThroughTheGradientInSgd) {
  recipe_.optimiser = OptimiserKind::sgd;
  recipe_.weight_decay = 0.5;
  Optimiser optimiser = make();
  EXPECT_NEAR(step(optimiser, 3.0F), 1 - 0.1 * 3.5, 1e-6);
}

TEST_F(OneValue, GathersMomentumInSgd) {
  recipe_.optimiser = OptimiserKind::sgd;
  Optimiser optimiser = make();
  step(optimiser, 1.0F);
  EXPECT_NEAR(step(optimiser, 1.0F), 1 - 0.1 - 0.1 * 1.9, 1e-6);
}

TEST_F(OneValue, LooksAheadWithNesterovsMomentum) {
  recipe_.optimiser = OptimiserKind::sgd;
  recipe_.nesterov = true;
  Optimiser optimiser = make();
  EXPECT_NEAR(step(optimiser, 1.0F), 1 - 0.1 * 1.9, 1e-6);
}

TEST_F(OneValue, IsMovedByAShortenedGradient) {
  recipe_.optimiser = OptimiserKind::sgd;
  recipe_.clip_norm = 0.5;
  Optimiser optimiser = make();
  EXPECT_NEAR(step(optimiser, -4.0F), 1 + 0.1 * 0.5, 1e-6);
  EXPECT_DOUBLE_EQ(norm_, 4);
}

TEST_F(OneValue, StaysWhereTheGradientIsNotFinite) {
  Optimiser optimiser = make();
  EXPECT_EQ(step(optimiser, std::numeric_limits<float>::infinity()), 1.0F);
  EXPECT_FALSE(std::isfinite(norm_));
}

TEST_F(OneValue, HasNoGradientLeftAfterAStep) {
  Optimiser optimiser = make();
  step(optimiser, 1.0F);
  EXPECT_EQ(gradient_[0], 0.0F);
}

TEST_F(OneValue, RefusesTheStateOfAnotherOptimiser) {
  recipe_.optimiser = OptimiserKind::sgd;
  const NamedTensors state = make().state();
  recipe_.optimiser = OptimiserKind::adam;
  Optimiser adam = make();
  EXPECT_THROW(adam.set_state(state), Error);
}

TEST(Schedule, RisesFromATenthToThePeakAndFallsToZero) {
  const auto share = [](double done) { return share_of_peak(ScheduleKind::cosine, 0.1, done); };
  EXPECT_NEAR(share(0), 0.1, 1e-12);
  EXPECT_NEAR(share(0.05), 0.55, 1e-12);
  EXPECT_NEAR(share(0.1), 1, 1e-12);
  EXPECT_NEAR(share(0.55), 0.5, 1e-12);
  EXPECT_NEAR(share(1), 0, 1e-12);
}

TEST(Schedule, StaysAtThePeakIfItIsConstant) {
  EXPECT_EQ(share_of_peak(ScheduleKind::constant, 0, 0), 1);
  EXPECT_EQ(share_of_peak(ScheduleKind::constant, 0, 0.99), 1);
}

TEST(Names, OfOptimisersAndSchedulesAreReadBack) {
  for (const auto kind : {OptimiserKind::adamw, OptimiserKind::adam, OptimiserKind::sgd}) {
    EXPECT_EQ(optimiser_kind_from(to_string(kind)), kind);
  }
  for (const auto kind : {ScheduleKind::constant, ScheduleKind::cosine}) {
    EXPECT_EQ(schedule_kind_from(to_string(kind)), kind);
  }
  EXPECT_THROW(static_cast<void>(optimiser_kind_from("rmsprop")), UsageError);
  EXPECT_THROW(static_cast<void>(schedule_kind_from("step")), UsageError);
}

}  // namespace
}  // namespace vidclass::train

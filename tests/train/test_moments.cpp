// Moments over time, against their formulas and OpenVINO's graph.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "head/runner.hpp"
#include "support/made_up_clips.hpp"
#include "train/member_training.hpp"
#include "train/moments.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::Transform;

HeadSpec moments_of_one_feature(std::vector<Transform> transforms) {
  return {.kind = HeadKind::moments,
          .features = 1,
          .poolings = 2,
          .labels = 2,
          .transforms = std::move(transforms)};
}

// Three frames of one feature: as it is, and weighted by motion.
const Tensor three_frames = Tensor::from<float>({3, 2}, std::vector<float>{1, 5, 2, 5, 6, 8});

std::vector<float> moments_of_three_frames(Transform transform) {
  const Tensor moments = moments_over_time(three_frames, moments_of_one_feature({transform}));
  return {moments.data<float>().begin(), moments.data<float>().end()};
}

TEST(MomentsOverTime, OfPlainFeaturesAreTheirMean) {
  EXPECT_EQ(moments_of_three_frames(Transform::plain), std::vector<float>{3});
}

TEST(MomentsOverTime, OfMotionAreItsMean) {
  EXPECT_EQ(moments_of_three_frames(Transform::motion), std::vector<float>{6});
}

TEST(MomentsOverTime, OfContrastAreTheMeanDifference) {
  EXPECT_EQ(moments_of_three_frames(Transform::contrast), std::vector<float>{3});
}

TEST(MomentsOverTime, OfCentredFeaturesAreTheirDeviationAndCosineCoefficients) {
  const auto moments = moments_of_three_frames(Transform::centred);
  const double changes[] = {-2, -1, 3};
  ASSERT_EQ(moments.size(), 4U);
  EXPECT_NEAR(moments[0], std::sqrt(14.0 / 3), 1e-6);
  for (int k = 1; k <= 3; ++k) {
    double coefficient = 0;
    for (int t = 0; t < 3; ++t) {
      coefficient +=
          std::numbers::sqrt2 / 3 * std::cos(std::numbers::pi * k * (t + 0.5) / 3) * changes[t];
    }
    EXPECT_NEAR(moments[static_cast<std::size_t>(k)], coefficient, 1e-6) << k;
  }
}

TEST(MomentsOverTime, OfAClipOfOneFrameDoNotChange) {
  const Tensor clip = Tensor::from<float>({1, 2}, std::vector<float>{3, 4});
  const Tensor moments = moments_over_time(clip, moments_of_one_feature({Transform::centred}));
  for (const float value : moments.data<float>()) EXPECT_EQ(value, 0);
}

TEST(MomentsOverTime, StandOneTransformAfterAnother) {
  const Tensor moments = moments_over_time(
      three_frames, moments_of_one_feature({Transform::contrast, Transform::motion}));
  EXPECT_EQ(moments.shape(), (Shape{1, 2}));
  EXPECT_EQ(moments.data<float>()[0], 3);
  EXPECT_EQ(moments.data<float>()[1], 6);
}

TEST(MomentsHead, OfEveryTransformGivesTheSameProbabilitiesAsOpenVino) {
  // Four values of the last map and two of the one in the middle, twice.
  const HeadSpec spec{
      .kind = HeadKind::moments,
      .features = 4,
      .middle = 2,
      .poolings = 2,
      .labels = 3,
      .transforms = {Transform::plain, Transform::centred, Transform::motion,
                     Transform::centred_motion, Transform::contrast, Transform::middle_plain,
                     Transform::middle_centred, Transform::middle_motion,
                     Transform::middle_centred_motion, Transform::middle_contrast}};
  const auto made_up = vidclass::testing::separable_clips(70, 3, 12, 1);
  LabelledFeatures data = made_up;
  data.make = [&](const Tensor& clip) { return moments_over_time(clip, spec); };
  Recipe recipe = recipe_for(spec.kind);
  recipe.epochs = 4;
  MemberTraining training(spec, recipe, data, data, 5);
  while (!training.finished()) training.step();
  const Tensor expected = training.probabilities(data);
  const Tensor given =
      head::HeadRunner({{spec, training.parameters()}}).probabilities(made_up.clips);
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], 1e-5) << "at " << i;
  }
}

}  // namespace
}  // namespace vidclass::train

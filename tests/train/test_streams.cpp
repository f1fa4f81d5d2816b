// Joining and weighing the streams.
#include "train/streams.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

constexpr std::size_t stream_labels = 3;

/// Answers that give the true label this probability in so many of `right` of 10 clips, and another
/// label in the rest.
Tensor answers_of(const std::vector<std::size_t>& truth, std::size_t right, float sureness,
                  std::uint64_t seed) {
  Random random(seed);
  Tensor all(DType::f32, {truth.size(), stream_labels});
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool knows = random.below(10) < right;
    const std::size_t told = knows ? truth[i] : (truth[i] + 1 + random.below(2)) % stream_labels;
    for (std::size_t k = 0; k < stream_labels; ++k) {
      all.data<float>()[i * stream_labels + k] =
          k == told ? sureness : (1 - sureness) / (stream_labels - 1);
    }
  }
  return all;
}

HeldOutStreams held_out_of(std::size_t appearance_right, std::size_t motion_right,
                           float appearance_sureness = 0.8F) {
  HeldOutStreams held_out;
  for (std::size_t i = 0; i < 300; ++i) {
    held_out.labels.push_back(i % stream_labels);
    held_out.groups.push_back(i / 10);
  }
  held_out.appearance = answers_of(held_out.labels, appearance_right, appearance_sureness, 1);
  held_out.motion = answers_of(held_out.labels, motion_right, 0.8F, 2);
  return held_out;
}

TEST(JoinedStreamAnswers, AreAppearanceWhereMotionWeighsNothing) {
  const HeldOutStreams held_out = held_out_of(7, 7);
  const Tensor joined = joined_probabilities(held_out.appearance, held_out.motion, {.motion = 0});
  for (std::size_t i = 0; i < joined.size(); ++i) {
    EXPECT_NEAR(joined.data<float>()[i], held_out.appearance.data<float>()[i], 1e-5);
  }
}

TEST(JoinedStreamAnswers, SumToOne) {
  const HeldOutStreams held_out = held_out_of(7, 7);
  const Tensor joined =
      joined_probabilities(held_out.appearance, held_out.motion,
                           {.motion = 0.4, .appearance_temperature = 2, .motion_temperature = 0.5});
  float sum = 0;
  for (std::size_t k = 0; k < stream_labels; ++k) sum += joined.data<float>()[k];
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(JoinedStreamAnswers, AreFiniteWhereAStreamRulesTheTruthOut) {
  const Tensor sure = Tensor::from<float>({1, 2}, std::vector<float>{1, 0});
  const Tensor joined = joined_probabilities(sure, sure, {});
  EXPECT_TRUE(std::isfinite(joined.data<float>()[1]));
}

TEST(JoinedStreamAnswers, OfDifferentShapesAreRefused) {
  EXPECT_THROW(
      (void)joined_probabilities(Tensor(DType::f32, {2, 3}), Tensor(DType::f32, {3, 3}), {}),
      Error);
}

TEST(StreamChoice, LetsTheStreamLeadThatKnowsMore) {
  EXPECT_GT(choose_stream_weights(held_out_of(4, 9)).weights.motion, 0.6);
  EXPECT_LT(choose_stream_weights(held_out_of(9, 4)).weights.motion, 0.4);
}

TEST(StreamChoice, IsNoWorseThanEitherStreamAlone) {
  const StreamChoice choice = choose_stream_weights(held_out_of(7, 7));
  EXPECT_LT(choice.joined_loss, choice.appearance_loss);
  EXPECT_LT(choice.joined_loss, choice.motion_loss);
}

TEST(StreamChoice, CoolsAStreamThatIsSurerThanItIsRight) {
  EXPECT_GT(choose_stream_weights(held_out_of(5, 7, 0.99F)).weights.appearance_temperature, 2);
}

TEST(StreamChoice, LetsBothCountAlikeWhereItMakesNoDifference) {
  HeldOutStreams held_out = held_out_of(7, 7);
  held_out.motion = held_out.appearance;
  EXPECT_EQ(choose_stream_weights(held_out).weights.motion, 0.5);
}

TEST(StreamChoice, GivesMotionAllElsewhereWhereItMakesNoDifference) {
  HeldOutStreams held_out = held_out_of(7, 7);
  held_out.motion = held_out.appearance;
  EXPECT_EQ(choose_stream_weights(held_out).weights.motion_elsewhere, 1);
}

TEST(StreamChoice, GivesMotionMoreElsewhereThoughAppearanceKnowsMore) {
  const StreamWeights weights = choose_stream_weights(held_out_of(9, 4)).weights;
  EXPECT_GE(weights.motion_elsewhere, (weights.motion + 1) / 2);
}

TEST(JoinedStreamAnswers, GoFromOneWeightToTheOtherWithNovelty) {
  const HeldOutStreams held_out = held_out_of(7, 7);
  const StreamWeights weights{.motion = 0.2, .motion_elsewhere = 0.8};
  const std::vector<double> half(held_out.labels.size(), 0.5);
  const Tensor joined = joined_probabilities(held_out.appearance, held_out.motion, weights, half);
  const Tensor even = joined_probabilities(held_out.appearance, held_out.motion, {.motion = 0.5});
  for (std::size_t i = 0; i < joined.size(); ++i) {
    ASSERT_NEAR(joined.data<float>()[i], even.data<float>()[i], 1e-6);
  }
}

TEST(StreamChoice, NeedsClips) {
  EXPECT_THROW(
      (void)choose_stream_weights({Tensor(DType::f32, {0, 3}), Tensor(DType::f32, {0, 3}), {}, {}}),
      Error);
}

TEST(StreamWeights, OutOfRangeAreRefused) {
  EXPECT_THROW(check(StreamWeights{.motion = 1.5}), Error);
  EXPECT_THROW(check(StreamWeights{.motion = NAN}), Error);
  EXPECT_THROW(check(StreamWeights{.motion_temperature = 0}), Error);
  EXPECT_NO_THROW(check(StreamWeights{}));
}

}  // namespace
}  // namespace vidclass::train

#include <gtest/gtest.h>

#include <vector>

#include "support/head_fixtures.hpp"
#include "support/made_up_clips.hpp"
#include "train/head_inputs.hpp"
#include "train/moments.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::Transform;

constexpr std::size_t feature_width = 12;

HeadSpec head_of(HeadKind kind, std::vector<Transform> transforms) {
  HeadSpec spec = vidclass::testing::small_spec(kind, feature_width, 3);
  spec.transforms = std::move(transforms);
  return spec;
}

const LabelledFeatures nine_clips = vidclass::testing::separable_clips(9, 3, feature_width, 1);

HeadInputs inputs_of(const std::vector<HeadSpec>& heads, std::size_t components = 0,
                     const LabelledFeatures& train = nine_clips) {
  return {train, nine_clips, heads, components, 1, 1, {}, {}};
}

/// The first clip of a batch to look at.
std::vector<float> first_read(const LabelledFeatures& data) {
  const std::size_t first[] = {0};
  const Batch batch = make_batch(data, first);
  return {batch.clips[0]->data<float>().begin(), batch.clips[0]->data<float>().end()};
}

std::vector<float> moments_of_first(const HeadSpec& head) {
  const Tensor moments = moments_over_time(*nine_clips.clips->features(0), head);
  return {moments.data<float>().begin(), moments.data<float>().end()};
}

TEST(HeadInputs, OfAGruAreTheFeatures) {
  const HeadSpec gru = head_of(HeadKind::gru, {Transform::plain});
  EXPECT_EQ(inputs_of({gru}).of(gru).train.clips, nine_clips.clips);
}

TEST(HeadInputs, OfAGruAlongAxesAreAsManyValuesAsThereAreAxes) {
  const HeadSpec gru = head_of(HeadKind::gru, {Transform::plain});
  const HeadInputs inputs = inputs_of({gru}, 4);
  EXPECT_EQ(inputs.trained(gru).features, 4U);
  EXPECT_EQ(inputs.of(gru).train.clips->features(0)->dim(1), 4U);
  EXPECT_EQ(inputs.of(gru).validation.clips->features(0)->dim(1), 4U);
}

TEST(HeadInputs, OfMomentsAlongAxesAreMomentsOfWhatLiesAlongThem) {
  const HeadSpec moments = head_of(HeadKind::moments, {Transform::centred});
  const HeadInputs inputs = inputs_of({moments}, 4);
  EXPECT_EQ(inputs.of(moments).train.clips->features(0)->dim(1), 4U * 4);  // moments, axes
}

TEST(HeadInputs, GiveFinishedHeadsTheirAxes) {
  const HeadSpec gru = head_of(HeadKind::gru, {Transform::plain});
  const HeadInputs inputs = inputs_of({gru}, 4);
  const head::Head trained = vidclass::testing::made_up_head(inputs.trained(gru));
  const head::Head finished = inputs.finished(trained.parameters, gru);
  EXPECT_EQ(finished.spec.features, feature_width);
  EXPECT_EQ(finished.spec.axes, 4U);
  EXPECT_NO_THROW(head::check(finished));
}

TEST(HeadInputs, OfAKerasGruAreTheFeaturesWhateverTheAxes) {
  const HeadSpec keras = head_of(HeadKind::keras_gru, {});
  const HeadInputs inputs = inputs_of({keras}, 4);
  EXPECT_EQ(inputs.trained(keras).features, feature_width);
  EXPECT_EQ(inputs.of(keras).train.clips, nine_clips.clips);
}

TEST(HeadInputs, OfMomentsAreEachHeadsOwn) {
  const HeadSpec some = head_of(HeadKind::moments, {Transform::centred});
  const HeadSpec others = head_of(HeadKind::moments, {Transform::plain});
  const HeadInputs inputs = inputs_of({some, others});
  EXPECT_EQ(first_read(inputs.of(some).train), moments_of_first(some));
  EXPECT_EQ(first_read(inputs.of(others).train), moments_of_first(others));
}

TEST(HeadInputs, OfMomentsAreMadeOfTheFramesThatAreDrawn) {
  const HeadSpec moments = head_of(HeadKind::moments, {Transform::plain});
  LabelledFeatures drawn = nine_clips;
  drawn.frames_drawn = 1;
  const HeadInputs inputs = inputs_of({moments}, 0, drawn);
  const HeadInput input = inputs.of(moments);
  const std::size_t longest[] = {8};
  ASSERT_GT(nine_clips.clips->features(8)->dim(0), 2U);
  const auto all = make_batch(inputs_of({moments}).of(moments).train, longest).clips[0];
  EXPECT_NE(make_batch(input.train, longest).clips[0]->data<float>()[0], all->data<float>()[0]);
}

TEST(HeadInputs, OfAMeanAreOneFrameAClip) {
  const HeadSpec mean = head_of(HeadKind::mean, {});
  EXPECT_EQ(inputs_of({mean}).of(mean).train.clips->features(5)->dim(0), 1U);
}

TEST(HeadInputs, HoldTheAugmentedClipsAsWell) {
  const HeadSpec moments = head_of(HeadKind::moments, {Transform::plain});
  LabelledFeatures with_augmented = nine_clips;
  with_augmented.augmented =
      static_cast<LabelledFeatures>(vidclass::testing::separable_clips(9, 3, feature_width, 2))
          .clips;
  const HeadInput input = inputs_of({moments}, 0, with_augmented).of(moments);
  const Tensor expected = moments_over_time(*with_augmented.augmented->features(3), moments);
  EXPECT_EQ(input.train.augmented->features(3)->data<float>()[0], expected.data<float>()[0]);
}

}  // namespace
}  // namespace vidclass::train

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "head/runner.hpp"
#include "support/head_fixtures.hpp"
#include "support/made_up_clips.hpp"
#include "train/principal_axes.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::Transform;
using vidclass::testing::MadeUpClips;

// Twelve values of the last map and eight of the one in the middle, twice.
const HeadSpec of_two_maps{.kind = HeadKind::gru,
                           .features = 12,
                           .middle = 8,
                           .poolings = 2,
                           .labels = 3,
                           .transforms = {Transform::plain, Transform::centred_motion,
                                          Transform::middle_contrast, Transform::middle_centred},
                           .projection = 16,
                           .hidden = 16};
constexpr std::size_t axis_count = 5;

MadeUpClips forty_clips() {
  return vidclass::testing::separable_clips(40, 3, head::input_width(of_two_maps), 1);
}

PrincipalAxes axes_of(const LabelledFeatures& data, int threads = 1) {
  return find_axes(data, of_two_maps, axis_count, 7, threads);
}

TEST(PrincipalAxes, AreOrthonormal) {
  const PrincipalAxes axes = axes_of(forty_clips());
  for (const Tensor* of_map : {&axes.last, &axes.middle}) {
    ASSERT_EQ(of_map->dim(1), axis_count);
    for (std::size_t a = 0; a < axis_count; ++a) {
      for (std::size_t b = 0; b < axis_count; ++b) {
        double product = 0;
        for (std::size_t d = 0; d < of_map->dim(0); ++d) {
          product += static_cast<double>(of_map->data<float>()[d * axis_count + a]) *
                     of_map->data<float>()[d * axis_count + b];
        }
        EXPECT_NEAR(product, a == b ? 1 : 0, 1e-5) << a << " and " << b;
      }
    }
  }
}

TEST(PrincipalAxes, SpanWhatVaries) {
  // All that differs from frame to frame and clip to clip is in the first three values of a map.
  MadeUpClips data = forty_clips();
  for (Tensor& clip : data.clips) {
    for (std::size_t i = 0; i < clip.size(); ++i) {
      const std::size_t place = i % head::input_width(of_two_maps);
      const std::size_t value = place < 24 ? place % 12 : (place - 24) % 8;
      if (value >= 3) clip.data<float>()[i] = 0.25F;
    }
  }
  const PrincipalAxes axes = find_axes(data, of_two_maps, 3, 7, 1);
  for (const Tensor* of_map : {&axes.last, &axes.middle}) {
    for (std::size_t d = 0; d < of_map->dim(0); ++d) {
      double length = 0;  // of the value's own direction along the axes
      for (std::size_t c = 0; c < 3; ++c) {
        length += std::pow(static_cast<double>(of_map->data<float>()[d * 3 + c]), 2);
      }
      EXPECT_NEAR(length, d < 3 ? 1 : 0, 1e-4) << d;
    }
  }
}

TEST(PrincipalAxes, AreTheSameBitForBitOnAnyNumberOfThreads) {
  const MadeUpClips data = forty_clips();
  const PrincipalAxes alone = axes_of(data, 1), together = axes_of(data, 3);
  EXPECT_TRUE(std::equal(alone.last.bytes().begin(), alone.last.bytes().end(),
                         together.last.bytes().begin()));
}

TEST(PrincipalAxes, AreNoMoreThanAMapHasValues) {
  const PrincipalAxes axes = find_axes(forty_clips(), of_two_maps, 100, 7, 1);
  EXPECT_EQ(axes.last.shape(), (Shape{12, 12}));
  EXPECT_EQ(axes.middle.shape(), (Shape{8, 8}));
}

TEST(PrincipalAxes, OfClipsThatAreAllAlikeAreFinite) {
  MadeUpClips data = forty_clips();
  for (Tensor& clip : data.clips)
    std::fill(clip.data<float>().begin(), clip.data<float>().end(), 1.0F);
  const PrincipalAxes axes = axes_of(data);
  for (const float value : axes.last.data<float>()) EXPECT_TRUE(std::isfinite(value));
}

TEST(PrincipalAxes, CountWhatChangesWithinClipsLikeWhatDiffersBetweenThem) {
  // The first value tells clips apart, a hundred times stronger than the second changes within.
  MadeUpClips data = forty_clips();
  const HeadSpec one_map{
      .kind = HeadKind::gru, .features = head::input_width(of_two_maps), .labels = 3};
  for (std::size_t i = 0; i < data.clips.size(); ++i) {
    Tensor& clip = data.clips[i];
    for (std::size_t t = 0; t < clip.dim(0); ++t) {
      float* frame = clip.data<float>().data() + t * clip.dim(1);
      std::fill_n(frame, clip.dim(1), 0.0F);
      frame[0] = static_cast<float>(i);
      frame[1] = t % 2 == 0 ? 0.1F : -0.1F;
    }
  }
  const PrincipalAxes axes = find_axes(data, one_map, 2, 7, 1);
  for (std::size_t d = 0; d < 2; ++d) {
    EXPECT_NEAR(std::hypot(axes.last.data<float>()[2 * d], axes.last.data<float>()[2 * d + 1]), 1,
                1e-3);
  }
}

class HeadAlongAxes : public ::testing::TestWithParam<HeadKind> {};

TEST_P(HeadAlongAxes, GivesTheProbabilitiesOfOneThatReadsWhatLiesAlongThem) {
  const MadeUpClips data = forty_clips();
  const PrincipalAxes axes = axes_of(data);
  HeadSpec spec = of_two_maps;
  spec.kind = GetParam();
  const head::Head along = vidclass::testing::made_up_head(along_axes(spec, axes));
  const AlongAxes project(axes, of_two_maps);
  std::vector<Tensor> clips_along;
  for (const Tensor& clip : data.clips) clips_along.push_back(project(clip));

  head::Head whole{spec, along.parameters};
  whole.spec.axes = whole.spec.middle_axes = axis_count;
  whole.parameters["axes/last"] = axes.last;
  whole.parameters["axes/middle"] = axes.middle;
  const Tensor expected = head::HeadRunner({along}).probabilities(clips_along);
  const Tensor given = head::HeadRunner({whole}).probabilities(data.clips);
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], 1e-5) << "at " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, HeadAlongAxes, ::testing::Values(HeadKind::gru, HeadKind::moments),
                         [](const auto& tested) {
                           return std::string(head::to_string(tested.param));
                         });

}  // namespace
}  // namespace vidclass::train

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <vector>

#include "backbone/feature_pipeline.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t frame_side = 64;

Tensor frames_from(std::size_t first, std::size_t count) {
  std::vector<std::uint8_t> pixels(count * frame_side * frame_side * 3);
  std::size_t i = 0;
  for (std::size_t f = first; f < first + count; ++f) {
    for (std::size_t p = 0; p < frame_side * frame_side * 3; ++p) {
      pixels[i++] = static_cast<std::uint8_t>((p * (f + 3) + p / 97 * f) % 251);
    }
  }
  return Tensor::from<std::uint8_t>({count, frame_side, frame_side, 3}, pixels);
}

Backbone mini(Load load) {
  BackboneOptions options;
  options.name = "mini";
  options.precision = Precision::f32;
  return Backbone(PreparedBackbone(options), load);
}

std::vector<float> values(const Tensor& tensor) {
  const auto data = tensor.data<float>();
  return {data.begin(), data.end()};
}

class FeaturePipelineOf : public ::testing::TestWithParam<Load> {};

TEST_P(FeaturePipelineOf, ManyClipsGivesEachTheFeaturesThatItHasAlone) {
  const std::vector<std::size_t> lengths{3, 1, 7, 4, 2, 20, 5};
  Backbone network = mini(GetParam());
  std::map<std::size_t, std::vector<float>> alone;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    alone[i] = values(network.features(frames_from(10 * i, lengths[i])));
  }
  std::map<std::size_t, std::vector<float>> together;
  FeaturePipeline pipeline(network);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    pipeline.push(i, frames_from(10 * i, lengths[i]));
    while (auto done = pipeline.pop()) together[done->id] = values(done->features.avg);
  }
  while (auto done = pipeline.wait()) together[done->id] = values(done->features.avg);
  EXPECT_EQ(together, alone);
}

TEST_P(FeaturePipelineOf, RepeatedFramesGivesEachItsFeatures) {
  Backbone network = mini(GetParam());
  const Tensor one = frames_from(1, 1);
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 3; ++i) {
    const auto data = one.data<std::uint8_t>();
    pixels.insert(pixels.end(), data.begin(), data.end());
  }
  const auto all =
      values(network.features(Tensor::from<std::uint8_t>({3, frame_side, frame_side, 3}, pixels)));
  const auto first = values(network.features(one));
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], first[i % first.size()]);
}

TEST_P(FeaturePipelineOf, MayBeLeftWithFramesUnderWay) {
  Backbone network = mini(GetParam());
  const auto expected = values(network.features(frames_from(0, 2)));
  { FeaturePipeline(network).push(0, frames_from(5, 9)); }
  EXPECT_EQ(values(network.features(frames_from(0, 2))), expected);
}

TEST_P(FeaturePipelineOf, NothingHasNothingToWaitFor) {
  Backbone network = mini(GetParam());
  EXPECT_FALSE(FeaturePipeline(network).wait().has_value());
}

INSTANTIATE_TEST_SUITE_P(Loads, FeaturePipelineOf,
                         ::testing::Values(Load::few_frames, Load::many_frames));

TEST(FeaturePipeline, RefusesFramesOfAnotherSize) {
  Backbone network = mini(Load::few_frames);
  FeaturePipeline pipeline(network);
  EXPECT_THROW(pipeline.push(0, Tensor(DType::u8, {1, 32, 32, 3})), Error);
}

}  // namespace
}  // namespace vidclass::backbone

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "support/environment.hpp"
#include "support/npz.hpp"
#include "support/shared_data.hpp"
#include "vidclass/backbone/backbone.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t width = 2048;

/// Ten real frames, and what Keras computes of them.
class XceptionOfKeras : public ::testing::Test {
protected:
  void SetUp() override {
    VIDCLASS_NEED_SHARED_DATA();
    const auto arrays = testing::read_npz(testing::shared_data() / "reference/xception_299.npz");
    const auto& pixels = arrays.at("frames");
    frames = Tensor::from<std::uint8_t>(pixels.shape, pixels.values<std::uint8_t>());
    expected = arrays.at("features").values<float>();
  }

  static std::vector<float> features_of(const Tensor& frames, Precision precision, int batch = 4) {
    const testing::Variable weights("VIDCLASS_WEIGHTS_DIR",
                                    (testing::shared_data() / "weights").string());
    BackboneOptions options;
    options.precision = precision;
    options.batch = batch;
    const Tensor features = Backbone(options).features(frames);
    const auto values = features.data<float>();
    return {values.begin(), values.end()};
  }

  static double cosine(const float* a, const float* b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < width; ++i) {
      ab += static_cast<double>(a[i]) * b[i];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
    }
    return ab / std::sqrt(aa * bb);
  }
  /// Of each frame with Keras's features.
  std::vector<double> cosines(const std::vector<float>& features) const {
    std::vector<double> result;
    for (std::size_t at = 0; at < expected.size(); at += width) {
      result.push_back(cosine(&features.at(at), &expected.at(at)));
    }
    return result;
  }

  Tensor frames;
  std::vector<float> expected;
};

TEST_F(XceptionOfKeras, IsMatchedInF32) {
  const auto features = features_of(frames, Precision::f32);
  ASSERT_EQ(features.size(), expected.size());
  float largest = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    largest = std::max(largest, std::abs(features[i] - expected[i]));
  }
  RecordProperty("largest_difference", std::to_string(largest));
  EXPECT_LE(largest, 1e-3F);
  const auto all = cosines(features);
  EXPECT_GE(*std::min_element(all.begin(), all.end()), 0.999999);
}

TEST_F(XceptionOfKeras, IsNearlyMatchedInBf16) {
  const auto all = cosines(features_of(frames, Precision::bf16));
  const double mean =
      std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  const double least = *std::min_element(all.begin(), all.end());
  RecordProperty("mean_cosine", std::to_string(mean));
  RecordProperty("least_cosine", std::to_string(least));
  EXPECT_GE(mean, 0.9995);
  EXPECT_GE(least, 0.999);
}

TEST_F(XceptionOfKeras, GivesTheAverageAgainForEvenMotion) {
  const testing::Variable weights("VIDCLASS_WEIGHTS_DIR",
                                  (testing::shared_data() / "weights").string());
  BackboneOptions options;
  options.precision = Precision::f32;
  options.motion = true;
  Backbone network(options);
  const auto side = static_cast<std::size_t>(network.info().map_size);
  ASSERT_EQ(side, 10U);
  Tensor even(DType::f32, {frames.dim(0), side, side});
  for (float& weight : even.data<float>()) weight = 0.01F;
  const PooledFeatures pooled = network.pooled_features(frames, even);
  for (std::size_t i = 0; i < pooled.avg.size(); ++i) {
    ASSERT_NEAR(pooled.motion.data<float>()[i], pooled.avg.data<float>()[i], 1e-4F);
  }
}

TEST_F(XceptionOfKeras, DoesNotMindTheBatch) {
  const auto three = features_of(frames, Precision::f32, 3);
  const auto one = features_of(frames, Precision::f32, 1);
  float largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    largest = std::max(largest, std::abs(one[i] - three[i]));
  }
  EXPECT_LE(largest, 1e-4F);
}

TEST_F(XceptionOfKeras, HasTheFingerprintOfItsPublishedValues) {
  const testing::Variable weights("VIDCLASS_WEIGHTS_DIR",
                                  (testing::shared_data() / "weights").string());
  // A new value means other features: every cache and model is then out of date.
  EXPECT_EQ(PreparedBackbone(BackboneOptions()).info().fingerprint,
            "504d867ba30e0a8dd8475c0db551dd57ad4e38c982103f7f246d3f6ba43c4748");
}

TEST_F(XceptionOfKeras, RefusesFramesSmallerThanKerasDoes) {
  BackboneOptions options;
  options.size = 70;
  EXPECT_THROW((void)PreparedBackbone(options).info(), UsageError);
}

}  // namespace
}  // namespace vidclass::backbone

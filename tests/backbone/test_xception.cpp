#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "backbone/backbone.hpp"
#include "support/environment.hpp"
#include "support/npz.hpp"
#include "support/shared_data.hpp"
#include "vidclass/error.hpp"

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

class MiddleOfXception : public XceptionOfKeras {
protected:
  static BackboneOptions options() {
    BackboneOptions options;
    options.precision = Precision::f32;
    options.motion = true;
    options.middle = true;
    return options;
  }
  /// One weight of 1 a frame, at the same place.
  Tensor maps_at(std::size_t place, std::size_t side) const {
    Tensor maps(DType::f32, {frames.dim(0), side, side});
    for (std::size_t n = 0; n < frames.dim(0); ++n) {
      maps.data<float>()[n * side * side + place] = 1;
    }
    return maps;
  }

  testing::Variable weights_{"VIDCLASS_WEIGHTS_DIR", (testing::shared_data() / "weights").string()};
};

TEST_F(MiddleOfXception, GivesTheAveragesAgainForEvenMotion) {
  Backbone network(options());
  const auto side = static_cast<std::size_t>(network.info().motion_map_size);
  ASSERT_EQ(side, 19U);
  ASSERT_EQ(network.info().middle_size, 728U);
  Tensor even(DType::f32, {frames.dim(0), side, side});
  for (float& weight : even.data<float>()) weight = 1.0F / 361.0F;
  const PooledFeatures pooled = network.pooled_features(frames, even);
  ASSERT_EQ(pooled.middle.shape(), (Shape{frames.dim(0), 728}));
  for (std::size_t i = 0; i < pooled.avg.size(); ++i) {
    ASSERT_NEAR(pooled.motion.data<float>()[i], pooled.avg.data<float>()[i], 1e-4F);
  }
  for (std::size_t i = 0; i < pooled.middle.size(); ++i) {
    ASSERT_NEAR(pooled.middle_motion.data<float>()[i], pooled.middle.data<float>()[i], 1e-4F);
  }
}

TEST_F(MiddleOfXception, LeavesTheAverageOfTheLastMapAsItIs) {
  BackboneOptions plain = options();
  plain.motion = plain.middle = false;
  const Tensor without = Backbone(plain).features(frames);
  const Tensor given = Backbone(options()).features(frames);
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], without.data<float>()[i], 1e-5F);
  }
}

TEST_F(MiddleOfXception, HasCellsThatSumToItsAverageAndThatMotionPicksOut) {
  BackboneOptions with_cells = options();
  with_cells.cells = true;
  Backbone network(with_cells);
  constexpr std::size_t place = 19 * 7 + 4;
  const PooledFeatures pooled = network.pooled_features(frames, maps_at(place, 19));
  const CellFeatures cells = network.cell_features(frames);
  ASSERT_EQ(cells.middle.shape(), (Shape{frames.dim(0), 361, 728}));
  for (std::size_t d = 0; d < 728; ++d) {
    double sum = 0;
    for (std::size_t cell = 0; cell < 361; ++cell) {
      sum += static_cast<double>(cells.middle.data<float>()[cell * 728 + d]);
    }
    ASSERT_NEAR(sum, pooled.middle.data<float>()[d], 1e-3);
    ASSERT_NEAR(cells.middle.data<float>()[place * 728 + d] * 361,
                pooled.middle_motion.data<float>()[d], 1e-3F);
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

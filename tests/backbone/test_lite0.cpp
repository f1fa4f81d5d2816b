#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "backbone/backbone.hpp"
#include "backbone/calibration.hpp"
#include "backbone/cosine.hpp"
#include "backbone/noise.hpp"
#include "support/files.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

BackboneOptions lite0_options(int size = 0) {
  BackboneOptions options;
  options.name = "lite0";
  options.size = size;
  options.precision = Precision::f32;
  return options;
}

double sum_of(const Tensor& tensor) {
  const auto values = tensor.data<float>();
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Each value times its place.
double weighted_sum_of(const Tensor& tensor) {
  double sum = 0;
  double place = 0;
  for (const float value : tensor.data<float>()) sum += value * place++;
  return sum;
}

TEST(Lite0, DescribesItself) {
  BackboneOptions options = lite0_options();
  options.middle = true;
  const BackboneInfo info = PreparedBackbone(options).info();
  EXPECT_EQ(info.name, "lite0");
  EXPECT_EQ(info.size, 224);
  EXPECT_EQ(info.feature_size, 1280U);
  EXPECT_EQ(info.map_size, 7);
  EXPECT_EQ(info.middle_size, 672U);
  EXPECT_EQ(info.motion_map_size, 14);
}

TEST(Lite0, KeepsItsFingerprint) {
  // A new value means other features: every cache and model is then out of date.
  EXPECT_EQ(PreparedBackbone(lite0_options()).info().fingerprint,
            "d5162a0dd311bcd3dab9a8478645d7156823c6edcf4afc89bbc25c79ca6caf36");
}

struct Expected {
  int size;
  double sum, weighted, middle_sum, middle_weighted;
};

class FeaturesOfLite0 : public ::testing::TestWithParam<Expected> {};

/// The sums come from PyTorch 2 with the modules of the package efficientnet-lite-pytorch 0.1.0,
/// frames (pixel - 127) / 128, borders padded as TensorFlow pads them.
TEST_P(FeaturesOfLite0, AreThoseOfPyTorch) {
  const Expected& expected = GetParam();
  BackboneOptions options = lite0_options(expected.size);
  options.motion = options.middle = true;
  Backbone network(options);
  const auto side = static_cast<std::size_t>(network.info().motion_map_size);
  Tensor even(DType::f32, {1, side, side});
  std::fill_n(even.data<float>().data(), side * side, 1.0F / static_cast<float>(side * side));
  const auto features =
      network.pooled_features(noise(1, static_cast<std::size_t>(expected.size)), even);
  EXPECT_NEAR(sum_of(features.avg), expected.sum, 1e-3);
  EXPECT_NEAR(weighted_sum_of(features.avg), expected.weighted, 0.5);
  EXPECT_NEAR(sum_of(features.middle), expected.middle_sum, 1e-3);
  EXPECT_NEAR(weighted_sum_of(features.middle), expected.middle_weighted, 0.5);
  // An even motion map gives the average of the map in the middle again.
  EXPECT_NEAR(weighted_sum_of(features.middle_motion), expected.middle_weighted, 0.5);
}
INSTANTIATE_TEST_SUITE_P(
    Each, FeaturesOfLite0,
    ::testing::Values(Expected{224, 143.404632, 93332.9449, 90.120527, 30204.0414},
                      Expected{97, 169.565587, 111292.8050, 118.019624, 39781.7596},
                      Expected{64, 276.764539, 180949.8115, 141.212693, 47976.2666}));

TEST(Lite0, CellsSumToTheFeatures) {
  BackboneOptions options = lite0_options(96);
  options.middle = options.cells = true;
  Backbone network(options);
  const Tensor frames = noise(1, 96);
  const CellFeatures cells = network.cell_features(frames);
  EXPECT_EQ(cells.last.shape(), (Shape{1, 9, 1280}));
  EXPECT_EQ(cells.middle.shape(), (Shape{1, 36, 672}));
  EXPECT_NEAR(sum_of(cells.last), sum_of(network.features(frames)), 1e-2);
}

TEST(Lite0, DoesNotMindTheNumberOfThreads) {
  BackboneOptions one = lite0_options(96);
  one.threads = 1;
  const Tensor frames = noise(3, 96);
  const Tensor a = Backbone(one).features(frames);
  const Tensor b = Backbone(lite0_options(96)).features(frames);
  EXPECT_GT(cosine(a, b), 0.999999);
}

TEST(Lite0, RunsInInt8OnceCalibrated) {
  const Tensor frames = noise(6, 224);
  BackboneOptions options = lite0_options();
  options.precision = Precision::int8;
  PreparedBackbone prepared(options);
  ASSERT_TRUE(prepared.needs_calibration());
  prepared.set_calibration(std::make_shared<const Calibration>(calibrate(prepared, frames)));
  const Tensor exact = Backbone(lite0_options()).features(frames);
  const Tensor quick = Backbone(prepared).features(frames);
  EXPECT_GT(cosine(quick, exact), 0.97);
}

TEST(Lite0, OfASizeOutOfRangeIsAUsageError) {
  for (const int size : {-1, 31, 2049}) {
    EXPECT_TRUE(testing::has(
        testing::message_of<UsageError>([&] { (void)PreparedBackbone(lite0_options(size)); }),
        "choose 32 to 2048 pixels"))
        << size;
  }
}

TEST(Lite0, CannotBeFineTuned) {
  BackboneOptions options = lite0_options();
  options.tuned = std::make_shared<const NamedTensors>();
  EXPECT_TRUE(
      testing::has(testing::message_of<UsageError>([&] { (void)PreparedBackbone(options); }),
                   "choose xception"));
}

}  // namespace
}  // namespace vidclass::backbone

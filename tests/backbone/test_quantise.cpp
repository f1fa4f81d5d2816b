#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/fake_quantize.hpp>

#include "backbone/calibration.hpp"
#include "backbone/cosine.hpp"
#include "backbone/feature_pipeline.hpp"
#include "backbone/known_network.hpp"
#include "backbone/quantise.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t quantised_side = 64;

/// Frames with something in them, each another.
Tensor made_up_frames(std::size_t count) {
  std::vector<std::uint8_t> pixels;
  for (std::size_t f = 0; f < count; ++f) {
    for (std::size_t y = 0; y < quantised_side; ++y) {
      for (std::size_t x = 0; x < quantised_side; ++x) {
        for (std::size_t c = 0; c < 3; ++c) {
          const double wave = std::sin(0.1 * static_cast<double>((f + 1) * x + c * y + 5 * f));
          pixels.push_back(static_cast<std::uint8_t>(128 + 120 * wave));
        }
      }
    }
  }
  return Tensor::from<std::uint8_t>({count, quantised_side, quantised_side, 3}, pixels);
}

BackboneOptions mini(Precision precision) {
  BackboneOptions options;
  options.name = "mini";
  options.precision = precision;
  return options;
}

std::shared_ptr<const Calibration> calibrated() {
  return std::make_shared<const Calibration>(
      calibrate(PreparedBackbone(mini(Precision::int8)), made_up_frames(8)));
}

TEST(Int8, ComputesNearlyTheFeaturesOfF32) {
  auto options = mini(Precision::int8);
  options.calibration = calibrated();
  const Tensor frames = made_up_frames(12);
  EXPECT_GT(
      cosine(Backbone(options).features(frames), Backbone(mini(Precision::f32)).features(frames)),
      0.999);
}

TEST(Int8, WithoutACalibrationIsAnErrorThatSaysWhatToDo) {
  PreparedBackbone prepared(mini(Precision::int8));
  EXPECT_TRUE(prepared.needs_calibration());
  try {
    (void)Backbone(prepared);
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("backbone quantise"), std::string::npos);
  }
}

TEST(Int8, FindsTheCalibrationThatIsKept) {
  const testing::TempDir dir;
  auto options = mini(Precision::int8);
  options.calibration_dir = dir.path();
  EXPECT_TRUE(PreparedBackbone(options).needs_calibration());
  write(calibration_path(dir.path(), PreparedBackbone(options).info()), *calibrated());
  const PreparedBackbone prepared(options);
  EXPECT_FALSE(prepared.needs_calibration());
  EXPECT_NE(prepared.info().arithmetic.find(digest(*calibrated())), std::string::npos);
}

TEST(Int8, IsTheSameNetworkAsF32ButOfAnotherArithmetic) {
  auto options = mini(Precision::int8);
  options.calibration = calibrated();
  const PreparedBackbone quick(options);
  const PreparedBackbone exact(mini(Precision::f32));
  EXPECT_EQ(quick.info().fingerprint, exact.info().fingerprint);
  EXPECT_NE(quick.info().arithmetic, exact.info().arithmetic);
}

TEST(Int8, RefusesTheCalibrationOfAnotherFrameSize) {
  auto options = mini(Precision::int8);
  options.size = 96;
  options.calibration = calibrated();
  EXPECT_THROW((void)PreparedBackbone(options), Error);
}

TEST(Int8, RefusesACalibrationWithMissingRanges) {
  auto damaged = *calibrated();
  damaged.ranges.clear();
  auto options = mini(Precision::int8);
  options.calibration = std::make_shared<const Calibration>(damaged);
  EXPECT_THROW((void)Backbone(PreparedBackbone(options)), Error);
}

/// The greatest whole number that a weight of the quantised graph is.
double greatest_weight(int bits) {
  const auto model = backbone::mini.build({}, 1, quantised_side, {});
  quantise(*model, *calibrated(), bits);
  double greatest = 0;
  for (const auto& node : model->get_ops()) {
    const auto fake = ov::as_type_ptr<ov::op::v0::FakeQuantize>(node);
    if (!fake) continue;
    const auto weights = ov::as_type_ptr<ov::op::v0::Constant>(fake->get_input_node_shared_ptr(0));
    if (!weights) continue;
    const auto high = ov::as_type_ptr<ov::op::v0::Constant>(fake->get_input_node_shared_ptr(2))
                          ->cast_vector<float>();
    const auto values = weights->cast_vector<float>();
    const std::size_t each = values.size() / high.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      greatest = std::max(greatest, std::abs(values[i]) / high[i / each] * 127.0);
    }
  }
  return greatest;
}

TEST(Int8, UsesTheWholeRangeOfWeightsWhereProductsAreSummedIn32Bits) {
  EXPECT_NEAR(greatest_weight(8), 127, 1e-3);
}

TEST(Int8, KeepsWeightsToSevenBitsWherePairsAreSummedIn16Bits) {
  EXPECT_NEAR(greatest_weight(7), 63, 1e-3);
}

TEST(Calibration, IsReadBackAsWritten) {
  const testing::TempDir dir;
  const auto calibration = calibrated();
  write(dir.path() / "c.safetensors", *calibration);
  const Calibration read = read_calibration(dir.path() / "c.safetensors");
  EXPECT_EQ(read.size, calibration->size);
  EXPECT_EQ(read.frames, calibration->frames);
  EXPECT_EQ(digest(read), digest(*calibration));
}

TEST(Calibration, OfTheSameFramesIsTheSame) {
  EXPECT_EQ(digest(*calibrated()), digest(*calibrated()));
}

TEST(Calibration, NeedsFrames) {
  EXPECT_THROW((void)calibrate(PreparedBackbone(mini(Precision::int8)), made_up_frames(0)), Error);
}

TEST(Calibration, CanBeCancelled) {
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW(
      (void)calibrate(PreparedBackbone(mini(Precision::int8)), made_up_frames(2), {}, cancel),
      Cancelled);
}

}  // namespace
}  // namespace vidclass::backbone

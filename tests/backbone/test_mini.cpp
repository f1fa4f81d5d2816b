#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "backbone/backbone.hpp"
#include "backbone/noise.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t grid = 4;
constexpr std::size_t map_cells = grid * grid;
constexpr std::size_t orientations = 4;
constexpr std::size_t first_edge_map = 8;  // after three colours and a spot, with negatives

BackboneOptions mini(int size = 0) {
  BackboneOptions options;
  options.name = "mini";
  options.size = size;
  options.precision = Precision::f32;
  return options;
}

Tensor flat(std::size_t side, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  Tensor frames(DType::u8, {1, side, side, 3});
  const auto values = frames.data<std::uint8_t>();
  for (std::size_t i = 0; i < values.size(); i += 3) {
    values[i] = red;
    values[i + 1] = green;
    values[i + 2] = blue;
  }
  return frames;
}

std::vector<float> features_of(const Tensor& frames, const BackboneOptions& options = mini()) {
  Backbone network(options);
  const Tensor features = network.features(frames);
  const auto values = features.data<float>();
  return {values.begin(), values.end()};
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = a.size() == b.size() ? 0.0F : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

TEST(Mini, DescribesItselfWithoutBeingCompiled) {
  const BackboneInfo info = PreparedBackbone(mini()).info();
  EXPECT_EQ(info.name, "mini");
  EXPECT_EQ(info.feature_size, 256U);
  EXPECT_EQ(info.size, 64);
  EXPECT_EQ(info.precision, Precision::f32);
}

TEST(Mini, DescribesItselfAsItIsWhenCompiled) {
  EXPECT_EQ(PreparedBackbone(mini()).info().fingerprint, Backbone(mini()).info().fingerprint);
}

TEST(Mini, KeepsItsFingerprint) {
  // A new value means other features: every cache and model is then out of date.
  EXPECT_EQ(PreparedBackbone(mini()).info().fingerprint,
            "5e89965dc51902deff1cf854bb10f4df9657d19b719939e6bde4ec90f3fe1304");
}

TEST(Mini, GivesTheSameNumbersEachTime) {
  const Tensor frames = noise(3, 64);
  EXPECT_EQ(features_of(frames), features_of(frames));
}

TEST(Mini, GivesFiniteNumbersThatAreNotNegative) {
  for (const float value : features_of(noise(2, 64))) {
    EXPECT_TRUE(std::isfinite(value) && value >= 0) << value;
  }
}

/// The sums come from a plain loop in double precision over the same kernels.
TEST(Mini, GivesTheNumbersThatPlainArithmeticGives) {
  const auto features = features_of(noise(1, 64));
  double sum = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    sum += features[i];
    weighted += static_cast<double>(i) * features[i];
  }
  EXPECT_NEAR(sum, 9.83814, 1e-4);
  EXPECT_NEAR(weighted, 1301.1316, 1e-2);
}

TEST(Mini, SeesNoEdgesInsideAFlatFrame) {
  const auto features = features_of(flat(64, 200, 100, 50));
  // The inner cells, away from the padding at the frame's border.
  for (std::size_t map = 6; map < 16; ++map) {
    for (const std::size_t cell : {5, 6, 9, 10}) {
      EXPECT_NEAR(features[map * map_cells + cell], 0, 1e-5) << "map " << map << " cell " << cell;
    }
  }
}

TEST(Mini, MeasuresTheBrightnessOfAFlatFrame) {
  const auto white = features_of(flat(64, 255, 255, 255));
  EXPECT_NEAR(white[5], 1, 1e-5);
  const auto black = features_of(flat(64, 0, 0, 0));
  EXPECT_NEAR(black[map_cells + 5], 1, 1e-5);
}

TEST(Mini, TellsRedFromGreen) {
  const std::size_t red_green = 2 * map_cells + 5;
  EXPECT_GT(features_of(flat(64, 255, 0, 0))[red_green], 0.1F);
  EXPECT_EQ(features_of(flat(64, 0, 255, 0))[red_green], 0);
}

TEST(Mini, MirrorsTheColoursOfAMirroredFrame) {
  constexpr std::size_t side = 64;
  const Tensor frames = noise(1, side);
  Tensor mirrored = frames;
  const auto source = frames.data<std::uint8_t>();
  const auto target = mirrored.data<std::uint8_t>();
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      std::copy_n(source.begin() + static_cast<std::ptrdiff_t>((y * side + x) * 3), 3,
                  target.begin() + static_cast<std::ptrdiff_t>((y * side + side - 1 - x) * 3));
    }
  }
  // A stride of 2 reads the odd columns of one frame and the even of the other,
  // which evens out over a cell up to the noise.
  const auto plain = features_of(frames);
  const auto turned = features_of(mirrored);
  for (std::size_t row = 0; row < grid; ++row) {
    for (std::size_t column = 0; column < grid; ++column) {
      EXPECT_NEAR(turned[row * grid + column], plain[row * grid + grid - 1 - column], 0.02);
    }
  }
}

TEST(Mini, TellsAVerticalEdgeFromAHorizontalOne) {
  constexpr std::size_t side = 64;
  Tensor vertical(DType::u8, {1, side, side, 3});
  Tensor horizontal(DType::u8, {1, side, side, 3});
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at = (y * side + x) * 3 + c;
        // The edge lies in the middle of the second cell.
        vertical.data<std::uint8_t>()[at] = x < 24 ? 0 : 255;
        horizontal.data<std::uint8_t>()[at] = y < 24 ? 0 : 255;
      }
    }
  }
  const auto response = [](const std::vector<float>& features, std::size_t orientation) {
    const std::size_t map = first_edge_map + 2 * orientation;
    return features[map * map_cells + 5] + features[(map + 1) * map_cells + 5];
  };
  const auto v = features_of(vertical);
  const auto h = features_of(horizontal);
  EXPECT_GT(response(v, 0), 5 * response(v, orientations / 2));
  EXPECT_GT(response(h, orientations / 2), 5 * response(h, 0));
}

TEST(Mini, DoesNotMindTheBatch) {
  const Tensor frames = noise(7, 64);
  auto options = mini();
  options.batch = 1;
  const auto expected = features_of(frames, options);
  for (const int batch : {2, 3, 7, 10}) {
    options.batch = batch;
    EXPECT_LE(largest_difference(features_of(frames, options), expected), 1e-6F)
        << "batch " << batch;
  }
}

TEST(Mini, DoesNotMindTheOtherFrames) {
  const Tensor three = noise(3, 64);
  Tensor last(DType::u8, {1, 64, 64, 3});
  const auto source = three.data<std::uint8_t>();
  std::copy(source.end() - static_cast<std::ptrdiff_t>(last.size()), source.end(),
            last.data<std::uint8_t>().begin());
  const auto together = features_of(three);
  const auto alone = features_of(last);
  EXPECT_LE(largest_difference({together.end() - 256, together.end()}, alone), 1e-6F);
}

TEST(Mini, DoesNotMindTheNumberOfThreads) {
  const Tensor frames = noise(4, 64);
  auto options = mini();
  options.threads = 1;
  EXPECT_LE(largest_difference(features_of(frames, options), features_of(frames)), 1e-6F);
}

TEST(Mini, GivesNothingOfNoFrames) {
  Backbone network(mini());
  EXPECT_EQ(network.features(Tensor(DType::u8, {0, 64, 64, 3})).shape(), (Shape{0, 256}));
}

TEST(Mini, TakesOtherSizes) {
  for (const int size : {32, 65, 299}) {
    const auto side = static_cast<std::size_t>(size);
    EXPECT_EQ(features_of(noise(1, side), mini(size)).size(), 256U) << size;
  }
}

TEST(Mini, ComputesTheSameFromItsCompiledCache) {
  const testing::TempDir dir;
  auto options = mini();
  options.compiled_cache = dir / "compiled";
  const Tensor frames = noise(1, 64);
  const auto first = features_of(frames, options);
  EXPECT_EQ(features_of(frames, options), first);
}

class FramesOfWrongShape : public ::testing::TestWithParam<Shape> {};

TEST_P(FramesOfWrongShape, AreAnError) {
  Backbone network(mini());
  EXPECT_THROW((void)network.features(Tensor(DType::u8, GetParam())), Error);
}

INSTANTIATE_TEST_SUITE_P(Each, FramesOfWrongShape,
                         ::testing::Values(Shape{64, 64, 3}, Shape{1, 64, 64, 4},
                                           Shape{1, 64, 65, 3}, Shape{1, 65, 64, 3},
                                           Shape{1, 3, 64, 64}, Shape{1, 64, 64, 3, 1}));

TEST(Backbone, TakesBytesOnly) {
  Backbone network(mini());
  EXPECT_THROW((void)network.features(Tensor(DType::f32, {1, 64, 64, 3})), Error);
}

class SizeOutOfRange : public ::testing::TestWithParam<int> {};

TEST_P(SizeOutOfRange, IsAUsageError) {
  EXPECT_THROW((void)PreparedBackbone(mini(GetParam())).info(), UsageError);
}

INSTANTIATE_TEST_SUITE_P(Each, SizeOutOfRange, ::testing::Values(-1, 1, 31, 2049));

TEST(Backbone, OfAnUnknownNameIsAUsageErrorNamingTheKnown) {
  auto options = mini();
  options.name = "resnet";
  try {
    (void)PreparedBackbone(options).info();
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("xception, lite0, mini or a file"), std::string::npos);
  }
}

TEST(Backbone, OfABatchBelowNoneIsAUsageError) {
  auto options = mini();
  options.batch = -1;
  EXPECT_THROW(Backbone{options}, UsageError);
}

TEST(Backbone, IsListedByItsName) {
  for (const KnownBackbone& known : known_backbones()) {
    EXPECT_EQ(find_backbone(known.name).feature_size, known.feature_size);
  }
}

Tensor even_maps(std::size_t count) {
  Tensor maps(DType::f32, {count, grid, grid});
  for (float& weight : maps.data<float>()) weight = 1.0F / map_cells;
  return maps;
}

BackboneOptions mini_with_motion() {
  BackboneOptions options = mini();
  options.motion = true;
  return options;
}

TEST(MiniWithMotion, GivesTheAverageForAnEvenMap) {
  Backbone network(mini_with_motion());
  const PooledFeatures pooled = network.pooled_features(noise(3, 64), even_maps(3));
  for (std::size_t i = 0; i < pooled.avg.size(); ++i) {
    ASSERT_NEAR(pooled.motion.data<float>()[i], pooled.avg.data<float>()[i], 1e-6F);
  }
}

TEST(MiniWithMotion, LeavesTheAverageAsItIs) {
  Backbone network(mini_with_motion());
  const Tensor frames = noise(5, 64);
  const Tensor avg = network.pooled_features(frames, even_maps(5)).avg;
  const auto values = avg.data<float>();
  EXPECT_EQ(std::vector<float>(values.begin(), values.end()), features_of(frames));
}

TEST(MiniWithMotion, RefusesMapsOfAnotherShape) {
  Backbone network(mini_with_motion());
  EXPECT_THROW((void)network.pooled_features(noise(3, 64), even_maps(2)), Error);
}

TEST(Mini, RefusesMotionMapsWhenCompiledWithout) {
  Backbone network(mini());
  EXPECT_THROW((void)network.pooled_features(noise(1, 64), even_maps(1)), Error);
}

}  // namespace
}  // namespace vidclass::backbone

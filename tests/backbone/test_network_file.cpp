#include "backbone/network_file.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/openvino.hpp>

#include "backbone/backbone.hpp"
#include "backbone/calibration.hpp"
#include "backbone/cosine.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t network_side = 32;
constexpr std::size_t maps = 8;
constexpr std::size_t map_side = 15;

using Value = ov::Output<ov::Node>;

struct Made {
  bool channels_last = false;
  ov::Dimension batch = -1;
  ov::Dimension size = network_side;
  /// What follows the last map: by default the average over its positions.
  std::function<Value(const Value&)> top{};
  float gain = 1;
};

Value constant_i64(const std::vector<std::int64_t>& values) {
  return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

Value average(const Value& map) {
  const auto mean = std::make_shared<ov::op::v1::ReduceMean>(map, constant_i64({2, 3}), false);
  mean->output(0).set_names({"pooled"});
  return mean;
}

/// A convolution and ReLU, written as OpenVINO IR.
std::filesystem::path write_network(const testing::TempDir& dir, const Made& made,
                                    const std::string& name = "net.xml") {
  const ov::PartialShape shape = made.channels_last
                                     ? ov::PartialShape{made.batch, made.size, made.size, 3}
                                     : ov::PartialShape{made.batch, 3, made.size, made.size};
  const auto frames = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, shape);
  Value x = frames;
  if (made.channels_last) {
    x = std::make_shared<ov::op::v1::Transpose>(x, constant_i64({0, 3, 1, 2}));
  }
  std::vector<float> kernel(maps * 3 * 9);
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    kernel[i] = made.gain * (static_cast<float>(i * 37 % 101) / 50.0F - 1.0F);
  }
  const auto conv = std::make_shared<ov::op::v1::Convolution>(
      x, ov::op::v0::Constant::create(ov::element::f32, ov::Shape{maps, 3, 3, 3}, kernel),
      ov::Strides{2, 2}, ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0}, ov::Strides{1, 1});
  const auto map = std::make_shared<ov::op::v0::Relu>(conv);
  map->output(0).set_names({"map"});
  const Value last = made.top ? made.top(map) : average(map);
  const auto model = std::make_shared<ov::Model>(
      ov::ResultVector{std::make_shared<ov::op::v0::Result>(last)}, ov::ParameterVector{frames});
  const auto path = dir.path() / name;
  ov::serialize(model, path.string());
  return path;
}

BackboneOptions options_for(const std::filesystem::path& path) {
  BackboneOptions options;
  options.file = NetworkFile{.path = path};
  options.precision = Precision::f32;
  return options;
}

Tensor pattern(std::size_t count = 1) {
  Tensor frames(DType::u8, {count, network_side, network_side, 3});
  auto* value = frames.data<std::uint8_t>().data();
  for (std::size_t n = 0; n < count; ++n) {
    for (std::size_t y = 0; y < network_side; ++y) {
      for (std::size_t x = 0; x < network_side; ++x) {
        for (std::size_t c = 0; c < 3; ++c) {
          *value++ = static_cast<std::uint8_t>((7 * y + 13 * x + 29 * c + 101 * n) % 256);
        }
      }
    }
  }
  return frames;
}

std::vector<float> values_of(const Tensor& tensor) {
  const auto values = tensor.data<float>();
  return {values.begin(), values.end()};
}

std::vector<float> features_of(const BackboneOptions& options, const Tensor& frames = pattern()) {
  return values_of(Backbone(options).features(frames));
}

void expect_near(const std::vector<float>& a, const std::vector<float>& b, float tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << "at " << i;
}

template <typename Failure>
std::string message_of(const BackboneOptions& options) {
  return testing::message_of<Failure>([&] { (void)PreparedBackbone(options); });
}

TEST(NetworkFile, FeaturesOfAnOnnxFileAreThoseOfOnnxRuntime) {
  const std::filesystem::path data = std::filesystem::path(VIDCLASS_TESTS_DIR) / "backbone/data";
  BackboneOptions options = options_for(data / "tiny.onnx");
  options.file->mean = {127.5, 127.5, 127.5};
  options.file->scale = {64, 64, 64};
  std::ifstream file(data / "tiny.csv");
  std::vector<float> expected;
  for (std::string number; std::getline(file, number, ',');) expected.push_back(std::stof(number));
  expect_near(features_of(options), expected, 1e-5F);
}

TEST(NetworkFile, FramesAreNormalisedChannelByChannel) {
  const testing::TempDir dir;
  BackboneOptions by_hand = options_for(write_network(dir, {}));
  by_hand.file->mean = {10, 20, 30};
  by_hand.file->scale = {2, 4, 8};
  BackboneOptions plain = by_hand;
  plain.file->mean = {0, 0, 0};
  plain.file->scale = {1, 1, 1};
  Tensor even(DType::u8, {1, network_side, network_side, 3});
  Tensor ready(DType::u8, {1, network_side, network_side, 3});
  for (std::size_t i = 0; i < even.size(); ++i) {
    const std::uint8_t rgb[] = {110, 100, 110};
    const std::uint8_t normalised[] = {50, 20, 10};
    even.data<std::uint8_t>()[i] = rgb[i % 3];
    ready.data<std::uint8_t>()[i] = normalised[i % 3];
  }
  expect_near(features_of(by_hand, even), features_of(plain, ready), 1e-3F);
}

TEST(NetworkFile, LayoutOfTheInputIsTold) {
  const testing::TempDir dir;
  const auto first = options_for(write_network(dir, {}, "first.xml"));
  const auto last = options_for(write_network(dir, {.channels_last = true}, "last.xml"));
  expect_near(features_of(first), features_of(last), 1e-4F);
  EXPECT_EQ(PreparedBackbone(last).info().file->layout, InputLayout::channels_last);
}

TEST(NetworkFile, AnEvenMotionMapGivesTheAverageAgain) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  options.motion = true;
  Backbone network(options);
  ASSERT_EQ(network.info().map_size, static_cast<int>(map_side));
  Tensor even(DType::f32, {2, map_side, map_side});
  for (float& weight : even.data<float>()) weight = 1.0F / (map_side * map_side);
  const PooledFeatures found = network.pooled_features(pattern(2), even);
  expect_near(values_of(found.avg), values_of(found.motion), 1e-4F);
}

TEST(NetworkFile, CellsSumToTheFeatures) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  options.cells = true;
  Backbone network(options);
  const Tensor cells = network.cell_features(pattern()).last;
  std::vector<float> sums(maps);
  for (std::size_t i = 0; i < cells.size(); ++i) sums[i % maps] += cells.data<float>()[i];
  expect_near(sums, values_of(network.features(pattern())), 1e-3F);
}

TEST(NetworkFile, AMapThatIsNamedIsAveraged) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  const auto by_itself = features_of(options);
  options.file->feature = "map";
  expect_near(features_of(options), by_itself, 1e-4F);
}

TEST(NetworkFile, ANamedMapMayHaveChannelsFirstThoughTheFramesHaveThemLast) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {.channels_last = true}));
  const auto by_itself = features_of(options);
  options.file->feature = "map";
  expect_near(features_of(options), by_itself, 1e-4F);
}

/// A second convolution of stride 2 and its average after the first map.
Value halved_again(const Value& map) {
  const auto conv = std::make_shared<ov::op::v1::Convolution>(
      map,
      ov::op::v0::Constant::create(ov::element::f32, ov::Shape{4, maps, 3, 3},
                                   std::vector<float>(4 * maps * 9, 0.01F)),
      ov::Strides{2, 2}, ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0}, ov::Strides{1, 1});
  return average(std::make_shared<ov::op::v0::Relu>(conv));
}

TEST(NetworkFile, TheLastMapOfTheNextFinerGridIsTheOneInTheMiddle) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {.top = halved_again}));
  options.motion = options.middle = true;
  Backbone network(options);
  EXPECT_EQ(network.info().feature_size, 4U);
  EXPECT_EQ(network.info().middle_size, maps);
  EXPECT_EQ(network.info().motion_map_size, 15);
  EXPECT_EQ(network.info().file->middle, "map");
  Tensor even(DType::f32, {1, map_side, map_side});
  for (float& weight : even.data<float>()) weight = 1.0F / (map_side * map_side);
  const PooledFeatures features = network.pooled_features(pattern(), even);
  // The same map as the last one of a network that ends with it.
  const std::vector<float> expected = features_of(options_for(write_network(dir, {}, "short.xml")));
  expect_near(values_of(features.middle), expected, 1e-3F);
  expect_near(values_of(features.middle_motion), expected, 1e-3F);
}

TEST(NetworkFile, AMapInTheMiddleCanBeNamed) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {.top = halved_again}));
  options.middle = true;
  options.file->middle = "map";
  EXPECT_EQ(PreparedBackbone(options).info().middle_size, maps);
  options.file->middle = "pooled";
  EXPECT_NE(message_of<Error>(options).find("\"pooled\" is [1,4], not a map"), std::string::npos)
      << message_of<Error>(options);
  options.file->middle = "nonsense";
  EXPECT_NE(message_of<Error>(options).find("no tensor named \"nonsense\""), std::string::npos);
}

TEST(NetworkFile, WithoutAFinerMapNoneInTheMiddleIsPooled) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  options.middle = true;
  EXPECT_EQ(PreparedBackbone(options).info().middle_size, 0U);
  options.needs_middle = true;
  EXPECT_NE(message_of<UsageError>(options).find("no map in the middle"), std::string::npos);
}

TEST(NetworkFile, AVectorWithoutAMapServesWithoutMotion) {
  const testing::TempDir dir;
  // The sums over positions by a product, as a transformer's head might.
  const auto path = write_network(
      dir, {.top = [](const Value& map) -> Value {
        return std::make_shared<ov::op::v1::Reshape>(
            map, constant_i64({0, static_cast<std::int64_t>(maps * map_side * map_side)}), true);
      }});
  BackboneOptions options = options_for(path);
  EXPECT_EQ(features_of(options).size(), maps * map_side * map_side);
  options.motion = true;
  EXPECT_NE(message_of<UsageError>(options).find("choose pooling avg"), std::string::npos);
}

TEST(NetworkFile, AFileForOneFrameAtATimeTakesManyInTurn) {
  const testing::TempDir dir;
  // The first dimension is written into the reshaping.
  const auto top = [](const Value& map) -> Value {
    return std::make_shared<ov::op::v1::Reshape>(
        average(map), constant_i64({1, static_cast<std::int64_t>(maps)}), false);
  };
  BackboneOptions single = options_for(write_network(dir, {.batch = 1, .top = top}, "one.xml"));
  single.file->feature = "pooled";
  const BackboneOptions many = options_for(write_network(dir, {}, "many.xml"));
  expect_near(features_of(single, pattern(5)), features_of(many, pattern(5)), 1e-4F);
}

TEST(NetworkFile, FingerprintTellsWeightsAndUseApart) {
  const testing::TempDir dir;
  const auto fingerprint = [](const BackboneOptions& options) {
    return PreparedBackbone(options).info().fingerprint;
  };
  const BackboneOptions first = options_for(write_network(dir, {}, "a.xml"));
  const BackboneOptions heavier = options_for(write_network(dir, {.gain = 2}, "b.xml"));
  BackboneOptions darker = first;
  darker.file->mean = {1, 2, 3};
  BackboneOptions named = first;
  named.file->feature = "map";
  EXPECT_EQ(fingerprint(first), fingerprint(first));
  EXPECT_NE(fingerprint(first), fingerprint(heavier));
  EXPECT_NE(fingerprint(first), fingerprint(darker));
  EXPECT_NE(fingerprint(first), fingerprint(named));
}

TEST(NetworkFile, RunsInInt8OnceCalibrated) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  const Tensor exact = Backbone(options).features(pattern());
  options.precision = Precision::int8;
  PreparedBackbone prepared(options);
  options.calibration = std::make_shared<const Calibration>(calibrate(prepared, pattern(8)));
  EXPECT_GT(cosine(exact, Backbone(options).features(pattern())), 0.999);
}

TEST(NetworkFile, AFileOfAnySizeNeedsASize) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {.size = -1}));
  EXPECT_NE(message_of<UsageError>(options).find("choose a size"), std::string::npos);
  options.size = network_side;
  EXPECT_EQ(features_of(options).size(), maps);
}

TEST(NetworkFile, AnUnknownFeatureIsRefusedWithTheOutputs) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  options.file->feature = "nonsense";
  const std::string message = message_of<Error>(options);
  EXPECT_NE(message.find("no tensor named \"nonsense\""), std::string::npos) << message;
  EXPECT_NE(message.find("pooled"), std::string::npos) << message;
}

TEST(NetworkFile, ADamagedFileIsRefusedInOneLine) {
  const testing::TempDir dir;
  for (const char* name : {"broken.onnx", "broken.xml"}) {
    const auto path = dir.path() / name;
    std::ofstream(path) << "this is no network";
    const std::string message = message_of<Error>(options_for(path));
    EXPECT_NE(message.find("cannot be read as a network"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(NetworkFile, AMissingFileIsWrongUse) {
  EXPECT_NE(message_of<UsageError>(options_for("/nowhere/net.onnx")).find("no such file"),
            std::string::npos);
}

TEST(NetworkFile, CannotBeFineTuned) {
  const testing::TempDir dir;
  BackboneOptions options = options_for(write_network(dir, {}));
  options.tuned = std::make_shared<const NamedTensors>();
  EXPECT_NE(message_of<UsageError>(options).find("cannot be fine-tuned"), std::string::npos);
}

TEST(RgbValues, OneNumberStandsForThree) {
  EXPECT_EQ(rgb_values_from("0.5", "--mean"), (std::array{0.5, 0.5, 0.5}));
  EXPECT_EQ(rgb_values_from("1, 2,3.5", "--mean"), (std::array{1.0, 2.0, 3.5}));
}

TEST(RgbValues, AnythingElseIsRefused) {
  for (const char* text : {"", "1,2", "1,2,3,4", "1,,3", "red", "1;2;3", "nan", "1,2,3x"}) {
    EXPECT_THROW((void)rgb_values_from(text, "--mean"), UsageError) << text;
  }
}

}  // namespace
}  // namespace vidclass::backbone

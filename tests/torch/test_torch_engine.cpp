#include "torch/torch_engine.hpp"

#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "backbone/calibration.hpp"
#include "backbone/frozen_layers.hpp"
#include "support/environment.hpp"
#include "support/made_up_clips.hpp"
#include "support/npz.hpp"
#include "support/shared_data.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

using backbone::Backbone;
using backbone::BackboneOptions;
using backbone::PooledFeatures;
using backbone::Precision;

double least_cosine(const Tensor& a, const Tensor& b) {
  double least = 1;
  const std::size_t width = a.dim(1);
  for (std::size_t row = 0; row < a.dim(0); ++row) {
    double product = 0, of_a = 0, of_b = 0;
    for (std::size_t i = row * width; i < (row + 1) * width; ++i) {
      const double x = a.data<float>()[i];
      const double y = b.data<float>()[i];
      product += x * y;
      of_a += x * x;
      of_b += y * y;
    }
    least = std::min(least, product / std::sqrt(of_a * of_b));
  }
  return least;
}

double largest_difference(const Tensor& a, const Tensor& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest =
        std::max(largest, static_cast<double>(std::abs(a.data<float>()[i] - b.data<float>()[i])));
  }
  return largest;
}

BackboneOptions on(const std::string& device, BackboneOptions options) {
  options.device = device;
  options.engine = [device](const backbone::PreparedBackbone& network, backbone::Load load) {
    return make_torch_engine(device, network, load);
  };
  return options;
}

/// Ten real frames with made-up motion maps, on each device that LibTorch may have.
class TorchEngine : public ::testing::TestWithParam<std::string> {
protected:
  void SetUp() override {
    VIDCLASS_NEED_SHARED_DATA();
    if (GetParam() == "cuda" && !::torch::cuda::is_available()) {
      GTEST_SKIP() << "no CUDA device";
    }
    const auto arrays = vidclass::testing::read_npz(vidclass::testing::shared_data() /
                                                    "reference/xception_299.npz");
    const auto& pixels = arrays.at("frames");
    frames = Tensor::from<std::uint8_t>(pixels.shape, pixels.values<std::uint8_t>());
  }

  [[nodiscard]] Tensor motion_maps(int side) const {
    std::mt19937_64 random(1);
    const auto g = static_cast<std::size_t>(side);
    Tensor maps(DType::f32, {frames.dim(0), g, g});
    for (std::size_t frame = 0; frame < frames.dim(0); ++frame) {
      const auto map = maps.data<float>().subspan(frame * g * g, g * g);
      float sum = 0;
      for (float& weight : map) sum += weight = static_cast<float>(random() % 100);
      for (float& weight : map) weight /= sum;
    }
    return maps;
  }

  Tensor frames;
  vidclass::testing::Variable weights{"VIDCLASS_WEIGHTS_DIR",
                                      (vidclass::testing::shared_data() / "weights").string()};
};

TEST_P(TorchEngine, AgreesWithOpenVinoInEveryPooling) {
  const BackboneOptions options{.precision = Precision::f32, .motion = true, .middle = true};
  Backbone openvino(options);
  Backbone libtorch(on(GetParam(), options));
  const Tensor motion = motion_maps(openvino.info().motion_map_size);
  const PooledFeatures expected = openvino.pooled_features(frames, motion);
  const PooledFeatures found = libtorch.pooled_features(frames, motion);
  for (const backbone::Pooling& pooling : backbone::poolings) {
    SCOPED_TRACE(pooling.name);
    const Tensor& a = expected.*pooling.features;
    const Tensor& b = found.*pooling.features;
    ASSERT_EQ(a.shape(), b.shape());
    EXPECT_LE(largest_difference(a, b), 1e-3);
    EXPECT_GE(least_cosine(a, b), 0.999999);
  }
}

TEST_P(TorchEngine, AgreesWithOpenVinoInMotionOfTheLastMapAlone) {
  const BackboneOptions options{.precision = Precision::f32, .motion = true};
  Backbone openvino(options);
  const Tensor motion = motion_maps(openvino.info().motion_map_size);
  EXPECT_LE(
      largest_difference(openvino.pooled_features(frames, motion).motion,
                         Backbone(on(GetParam(), options)).pooled_features(frames, motion).motion),
      1e-3);
}

TEST_P(TorchEngine, TakesBf16ByItselfAndStaysNearF32) {
  Backbone exact(BackboneOptions{.precision = Precision::f32});
  Backbone libtorch(on(GetParam(), {}));
  EXPECT_EQ(libtorch.info().precision, Precision::bf16);
  EXPECT_GE(least_cosine(exact.features(frames), libtorch.features(frames)), 0.999);
}

TEST_P(TorchEngine, GivesAFrameTheSameFeaturesInAnyBatch) {
  Backbone all(on(GetParam(), {.precision = Precision::f32, .batch = 8}));
  Backbone single(on(GetParam(), {.precision = Precision::f32, .batch = 1}));
  EXPECT_LE(largest_difference(all.features(frames), single.features(frames)), 1e-4);
}

TEST_P(TorchEngine, GivesTheFrameItselfAtTheCut) {
  const backbone::PreparedBackbone network(on(GetParam(), {.precision = Precision::f32}));
  EXPECT_TRUE(activations_are_frames(network.options(), backbone::TunedBlocks::block14));
  const auto activations =
      backbone::FrozenLayers(network, backbone::TunedBlocks::block14).run(frames);
  EXPECT_EQ(activations.activations.shape(), frames.shape());
  EXPECT_TRUE(std::ranges::equal(activations.activations.bytes(), frames.bytes()));
  EXPECT_EQ(activations.features.avg.shape(), (Shape{frames.dim(0), 2048}));
}

TEST_P(TorchEngine, HasCacheEntriesOfItsOwn) {
  const backbone::PreparedBackbone openvino(BackboneOptions{.precision = Precision::bf16});
  const backbone::PreparedBackbone libtorch(on(GetParam(), {.precision = Precision::bf16}));
  EXPECT_NE(openvino.info().arithmetic, libtorch.info().arithmetic);
}

TEST_P(TorchEngine, RefusesWhatItDoesNotRun) {
  EXPECT_THROW(Backbone(on(GetParam(), {.name = "mini"})), UsageError);
  EXPECT_THROW(Backbone(on(GetParam(), {.precision = Precision::int8})), UsageError);
  EXPECT_THROW(Backbone(on(GetParam(), {.cells = true})), UsageError);
}

INSTANTIATE_TEST_SUITE_P(Devices, TorchEngine, ::testing::Values("cpu", "cuda"),
                         [](const auto& tested) { return tested.param; });

TEST(TorchDevice, IsToldOfInOneLineWhereItIsNotThere) {
  VIDCLASS_NEED_SHARED_DATA();
  const vidclass::testing::Variable weights(
      "VIDCLASS_WEIGHTS_DIR", (vidclass::testing::shared_data() / "weights").string());
  for (const char* device : {"cuda:99", "cudaX", "toaster"}) {
    SCOPED_TRACE(device);
    try {
      Backbone network(on(device, {}));
      FAIL() << "nothing was thrown";
    } catch (const UsageError& error) {
      const std::string line = error.what();
      EXPECT_NE(line.find(device), std::string::npos) << line;
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace vidclass::torch

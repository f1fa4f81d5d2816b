#include "torch/xception_module.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/environment.hpp"
#include "support/npz.hpp"
#include "support/shared_data.hpp"
#include "torch/finetune/depthwise.hpp"
#include "torch/made_up_activations.hpp"
#include "torch/tensors.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

using backbone::TunedBlocks;

::torch::Tensor as_torch(const Tensor& tensor) {
  const std::vector<std::int64_t> sizes(tensor.shape().begin(), tensor.shape().end());
  const auto type = tensor.dtype() == DType::f16  ? ::torch::kFloat16
                    : tensor.dtype() == DType::u8 ? ::torch::kUInt8
                                                  : ::torch::kFloat32;
  ::torch::Tensor copy = ::torch::empty(sizes, type);
  std::memcpy(copy.data_ptr(), tensor.bytes().data(), tensor.bytes().size());
  return copy;
}

double least_cosine(const ::torch::Tensor& a, const ::torch::Tensor& b) {
  return ::torch::cosine_similarity(a, b, 1).min().item<double>();
}

/// Ten real frames, and what Keras computes of them.
class LibTorchXception : public ::testing::Test {
protected:
  void SetUp() override {
    VIDCLASS_NEED_SHARED_DATA();
    const auto arrays = vidclass::testing::read_npz(vidclass::testing::shared_data() /
                                                    "reference/xception_299.npz");
    const auto& pixels = arrays.at("frames");
    frames = Tensor::from<std::uint8_t>(pixels.shape, pixels.values<std::uint8_t>());
    expected = ::torch::tensor(arrays.at("features").values<float>()).view({-1, 2048});
    const vidclass::testing::Variable weights(
        "VIDCLASS_WEIGHTS_DIR", (vidclass::testing::shared_data() / "weights").string());
    backbone::BackboneOptions options;
    options.precision = backbone::Precision::f32;
    network.emplace(options);
  }

  /// From the cut on in LibTorch, what is before it in OpenVINO.
  ::torch::Tensor features(TunedBlocks blocks, const XceptionOptions& options = {}) {
    const ::torch::NoGradGuard no_grad;
    backbone::FrozenLayers cut(*network, blocks);
    const auto activations = cut.run(frames);
    of_openvino = as_torch(activations.features.avg);
    XceptionModule module(weights_of(*network, blocks), blocks, options);
    module.eval();
    return module.features(as_torch(activations.activations));
  }

  Tensor frames;
  ::torch::Tensor expected;
  ::torch::Tensor of_openvino;
  std::optional<backbone::PreparedBackbone> network;
};

TEST_F(LibTorchXception, IsMatchedByKerasAndOpenVinoFromTheFramesOn) {
  const ::torch::Tensor features = this->features(TunedBlocks::all);
  EXPECT_LE((features - expected).abs().max().item<double>(), 1e-3);
  EXPECT_GE(least_cosine(features, expected), 0.999999);
  EXPECT_LE((features - of_openvino).abs().max().item<double>(), 1e-3);
}

TEST_F(LibTorchXception, IsMatchedWithItsBatchNormsUnfolded) {
  const ::torch::Tensor features = this->features(TunedBlocks::all, {.train_batch_norm = true});
  EXPECT_LE((features - expected).abs().max().item<double>(), 1e-3);
}

TEST_F(LibTorchXception, IsMatchedFromACutInHalfPrecision) {
  for (const TunedBlocks blocks : {TunedBlocks::block14, TunedBlocks::block13}) {
    SCOPED_TRACE(to_string(blocks));
    const ::torch::Tensor features = this->features(blocks);
    EXPECT_LE((features - expected).abs().max().item<double>(), 1e-3);
    EXPECT_GE(least_cosine(features, expected), 0.999999);
  }
}

TEST_F(LibTorchXception, IsMatchedFromTheFramesWhereTheLastBlocksAreTrained) {
  const ::torch::NoGradGuard no_grad;
  for (const TunedBlocks blocks : {TunedBlocks::block14, TunedBlocks::block13}) {
    SCOPED_TRACE(to_string(blocks));
    XceptionModule module(weights_of(*network, TunedBlocks::all), blocks, {.from_frames = true});
    module.eval();
    const ::torch::Tensor features = module.features(as_torch(frames));
    EXPECT_LE((features - expected).abs().max().item<double>(), 1e-3);
    EXPECT_EQ(module.export_weights().size(), weights_of(*network, blocks).size());
  }
}

TEST_F(LibTorchXception, TrainsTheLastBlocksAloneFromTheFrames) {
  XceptionModule module(weights_of(*network, TunedBlocks::all), TunedBlocks::block14,
                        {.train_batch_norm = true, .from_frames = true});
  module.train();
  module.features(as_torch(frames).narrow(0, 0, 2)).sum().backward();
  for (const auto& parameter : module.named_parameters()) {
    const bool trained =
        parameter.key().starts_with("block14") && parameter.key() != "block14_sepconv1.depthwise";
    EXPECT_EQ(parameter.value().grad().defined(), trained) << parameter.key();
  }
  const NamedTensors before = weights_of(*network, TunedBlocks::all);
  for (const auto& buffer : module.named_buffers()) {
    EXPECT_TRUE(buffer.key().starts_with("block14")) << buffer.key() << " takes part";
  }
}

TEST_F(LibTorchXception, IsNearlyMatchedInBf16) {
  EXPECT_GE(least_cosine(features(TunedBlocks::block13, {.bf16 = true}), expected), 0.9995);
}

TEST_F(LibTorchXception, GivesItsWeightsBack) {
  for (const bool batch_norm : {false, true}) {
    const NamedTensors weights = weights_of(*network, TunedBlocks::block13);
    const NamedTensors back =
        XceptionModule(weights, TunedBlocks::block13, {.train_batch_norm = batch_norm})
            .export_weights();
    ASSERT_EQ(back.size(), weights.size());
    for (const auto& [name, tensor] : weights) {
      SCOPED_TRACE(name);
      ASSERT_EQ(back.at(name).shape(), tensor.shape());
      EXPECT_TRUE(::torch::allclose(as_torch(back.at(name)), as_torch(tensor), 1e-4, 1e-5));
    }
  }
}

/// Tuned weights of LibTorch, in OpenVINO.
TEST_F(LibTorchXception, AgreesWithOpenVinoOnTunedWeights) {
  const vidclass::testing::Variable dir("VIDCLASS_WEIGHTS_DIR",
                                        (vidclass::testing::shared_data() / "weights").string());
  XceptionModule module(weights_of(*network, TunedBlocks::block14), TunedBlocks::block14);
  {
    const ::torch::NoGradGuard no_grad;
    ::torch::manual_seed(1);
    for (::torch::Tensor& parameter : module.parameters()) {
      parameter.add_(0.05 * parameter.std(false) * ::torch::randn_like(parameter));
    }
  }
  backbone::BackboneOptions options;
  options.precision = backbone::Precision::f32;
  options.tuned = std::make_shared<const NamedTensors>(module.export_weights());
  const backbone::PreparedBackbone tuned(options);
  EXPECT_NE(tuned.info().fingerprint, network->info().fingerprint);
  const ::torch::Tensor in_openvino = as_torch(backbone::Backbone(tuned).features(frames));

  const ::torch::NoGradGuard no_grad;
  const ::torch::Tensor in_libtorch = module.features(
      as_torch(backbone::FrozenLayers(*network, TunedBlocks::block14).run(frames).activations));
  EXPECT_LE((in_libtorch - in_openvino).abs().max().item<double>(), 1e-3);
  EXPECT_GE(least_cosine(in_libtorch, in_openvino), 0.999999);
  EXPECT_LT(least_cosine(in_openvino, expected), 0.999) << "the weights were not changed enough";
}

TEST(XceptionModule, NamesAMissingWeight) {
  NamedTensors weights = testing::small_block14(1);
  weights.erase("block14_sepconv2_bn/gamma");
  try {
    XceptionModule(weights, TunedBlocks::block14);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("block14_sepconv2_bn/gamma"), std::string::npos);
  }
}

/// Against the slope of the function itself, where it has no kink.
TEST(XceptionModule, HasTheGradientOfItsFunction) {
  for (const bool batch_norm : {false, true}) {
    XceptionModule module(testing::small_block14(3), TunedBlocks::block14,
                          {.train_batch_norm = batch_norm});
    module.eval();
    ::torch::manual_seed(2);
    const ::torch::Tensor activations = ::torch::randn({2, 3, 3, 4});
    const ::torch::Tensor weights = ::torch::randn({2, 8});
    const auto value = [&] { return (module.features(activations) * weights).sum(); };
    value().backward();
    for (const auto& item : module.named_parameters()) {
      SCOPED_TRACE(item.key());
      ::torch::Tensor parameter = item.value();
      if (!parameter.requires_grad()) continue;
      const ::torch::NoGradGuard no_grad;
      const ::torch::Tensor direction = ::torch::randn_like(parameter);
      constexpr double step = 1e-3;
      parameter.add_(direction, step);
      const double above = value().item<double>();
      parameter.add_(direction, -2 * step);
      const double below = value().item<double>();
      parameter.add_(direction, step);
      const double slope = (above - below) / (2 * step);
      const double expected = (parameter.grad() * direction).sum().item<double>();
      EXPECT_NEAR(slope, expected, 0.02 * std::abs(expected) + 0.02);
    }
  }
}

TEST(XceptionModule, WeighsPositionsByMotion) {
  const ::torch::NoGradGuard no_grad;
  XceptionModule module(testing::small_block14(3), TunedBlocks::block14);
  ::torch::manual_seed(2);
  const ::torch::Tensor activations = ::torch::randn({2, 3, 3, 4});
  const ::torch::Tensor plain = module.features(activations);
  const ::torch::Tensor even = module.features(activations, ::torch::full({2, 3, 3}, 1.0 / 9));
  ASSERT_EQ(even.size(1), 16);
  EXPECT_TRUE(::torch::allclose(even.narrow(1, 0, 8), plain));
  EXPECT_TRUE(::torch::allclose(even.narrow(1, 8, 8), plain, 1e-5, 1e-5));
  ::torch::Tensor corner = ::torch::zeros({2, 3, 3});
  corner.index_put_({::torch::indexing::Slice(), 0, 0}, 1);
  EXPECT_FALSE(::torch::allclose(module.features(activations, corner).narrow(1, 8, 8), plain));
}

TEST(Depthwise, MatchesTheConvolutionOfLibTorch) {
  ::torch::manual_seed(1);
  const ::torch::Tensor maps = ::torch::randn({2, 5, 4, 70}).requires_grad_(true);
  const ::torch::Tensor kernel = ::torch::randn({3, 3, 70}).requires_grad_(true);
  const ::torch::Tensor ours = depthwise_3x3(maps, kernel);
  const ::torch::Tensor theirs =
      ::torch::conv2d(maps.permute({0, 3, 1, 2}), kernel.permute({2, 0, 1}).unsqueeze(1), {}, 1, 1,
                      1, 70)
          .permute({0, 2, 3, 1});
  EXPECT_TRUE(::torch::allclose(ours, theirs, 1e-5, 1e-5));
  const ::torch::Tensor arriving = ::torch::randn_like(ours);
  const auto of_ours = ::torch::autograd::grad({ours}, {maps, kernel}, {arriving});
  const auto of_theirs = ::torch::autograd::grad({theirs}, {maps, kernel}, {arriving});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(::torch::allclose(of_ours[i], of_theirs[i], 1e-4, 1e-4));
  }
}

}  // namespace
}  // namespace vidclass::torch

#include <cmath>
#include <string>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/max_pool.hpp>
#include <openvino/op/relu.hpp>

#include "backbone/convolutions.hpp"
#include "backbone/graph_input.hpp"
#include "backbone/known_network.hpp"
#include "backbone/weights.hpp"
#include "backbone/xception_weights.hpp"
#include "core/format.hpp"

namespace vidclass::backbone {
namespace {

using Value = ov::Output<ov::Node>;

// Keras's BatchNormalization default, which keras.applications keeps.
constexpr double keras_epsilon = 1e-3;

/// Builds the network layer by layer under Keras's names, which calibrations rely on.
class Builder {
public:
  explicit Builder(const NamedTensors& weights) : weights_(weights) {}

  Value relu(const Value& x) const { return std::make_shared<ov::op::v0::Relu>(x); }
  Value add(const Value& a, const Value& b) const {
    return std::make_shared<ov::op::v1::Add>(a, b);
  }

  /// Conv2D without bias, then BatchNormalization.
  Value conv_bn(const Value& x, const std::string& name, std::size_t stride,
                ov::op::PadType padding) const {
    return convolve(x, fold_keras(at(name + "/kernel"), name + "_bn"), name, stride, padding);
  }

  /// The first convolution, reading pixels from 0 to 255: the normalisation
  /// x / 127.5 - 1 is folded into its weights, which is exact because it pads
  /// nothing. The pixels, whole numbers below 256, are then exact in bfloat16 too.
  Value stem(const Value& pixels) const {
    FoldedConvolution folded = fold_keras(at("block1_conv1/kernel"), "block1_conv1_bn");
    read_pixels(folded, 127.5, 127.5);
    return convolve(pixels, folded, "block1_conv1", 2, ov::op::PadType::VALID);
  }

  /// SeparableConv2D (3x3, padding "same", no bias), then BatchNormalization.
  Value separable_bn(const Value& x, const std::string& name) const {
    const auto depthwise = std::make_shared<ov::op::v1::GroupConvolution>(
        x, depthwise_kernel(at(name + "/depthwise_kernel")), ov::Strides{1, 1}, no_padding,
        no_padding, ov::Strides{1, 1}, ov::op::PadType::SAME_UPPER);
    depthwise->set_friendly_name(name + "/depthwise");
    return convolve(depthwise, fold_keras(at(name + "/pointwise_kernel"), name + "_bn"), name, 1,
                    ov::op::PadType::VALID);
  }

  /// MaxPooling2D 3x3, stride 2, padding "same" (which pads the end first).
  Value max_pool(const Value& x, const std::string& name) const {
    const auto pool = std::make_shared<ov::op::v1::MaxPool>(
        x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{0, 0}, ov::Shape{3, 3},
        ov::op::RoundingType::FLOOR, ov::op::PadType::SAME_UPPER);
    pool->set_friendly_name(name);
    return pool;
  }

private:
  inline static const ov::CoordinateDiff no_padding{0, 0};

  const Tensor& at(const std::string& name) const { return weights_.at(name); }

  /// Keras's kernel is [height, width, in, out].
  FoldedConvolution fold_keras(const Tensor& kernel, const std::string& bn) const {
    const std::size_t positions = kernel.dim(0) * kernel.dim(1);
    const std::size_t in = kernel.dim(2);
    const std::size_t out = kernel.dim(3);
    const auto source = kernel.data<float>();
    std::vector<float> turned(source.size());
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t p = 0; p < positions; ++p) {
          turned[(o * in + i) * positions + p] = source[(p * in + i) * out + o];
        }
      }
    }
    return fold({out, in, kernel.dim(0), kernel.dim(1)}, std::move(turned),
                {.gamma = at(bn + "/gamma").data<float>(),
                 .beta = at(bn + "/beta").data<float>(),
                 .mean = at(bn + "/moving_mean").data<float>(),
                 .variance = at(bn + "/moving_variance").data<float>(),
                 .epsilon = keras_epsilon});
  }

  /// [3, 3, channels, 1] to [channels, 1, 1, 3, 3].
  static Value depthwise_kernel(const Tensor& kernel) {
    const std::size_t channels = kernel.dim(2);
    const auto source = kernel.data<float>();
    std::vector<float> turned(source.size());
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < 9; ++p) turned[c * 9 + p] = source[p * channels + c];
    }
    return constant_f32({channels, 1, 1, 3, 3}, turned.data());
  }

  const NamedTensors& weights_;
};

/// What enters the exit flow: the output of block12.
Value before_block13(const Builder& net, const Value& pixels) {
  Value x = net.relu(net.stem(pixels));
  x = net.relu(net.conv_bn(x, "block1_conv2", 1, ov::op::PadType::VALID));

  // Entry flow: each block halves the map.
  for (const int block : {2, 3, 4}) {
    const std::string name = format("block{}", block);
    const Value beside = net.conv_bn(x, name + "_res", 2, ov::op::PadType::SAME_UPPER);
    if (block > 2) x = net.relu(x);
    x = net.relu(net.separable_bn(x, name + "_sepconv1"));
    x = net.max_pool(net.separable_bn(x, name + "_sepconv2"), name + "_pool");
    x = net.add(x, beside);
  }
  // Middle flow.
  for (int block = 5; block <= 12; ++block) {
    const Value beside = x;
    for (int part = 1; part <= 3; ++part) {
      x = net.separable_bn(net.relu(x), format("block{}_sepconv{}", block, part));
    }
    x = net.add(x, beside);
  }
  return x;
}

Value block13(const Builder& net, Value x) {
  const Value beside = net.conv_bn(x, "block13_res", 2, ov::op::PadType::SAME_UPPER);
  x = net.separable_bn(net.relu(x), "block13_sepconv1");
  x = net.max_pool(net.separable_bn(net.relu(x), "block13_sepconv2"), "block13_pool");
  return net.add(x, beside);
}

Value block14(const Builder& net, Value x) {
  x = net.relu(net.separable_bn(x, "block14_sepconv1"));
  return net.relu(net.separable_bn(x, "block14_sepconv2"));
}

std::shared_ptr<ov::Model> build_xception(const NamedTensors& weights, std::size_t batch,
                                          std::size_t size, const GraphOutputs& wanted) {
  const Builder net(weights);
  const GraphInput input = make_graph_input(batch, size);
  const Value before13 = before_block13(net, input.pixels);
  const Value before14 = block13(net, before13);
  NetworkMaps maps{.frames = input.frames, .last = block14(net, before14), .middle = before13};
  if (wanted.cut == TunedBlocks::block14) maps.cut = before14;
  if (wanted.cut == TunedBlocks::block13) maps.cut = before13;
  return make_graph(maps, wanted, "xception");
}

std::size_t middle_side(std::size_t size) {
  // Two 3x3 convolutions without padding, the first with stride 2; then three blocks
  // that halve, padded.
  std::size_t side = (size - 3) / 2 + 1 - 2;
  for (int block = 0; block < 3; ++block) side = (side + 1) / 2;
  return side;
}

NamedTensors read_published(const ProgressFunction& progress, const CancellationToken& cancel) {
  return read_xception_weights(
      obtain_weights(WeightSource::from_environment(), xception_file(), progress, cancel));
}

}  // namespace

const KnownNetwork xception{
    .about = {.name = "xception",
              .description = "Xception, ImageNet weights as published by Keras",
              .feature_size = 2048,
              .default_size = 299,
              .smallest_size = 71,  // that keras.applications accepts
              .middle_size = 728,   // of the output of block12
              .file = &xception_file(),
              .tunable = true},
    // block13 halves, padded.
    .map_size = [](std::size_t size) { return (middle_side(size) + 1) / 2; },
    .middle_map_size = middle_side,
    .read_weights = read_published,
    .build = build_xception};

}  // namespace vidclass::backbone

#include <cmath>
#include <string>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/max_pool.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/transpose.hpp>

#include "backbone/graph.hpp"
#include "backbone/graph_input.hpp"
#include "core/format.hpp"

namespace vidclass::backbone {
namespace {

using Value = ov::Output<ov::Node>;

// Keras's BatchNormalization default, which keras.applications keeps.
constexpr double batch_norm_epsilon = 1e-3;

/// Builds the network layer by layer under Keras's names, which calibrations rely on.
class Builder {
public:
  explicit Builder(const XceptionWeights& weights) : weights_(weights) {}

  Value relu(const Value& x) const { return std::make_shared<ov::op::v0::Relu>(x); }
  Value add(const Value& a, const Value& b) const {
    return std::make_shared<ov::op::v1::Add>(a, b);
  }

  /// Conv2D without bias, then BatchNormalization.
  Value conv_bn(const Value& x, const std::string& name, std::size_t stride,
                ov::op::PadType padding) const {
    return convolve(x, fold(at(name + "/kernel"), name + "_bn"), name, stride, padding);
  }

  /// The first convolution, reading pixels from 0 to 255: the normalisation
  /// x / 127.5 - 1 is folded into its weights, which is exact because it pads
  /// nothing. The pixels, whole numbers below 256, are then exact in bfloat16 too.
  Value stem(const Value& pixels) const {
    Arrays folded = fold(at("block1_conv1/kernel"), "block1_conv1_bn");
    const std::size_t per_output = folded.kernel.size() / folded.bias.size();
    for (std::size_t o = 0; o < folded.bias.size(); ++o) {
      double sum = 0;
      for (std::size_t i = o * per_output; i < (o + 1) * per_output; ++i) {
        sum += folded.kernel[i];
        folded.kernel[i] = static_cast<float>(folded.kernel[i] / 127.5);
      }
      folded.bias[o] = static_cast<float>(folded.bias[o] - sum);
    }
    return convolve(pixels, folded, "block1_conv1", 2, ov::op::PadType::VALID);
  }

  /// SeparableConv2D (3x3, padding "same", no bias), then BatchNormalization.
  Value separable_bn(const Value& x, const std::string& name) const {
    const auto depthwise = std::make_shared<ov::op::v1::GroupConvolution>(
        x, depthwise_kernel(at(name + "/depthwise_kernel")), ov::Strides{1, 1}, no_padding,
        no_padding, ov::Strides{1, 1}, ov::op::PadType::SAME_UPPER);
    depthwise->set_friendly_name(name + "/depthwise");
    return convolve(depthwise, fold(at(name + "/pointwise_kernel"), name + "_bn"), name, 1,
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
  struct Arrays {
    Shape shape;                // [out, in, height, width]
    std::vector<float> kernel;  // of that shape
    std::vector<float> bias;    // [out]
  };

  inline static const ov::CoordinateDiff no_padding{0, 0};

  const Tensor& at(const std::string& name) const { return weights_.at(name); }

  Value convolve(const Value& x, const Arrays& weights, const std::string& name, std::size_t stride,
                 ov::op::PadType padding) const {
    const auto conv = std::make_shared<ov::op::v1::Convolution>(
        x, constant_f32(ov::Shape(weights.shape), weights.kernel.data()),
        ov::Strides{stride, stride}, no_padding, no_padding, ov::Strides{1, 1}, padding);
    conv->set_friendly_name(name + "/convolution");
    Value sum = add(conv, constant_f32({1, weights.bias.size(), 1, 1}, weights.bias.data()));
    sum.get_node()->set_friendly_name(name);
    return sum;
  }

  /// A convolution followed by y = gamma * (x - mean) / sqrt(variance + eps) + beta
  /// is a convolution with scaled kernels and a bias. Keras's kernel is
  /// [height, width, in, out].
  Arrays fold(const Tensor& kernel, const std::string& bn) const {
    const auto gamma = at(bn + "/gamma").data<float>();
    const auto beta = at(bn + "/beta").data<float>();
    const auto mean = at(bn + "/moving_mean").data<float>();
    const auto variance = at(bn + "/moving_variance").data<float>();
    const std::size_t positions = kernel.dim(0) * kernel.dim(1);
    const std::size_t in = kernel.dim(2);
    const std::size_t out = kernel.dim(3);
    const auto source = kernel.data<float>();

    std::vector<float> folded(source.size());
    std::vector<float> bias(out);
    for (std::size_t o = 0; o < out; ++o) {
      const double scale = gamma[o] / std::sqrt(variance[o] + batch_norm_epsilon);
      bias[o] = static_cast<float>(beta[o] - mean[o] * scale);
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t p = 0; p < positions; ++p) {
          folded[(o * in + i) * positions + p] =
              static_cast<float>(source[(p * in + i) * out + o] * scale);
        }
      }
    }
    return {{out, in, kernel.dim(0), kernel.dim(1)}, std::move(folded), std::move(bias)};
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

  const XceptionWeights& weights_;
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

}  // namespace

std::shared_ptr<ov::Model> build_xception(const XceptionWeights& weights, std::size_t batch,
                                          std::size_t size, const GraphOutputs& wanted) {
  const Builder net(weights);
  const GraphInput input = make_graph_input(batch, size);
  const Value before13 = before_block13(net, input.pixels);
  const Value before14 = block13(net, before13);
  const Value x = block14(net, before14);

  ov::ResultVector results;
  const auto give = [&](const Value& value, const char* name) {
    value.get_node_shared_ptr()->output(value.get_index()).add_names({name});
    results.push_back(std::make_shared<ov::op::v0::Result>(value));
  };
  const auto average = [&](const Value& map) {
    return std::make_shared<ov::op::v1::ReduceMean>(map, constant_i64({2, 3}),
                                                    /*keep_dims=*/false);
  };
  give(average(x), "avg");
  if (wanted.middle) give(average(before13), "middle");
  ov::ParameterVector parameters{input.frames};
  if (wanted.motion) {
    const std::size_t side = xception_map_size(size);
    const std::size_t finer = wanted.middle ? xception_middle_map_size(size) : side;
    const auto map = make_motion_map_input(batch, finer);
    give(weighted_sum(x, wanted.middle ? shared_out(map, finer, side) : Value(map)), "motion");
    if (wanted.middle) give(weighted_sum(before13, map), "middle_motion");
    parameters.push_back(map);
  }
  if (wanted.cells) {
    give(x, "last_map");
    if (wanted.middle) give(before13, "middle_map");
  }
  if (wanted.cut && *wanted.cut != TunedBlocks::all) {
    const Value& cut = *wanted.cut == TunedBlocks::block14 ? before14 : before13;
    const auto order = std::make_shared<ov::op::v1::Transpose>(cut, constant_i64({0, 2, 3, 1}));
    give(std::make_shared<ov::op::v0::Convert>(order, ov::element::f16), "activations");
  }
  return std::make_shared<ov::Model>(results, parameters, "xception");
}

std::size_t xception_map_size(std::size_t size) noexcept {
  return (xception_middle_map_size(size) + 1) / 2;  // block13 halves, padded
}

std::size_t xception_middle_map_size(std::size_t size) noexcept {
  // Two 3x3 convolutions without padding, the first with stride 2; then three blocks
  // that halve, padded.
  std::size_t side = (size - 3) / 2 + 1 - 2;
  for (int block = 0; block < 3; ++block) side = (side + 1) / 2;
  return side;
}

}  // namespace vidclass::backbone

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/clamp.hpp>
#include <openvino/op/pad.hpp>

#include "backbone/convolutions.hpp"
#include "backbone/graph_input.hpp"
#include "backbone/known_network.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace embedded {
std::string_view lite0();  // what scripts/lite0_weights.py wrote
}

namespace {

using Value = ov::Output<ov::Node>;

// EfficientNet-Lite0: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
// Networks", table 1, without squeeze-and-excitation and with ReLU6 for swish, as built in
// tensorflow/tpu/models/official/efficientnet/lite/efficientnet_lite_builder.py, whose trained
// weights these are.
struct Stage {
  std::size_t blocks, kernel, stride, expansion, out;
};
constexpr std::array<Stage, 7> stages{{{1, 3, 1, 1, 16},
                                       {2, 3, 2, 6, 24},
                                       {2, 5, 2, 6, 40},
                                       {3, 3, 2, 6, 80},
                                       {3, 5, 1, 6, 112},
                                       {4, 5, 2, 6, 192},
                                       {1, 3, 1, 6, 320}}};
constexpr std::size_t stem_channels = 32;
constexpr std::size_t lite0_features = 1280;
constexpr double batch_norm_epsilon = 1e-3;
// What this block expands to, before the last halving, is the map in the middle (docs/training.md).
constexpr int middle_block = 11;
// Pixels are read as (pixel - 127) / 128.
constexpr float pixel_centre = 127;
constexpr double pixel_scale = 128;

/// Reads the weights by the names of their file and lists what was read.
class Layers {
public:
  explicit Layers(const NamedTensors& weights) : weights_(weights) {}

  /// `shape` [out, in, height, width].
  [[nodiscard]] FoldedConvolution folded(const std::string& convolution, const std::string& norm,
                                         const Shape& shape) const {
    const auto kernel = values(convolution + ".weight", shape);
    const Shape channels{shape[0]};
    return fold(shape, {kernel.begin(), kernel.end()},
                {.gamma = values(norm + ".weight", channels),
                 .beta = values(norm + ".bias", channels),
                 .mean = values(norm + ".running_mean", channels),
                 .variance = values(norm + ".running_var", channels),
                 .epsilon = batch_norm_epsilon});
  }

private:
  [[nodiscard]] std::span<const float> values(const std::string& name, const Shape& shape) const {
    const auto found = weights_.find(name);
    if (found == weights_.end() || found->second.dtype() != DType::f32 ||
        found->second.shape() != shape) {
      throw Error(format("the weights of lite0 lack {} {}", name, format_shape(shape)));
    }
    return found->second.data<float>();
  }

  const NamedTensors& weights_;
};

Value relu6(const Value& x) { return std::make_shared<ov::op::v0::Clamp>(x, 0.0, 6.0); }

/// Beyond the border it reads 0 after the normalisation, which is the pixel 127.
Value padded(const Value& pixels, std::size_t size) {
  // 3x3 with stride 2, padded as TensorFlow's "same" does: the end first.
  const auto all = static_cast<std::int64_t>(size % 2 == 0 ? 1 : 2);
  const std::int64_t begin = all / 2;
  return std::make_shared<ov::op::v1::Pad>(
      pixels, constant_i64({0, 0, begin, begin}), constant_i64({0, 0, all - begin, all - begin}),
      constant_f32({}, &pixel_centre), ov::op::PadMode::CONSTANT);
}

std::shared_ptr<ov::Model> build(const NamedTensors& weights, std::size_t batch, std::size_t size,
                                 const GraphOutputs& wanted) {
  const Layers layers(weights);
  const GraphInput input = make_graph_input(batch, size);
  FoldedConvolution stem = layers.folded("_conv_stem", "_bn0", {stem_channels, 3, 3, 3});
  read_pixels(stem, pixel_centre, pixel_scale);
  Value x = relu6(convolve(padded(input.pixels, size), stem, "stem", 2, ov::op::PadType::VALID));

  NetworkMaps maps{.frames = input.frames};
  std::size_t in = stem_channels;
  int block = 0;
  for (const Stage& stage : stages) {
    for (std::size_t i = 0; i < stage.blocks; ++i, ++block) {
      const std::string source = format("_blocks.{}.", block);
      const std::string name = format("block{}_", block);
      const std::size_t stride = i == 0 ? stage.stride : 1;
      const std::size_t wide = in * stage.expansion;
      const Value beside = x;
      if (stage.expansion > 1) {
        x = relu6(
            convolve(x, layers.folded(source + "_expand_conv", source + "_bn0", {wide, in, 1, 1}),
                     name + "expand", 1, ov::op::PadType::VALID));
        if (block == middle_block) maps.middle = x;
      }
      const Shape kernel{wide, 1, stage.kernel, stage.kernel};
      x = relu6(
          convolve_channels(x, layers.folded(source + "_depthwise_conv", source + "_bn1", kernel),
                            name + "depthwise", stride, ov::op::PadType::SAME_UPPER));
      x = convolve(
          x, layers.folded(source + "_project_conv", source + "_bn2", {stage.out, wide, 1, 1}),
          name + "project", 1, ov::op::PadType::VALID);
      if (stride == 1 && in == stage.out) x = std::make_shared<ov::op::v1::Add>(x, beside);
      in = stage.out;
    }
  }
  maps.last = relu6(convolve(x, layers.folded("_conv_head", "_bn1", {lite0_features, in, 1, 1}),
                             "head", 1, ov::op::PadType::VALID));
  return make_graph(maps, wanted, "lite0");
}

std::size_t halved(std::size_t side, int times) {
  for (; times > 0; --times) side = (side + 1) / 2;
  return side;
}

NamedTensors read_weights(const ProgressFunction& /*progress*/,
                          const CancellationToken& /*cancel*/) {
  return SafetensorsFile(std::as_bytes(std::span(embedded::lite0())), "lite0's weights").load_all();
}

}  // namespace

const KnownNetwork lite0{.about = {.name = "lite0",
                                   .description = "EfficientNet-Lite0, ImageNet weights, built in",
                                   .feature_size = lite0_features,
                                   .default_size = 224,
                                   .smallest_size = 32,
                                   .middle_size = 672},
                         .map_size = [](std::size_t size) { return halved(size, 5); },
                         .middle_map_size = [](std::size_t size) { return halved(size, 4); },
                         .read_weights = read_weights,
                         .build = build};

}  // namespace vidclass::backbone

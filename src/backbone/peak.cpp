#include "vidclass/backbone/peak.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/openvino.hpp>

#include "backbone/graph_input.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
namespace {

ov::Output<ov::Node> quantised(const ov::Output<ov::Node>& value, float low, float high,
                               std::size_t levels) {
  const auto lowest = constant_f32({}, &low);
  const auto highest = constant_f32({}, &high);
  return std::make_shared<ov::op::v0::FakeQuantize>(value, lowest, highest, lowest, highest,
                                                    levels);
}

/// A chain of `layers` products [rows, width] x [width, width].
std::shared_ptr<ov::Model> product_chain(std::size_t rows, std::size_t width, std::size_t layers,
                                         bool int8) {
  const auto input =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{rows, width});
  std::vector<float> weights(width * width);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(i * 7919 % 255) / 127.0F - 1.0F;
  }
  // Small enough that values neither grow nor vanish along the chain.
  const float gain = std::sqrt(3.0F / static_cast<float>(width));
  for (float& weight : weights) weight *= gain;
  ov::Output<ov::Node> x = input;
  for (std::size_t i = 0; i < layers; ++i) {
    ov::Output<ov::Node> w = constant_f32({width, width}, weights.data());
    if (int8) {
      x = quantised(x, -1.0F, 127.0F / 128.0F, 256);
      w = quantised(w, -gain, gain, 255);
    }
    x = std::make_shared<ov::op::v0::MatMul>(x, w, false, true);
  }
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<ov::op::v0::Result>(x)},
                                     ov::ParameterVector{input});
}

double operations_of(const ov::Node& convolution) {
  const ov::Shape weights = convolution.get_input_shape(1);
  const ov::Shape result = convolution.get_output_shape(0);
  const std::size_t outputs = ov::shape_size(result);
  const std::size_t channels = result[1];
  // Each output value sums over the weights of its own channel.
  return 2.0 * static_cast<double>(outputs) * static_cast<double>(ov::shape_size(weights)) /
         static_cast<double>(channels);
}

}  // namespace

double measure_matrix_peak(Precision precision, int threads, double seconds) {
  using Clock = std::chrono::steady_clock;
  struct Size {
    std::size_t rows, width;
  };
  // The rows are those of a batch of frames, the widths those of large layers.
  constexpr std::array sizes{Size{1444, 768}, Size{2048, 1024}, Size{1024, 2048}};
  constexpr std::size_t layers = 6;
  double best = 0;
  try {
    ov::Core core;
    ov::AnyMap properties{
        ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY), ov::num_streams(1),
        ov::hint::inference_precision(precision == Precision::bf16 ? ov::element::bf16
                                                                   : ov::element::f32)};
    if (threads > 0) properties.insert(ov::inference_num_threads(threads));
    for (const Size& size : sizes) {
      auto request = core.compile_model(product_chain(size.rows, size.width, layers,
                                                      precision == Precision::int8),
                                        "CPU", properties)
                         .create_infer_request();
      ov::Tensor input = request.get_input_tensor();
      std::fill_n(input.data<float>(), input.get_size(), 0.25F);
      const double operations = 2.0 * layers * static_cast<double>(size.rows) *
                                static_cast<double>(size.width * size.width);
      request.infer();
      const auto end =
          Clock::now() + std::chrono::duration<double>(seconds / static_cast<double>(sizes.size()));
      do {
        const auto start = Clock::now();
        request.infer();
        const std::chrono::duration<double> took = Clock::now() - start;
        best = std::max(best, operations / took.count() / 1e9);
      } while (Clock::now() < end);
    }
  } catch (const ov::Exception& error) {
    throw Error(
        format("OpenVINO cannot multiply matrices in {}: {}", to_string(precision), error.what()));
  }
  return best;
}

double operations_per_frame(const PreparedBackbone& prepared) {
  double sum = 0;
  for (const auto& node : prepared.impl().build(1, /*motion=*/false)->get_ops()) {
    if (ov::is_type<ov::op::v1::Convolution>(node) ||
        ov::is_type<ov::op::v1::GroupConvolution>(node)) {
      sum += operations_of(*node);
    }
  }
  return sum / 1e9;
}

}  // namespace vidclass::backbone

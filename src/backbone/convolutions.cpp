#include "backbone/convolutions.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include <openvino/op/add.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>

#include "backbone/graph_input.hpp"

namespace vidclass::backbone {
namespace {

const ov::CoordinateDiff no_padding{0, 0};
const ov::Strides undilated{1, 1};

ov::Output<ov::Node> with_bias(const std::shared_ptr<ov::Node>& convolution,
                               const std::vector<float>& bias, const std::string& name) {
  convolution->set_friendly_name(name + "/convolution");
  const auto sum = std::make_shared<ov::op::v1::Add>(
      convolution, constant_f32({1, bias.size(), 1, 1}, bias.data()));
  sum->set_friendly_name(name);
  return sum;
}

}  // namespace

FoldedConvolution fold(Shape shape, std::vector<float> kernel, const BatchNorm& norm) {
  const std::size_t out = shape[0];
  const std::size_t each = kernel.size() / out;
  std::vector<float> bias(out);
  for (std::size_t o = 0; o < out; ++o) {
    const double scale = norm.gamma[o] / std::sqrt(norm.variance[o] + norm.epsilon);
    bias[o] = static_cast<float>(norm.beta[o] - norm.mean[o] * scale);
    for (std::size_t i = o * each; i < (o + 1) * each; ++i) {
      kernel[i] = static_cast<float>(kernel[i] * scale);
    }
  }
  return {std::move(shape), std::move(kernel), std::move(bias)};
}

void read_pixels(FoldedConvolution& convolution, double centre, double scale) {
  const std::size_t each = convolution.kernel.size() / convolution.bias.size();
  for (std::size_t o = 0; o < convolution.bias.size(); ++o) {
    double sum = 0;
    for (std::size_t i = o * each; i < (o + 1) * each; ++i) {
      sum += convolution.kernel[i];
      convolution.kernel[i] = static_cast<float>(convolution.kernel[i] / scale);
    }
    convolution.bias[o] = static_cast<float>(convolution.bias[o] - sum * (centre / scale));
  }
}

ov::Output<ov::Node> convolve(const ov::Output<ov::Node>& maps,
                              const FoldedConvolution& convolution, const std::string& name,
                              std::size_t stride, ov::op::PadType padding) {
  return with_bias(std::make_shared<ov::op::v1::Convolution>(
                       maps, constant_f32(ov::Shape(convolution.shape), convolution.kernel.data()),
                       ov::Strides{stride, stride}, no_padding, no_padding, undilated, padding),
                   convolution.bias, name);
}

ov::Output<ov::Node> convolve_channels(const ov::Output<ov::Node>& maps,
                                       const FoldedConvolution& convolution,
                                       const std::string& name, std::size_t stride,
                                       ov::op::PadType padding) {
  const Shape& shape = convolution.shape;
  return with_bias(
      std::make_shared<ov::op::v1::GroupConvolution>(
          maps, constant_f32({shape[0], 1, 1, shape[2], shape[3]}, convolution.kernel.data()),
          ov::Strides{stride, stride}, no_padding, no_padding, undilated, padding),
      convolution.bias, name);
}

}  // namespace vidclass::backbone

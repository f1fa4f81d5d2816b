// Convolutions of graphs, their batch normalisations folded into them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <openvino/core/node_output.hpp>
#include <openvino/op/util/attr_types.hpp>

#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// y = gamma * (x - mean) / sqrt(variance + epsilon) + beta of each channel.
struct BatchNorm {
  std::span<const float> gamma, beta, mean, variance;
  double epsilon = 0;
};

struct FoldedConvolution {
  Shape shape;                // [out, in, height, width]
  std::vector<float> kernel;  // of that shape
  std::vector<float> bias;    // [out]
};

/// A convolution with that kernel [out, in, height, width] and no bias, and then the batch
/// normalisation, as one convolution.
[[nodiscard]] FoldedConvolution fold(Shape shape, std::vector<float> kernel, const BatchNorm& norm);

/// Makes a convolution that read pixels mapped by (pixel - centre) / scale read the pixels
/// themselves. Beyond the border it must then read `centre` where it read 0.
void read_pixels(FoldedConvolution& convolution, double centre, double scale);

/// Of maps [N, in, h, w]. The node is called `name`, the convolution before its bias is added
/// `name`/convolution: calibrations rely on both.
[[nodiscard]] ov::Output<ov::Node> convolve(const ov::Output<ov::Node>& maps,
                                            const FoldedConvolution& convolution,
                                            const std::string& name, std::size_t stride,
                                            ov::op::PadType padding);
/// The same of each channel by itself: `convolution` has [channels, 1, height, width].
[[nodiscard]] ov::Output<ov::Node> convolve_channels(const ov::Output<ov::Node>& maps,
                                                     const FoldedConvolution& convolution,
                                                     const std::string& name, std::size_t stride,
                                                     ov::op::PadType padding);

}  // namespace vidclass::backbone

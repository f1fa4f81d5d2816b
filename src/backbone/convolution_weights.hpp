// The weights of a convolution, seen as a matrix.
#pragma once

#include <cstddef>
#include <span>

#include "backbone/quantisation_point.hpp"

namespace vidclass::backbone {

/// [out][in of its group][positions], grouped or not.
struct ConvolutionWeights {
  /// Of a convolution whose weights are a float32 constant, which must live on.
  explicit ConvolutionWeights(const WeightedConvolution& convolution);

  std::span<const float> values;
  std::size_t out = 0, in = 0, positions = 0, out_per_group = 0;

  [[nodiscard]] std::size_t per_output() const { return in * positions; }
  [[nodiscard]] std::span<const float> of_output(std::size_t o) const {
    return values.subspan(o * per_output(), per_output());
  }
  /// The channel that weight `k` of output `o` reads.
  [[nodiscard]] std::size_t input_channel(std::size_t o, std::size_t k) const {
    return o / out_per_group * in + k / positions;
  }
};

}  // namespace vidclass::backbone

// What parts of a clip's features add to a label, by running the head.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "head/runner.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::classify {

/// A change of one frame's features: `values` times a factor is added to frame `frame`.
struct Direction {
  std::size_t frame = 0;
  std::vector<float> values;  // [D]
  /// Length of the difference quotient: the factor is from -step to step.
  float step = 0.1F;
};

/// ln(p / (1 - p)) of `label`, for each row of probabilities [N, L]; 1 - p is summed from
/// the others, so that it is exact where p is near 1.
[[nodiscard]] std::vector<double> log_odds(const Tensor& probabilities, std::size_t label);

/// For each direction v: the mean over `steps` points of the way from `base` to `features`
/// (both float32 [T, D]) of the derivative of the label's log odds along v.
[[nodiscard]] std::vector<double> integrated_gradients(head::HeadRunner& heads, const Tensor& base,
                                                       const Tensor& features,
                                                       std::span<const Direction> directions,
                                                       std::size_t label, int steps,
                                                       const std::function<void(double)>& progress,
                                                       const CancellationToken& cancel);

}  // namespace vidclass::classify

// Whether one of two models is better on the same clips.
#pragma once

#include <cstddef>
#include <span>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

struct McNemar {
  std::size_t both_right = 0;
  std::size_t only_first = 0;   // right by the first model, wrong by the second
  std::size_t only_second = 0;  // the other way round
  std::size_t both_wrong = 0;
  /// Of two equally good models, how often so uneven a split of the clips that
  /// only one names rightly comes by chance (two-sided).
  double p_value = 1;
};

/// The exact test, a binomial one on the clips where the models differ (McNemar,
/// "Note on the sampling error of the difference between correlated proportions or
/// percentages", 1947). Takes clips for independent. Both `first` and `second` as
/// `probabilities` of compute_metrics(), of the same clips in the same order.
[[nodiscard]] McNemar mcnemar(const Tensor& first, const Tensor& second,
                              std::span<const std::size_t> labels);

}  // namespace vidclass::evaluate

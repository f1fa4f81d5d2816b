// Linear classifiers of vectors: the ones that heads have among their members, by themselves.
#pragma once

#include <cstddef>
#include <span>

#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {

/// p(label | x) = softmax(x weights + bias).
struct LinearClassifier {
  Tensor weights;  // float32 [D, L]
  Tensor bias;     // float32 [L]
};

struct LinearOptions {
  /// How much the rows count against the penalty on the weights; above 0. (`C` of scikit-learn.)
  double strength = 1;
  /// Let labels count alike, however many rows each has.
  bool balanced = false;
  int most_iterations = 400;  // 0: no limit
};

/// Multinomial logistic regression by L-BFGS (Liu and Nocedal 1989): minimises |weights|^2 / 2 +
/// strength * sum over rows of -ln p(label). `rows`: float32 [N, D]; `labels`: N, each below
/// `label_count`. The same input gives the same to the bit. Throws UsageError for other shapes and
/// types and a strength that is none, Error for values that are not finite and a label out of
/// range; Cancelled.
[[nodiscard]] VIDCLASS_EXPORT LinearClassifier fit_linear(const Tensor& rows,
                                                          std::span<const std::size_t> labels,
                                                          std::size_t label_count,
                                                          const LinearOptions& options = {},
                                                          const CancellationToken& cancel = {});

}  // namespace vidclass

// Multinomial logistic regression on vectors.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "train/matrix.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/linear.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::train {

using vidclass::LinearClassifier;

struct RegressionOptions {
  /// How much the clips count against the penalty on the weights (as `C` of scikit-learn).
  double strength = 16;
  /// Let labels count alike, however many rows each has (scikit-learn's class_weight "balanced").
  bool balanced = true;
  int most_iterations = 400;  // 0: no limit
};

/// Minimises |weights|^2 / 2 + strength * sum over rows i of c(label i) * -ln p(label i), by L-BFGS
/// (Liu and Nocedal 1989); the bias is not penalised. c is 1, or balanced N / (L' N_label) with L'
/// labels that have rows. Labels without rows get no weights and a probability of next to nothing.
/// `rows`: N vectors of D values; `labels`: N, each below `label_count`. `start`: where to begin,
/// such as the solution for another strength; null: zeros. The same input gives the same to the
/// bit. Throws Error if there are no rows, values that are not finite, a label out of range or a
/// `start` of another shape; Cancelled.
[[nodiscard]] LinearClassifier fit_logistic_regression(Rows rows, std::size_t width,
                                                       std::span<const std::size_t> labels,
                                                       std::size_t label_count,
                                                       const RegressionOptions& options,
                                                       const CancellationToken& cancel = {},
                                                       const LinearClassifier* start = nullptr);

/// Float32 [N, L]. `rows`: N vectors, then further versions of each of them, `versions` in all,
/// over which the mean is taken.
[[nodiscard]] Tensor probabilities(const LinearClassifier& classifier, Rows rows,
                                   std::size_t versions = 1);

}  // namespace vidclass::train

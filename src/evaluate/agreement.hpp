// How alike two sets of features are.
#pragma once

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

/// Cosines between the rows of two arrays.
struct Agreement {
  double mean_cosine = 0;
  double least_cosine = 0;
};

/// Both float32 [N, D] of the same shape, N at least 1; a row of zeros agrees only with
/// another one. Throws Error on other shapes.
[[nodiscard]] Agreement compare_rows(const Tensor& a, const Tensor& b);

}  // namespace vidclass::evaluate

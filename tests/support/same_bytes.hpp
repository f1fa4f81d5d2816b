// Tensors that are the same to the bit.
#pragma once

#include <algorithm>

#include "vidclass/tensor.hpp"

namespace vidclass::testing {

[[nodiscard]] inline bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin());
}

}  // namespace vidclass::testing

// How alike two networks' features are.
#pragma once

#include <cmath>
#include <cstddef>

#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// Of all values as one vector.
inline double cosine(const Tensor& a, const Tensor& b) {
  const auto x = a.data<float>();
  const auto y = b.data<float>();
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += double{x[i]} * y[i];
    xx += double{x[i]} * x[i];
    yy += double{y[i]} * y[i];
  }
  return xy / std::sqrt(xx * yy);
}

}  // namespace vidclass::backbone

#include "train/average.hpp"

#include <cstddef>

namespace vidclass::train {

Tensor average_of(std::span<const Tensor* const> probabilities) {
  Tensor average(DType::f32, probabilities.front()->shape());
  const auto sum = average.data<float>();
  for (const Tensor* one : probabilities) {
    const auto values = one->data<float>();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
  }
  for (float& value : sum) value /= static_cast<float>(probabilities.size());
  return average;
}

}  // namespace vidclass::train

// The value in the middle.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vidclass::motion {

/// As numpy has it: of an even number of values the mean of the two in the middle. Reorders the
/// values, of which there is at least one.
template <typename Number>
[[nodiscard]] double median_of(std::vector<Number>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (static_cast<double>(*middle) + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace vidclass::motion

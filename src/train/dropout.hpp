// Dropout where gradients are written out.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"

namespace vidclass::train {

/// Inverted dropout (Srivastava et al. 2014): what is kept is scaled up, so that nothing needs to
/// be done when the network is used. Multiplies `values` by one factor each, 0 or 1 / (1 - rate),
/// of 16 random bits; the factors, by which their gradient is multiplied as well.
[[nodiscard]] inline std::vector<float> drop(double rate, std::span<float> values, Random& random) {
  std::vector<float> factors(values.size(), 1.0F);
  if (rate == 0) return factors;
  const auto dropped = static_cast<std::uint64_t>(std::lround(rate * 65536));
  const auto kept = static_cast<float>(1 / (1 - rate));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bits = i % 4 == 0 ? random.next() : bits >> 16;
    factors[i] = (bits & 0xFFFF) < dropped ? 0 : kept;
    values[i] *= factors[i];
  }
  return factors;
}

/// values *= factors, one each.
inline void multiply_by(std::span<const float> factors, std::span<float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[i];
}

}  // namespace vidclass::train

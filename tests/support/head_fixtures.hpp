// Heads and clips with made-up values.
#pragma once

#include <cstdint>

#include "head/head.hpp"

namespace vidclass::testing {

/// The same values everywhere for a seed, between -1 and 1.
inline Tensor made_up_tensor(const Shape& shape, std::uint64_t seed) {
  Tensor tensor(DType::f32, shape);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (float& value : tensor.data<float>()) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    value = static_cast<float>(static_cast<double>(state >> 40) / double(1 << 23) - 1.0);
  }
  return tensor;
}

inline head::Head made_up_head(const head::HeadSpec& spec, std::uint64_t seed = 1) {
  head::Head head{spec, {}};
  for (const auto& [name, shape] : head::parameter_shapes(spec)) {
    head.parameters.emplace(name, made_up_tensor(shape, seed++));
  }
  return head;
}

}  // namespace vidclass::testing

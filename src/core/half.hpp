// IEEE 754 binary16, in which features and activations may be stored.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// The compiler's own type: GCC 12 and Clang 15 have it in C++ on x86-64 and arm64.
using Half = _Float16;
static_assert(sizeof(Half) == 2);

/// Exact; a signalling NaN may become a quiet one.
[[nodiscard]] inline float float_from_half(std::uint16_t bits) noexcept {
  return static_cast<float>(std::bit_cast<Half>(bits));
}

/// Rounded to nearest, ties to even; infinite from 65520 on.
[[nodiscard]] inline std::uint16_t half_from_float(float value) noexcept {
  return std::bit_cast<std::uint16_t>(static_cast<Half>(value));
}

/// The same of all elements: float16 to float32 ...
[[nodiscard]] inline Tensor float_from_half(const Tensor& halves) {
  Tensor result(DType::f32, halves.shape());
  const std::byte* from = halves.bytes().data();
  for (float& value : result.data<float>()) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from, sizeof bits);
    value = float_from_half(bits);
    from += sizeof bits;
  }
  return result;
}

/// ... and back.
[[nodiscard]] inline Tensor half_from_float(const Tensor& values) {
  Tensor result(DType::f16, values.shape());
  std::byte* to = result.bytes().data();
  for (const float value : values.data<float>()) {
    const std::uint16_t bits = half_from_float(value);
    std::memcpy(to, &bits, sizeof bits);
    to += sizeof bits;
  }
  return result;
}

}  // namespace vidclass

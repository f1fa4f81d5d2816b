// IEEE 754 binary16, in which features and activations may be stored.
#pragma once

#include <bit>
#include <cstdint>

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

/// The same of all elements, with the instructions that the processor has for it: float16 to
/// float32 ...
[[nodiscard]] Tensor float_from_half(const Tensor& halves);
/// ... and back.
[[nodiscard]] Tensor half_from_float(const Tensor& values);

}  // namespace vidclass

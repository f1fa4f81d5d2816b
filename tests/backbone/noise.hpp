// Frames that are the same each time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// Frames of pseudo-random pixels, uint8 [count, side, side, 3].
inline Tensor noise(std::size_t count, std::size_t side, std::uint32_t seed = 1) {
  Tensor frames(DType::u8, {count, side, side, 3});
  for (auto& value : frames.data<std::uint8_t>()) {
    seed = seed * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(seed >> 24);
  }
  return frames;
}

}  // namespace vidclass::backbone

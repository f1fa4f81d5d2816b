// A frame in 64 bits that stay the same when it is scaled or recompressed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace vidclass::dataset {

/// The signs of the frame's 63 lowest DCT-II coefficients (8 x 8 without the mean), bit
/// 8 v + u for u periods across and v down: a perceptual hash. `picture` is 16 x 16 grey.
/// Empty when the frame is so flat that the signs would be noise.
[[nodiscard]] std::optional<std::uint64_t> frame_code(std::span<const std::uint8_t> picture);

/// The code of the mirror image: coefficients of odd u change their sign.
[[nodiscard]] constexpr std::uint64_t mirrored(std::uint64_t code) noexcept {
  return code ^ 0xAAAAAAAAAAAAAAAAULL;
}

}  // namespace vidclass::dataset

// Three planes to packed RGB.
#pragma once

#include <cstdint>

namespace vidclass::video {

/// Writes red, green, blue, red, ... of `width` pixels: 3 * width bytes.
void interleave_row(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue,
                    int width, std::uint8_t* target) noexcept;

}  // namespace vidclass::video

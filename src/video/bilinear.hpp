// cv2.resize with INTER_LINEAR, to the bit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vidclass::video {

/// A packed RGB picture in someone else's memory.
struct RgbView {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;  // bytes a row
  int width = 0;              // pixels
  int height = 0;
};

/// Resizes to width x height pixels, packed without gaps into `target`, with the
/// integer arithmetic that OpenCV 4 uses for 8-bit images: pixel centres at half
/// coordinates, two neighbours in each direction and no averaging of the others when
/// shrinking, weights of 11 bits. Like OpenCV it takes the mean of 2 x 2 pixels where
/// both sides shrink to exactly half.
void resize_bilinear(const RgbView& source, int width, int height, std::uint8_t* target);

}  // namespace vidclass::video

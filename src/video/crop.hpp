// The square of a frame that is kept.
#pragma once

#include "video/ffmpeg.hpp"
#include "video/orientation.hpp"
#include "video/sample.hpp"

namespace vidclass::video {

/// A square in a picture as it is shown, whatever its size. The default is the largest one in the
/// middle.
struct Square {
  double x = 0.5;   // of its middle, as a share of the picture's width
  double y = 0.5;   // of its middle, as a share of the picture's height
  double side = 1;  // as a share of the shorter side as shown, above 0 and at most 1
};

/// That square, moved into the picture and its corner to where a chroma sample starts, as a
/// second reference to the same memory. Of pixels that are not square, it has more one way than the
/// other.
void crop_to_square(const AVFrame& frame, Square square, AVFrame& cropped);

/// Where the square lies in a frame as it is shown.
[[nodiscard]] Window shown_window(const AVFrame& frame, Square square, Orientation orientation);

}  // namespace vidclass::video

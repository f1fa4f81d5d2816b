// Where in a clip it moves.
#pragma once

#include <cstddef>
#include <span>

#include "video/crop.hpp"

namespace vidclass::video {

/// The square about what moves: in the middle of the movement, with a side of 3.5 times its
/// standard deviation along the axis where it is wider (as long as the span of movement that is
/// even), at least 0.35 and at most 1 of the picture's shorter side. `movement`: grid * grid
/// values of 0 and more in rows, for a picture that is shown as width x height. What is below the
/// upper two fifths of the values counts as still; where nothing is above, the square is the
/// largest one in the middle.
[[nodiscard]] Square moving_square(std::span<const float> movement, std::size_t grid, double width,
                                   double height);

}  // namespace vidclass::video

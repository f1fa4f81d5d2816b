// Where in a clip it moves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

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

/// Cells along a side of the map in which moving_square_of() looks for movement. It is of the whole
/// picture, whatever its shape.
inline constexpr std::size_t square_grid = 12;

/// The same of the movement from the second to the first of each pair of places. `picture` makes
/// one as grey_thumbnail() does for square_grid; it is asked once for each of `count` places that
/// is in a pair.
[[nodiscard]] Square moving_square_of(
    std::span<const std::pair<std::size_t, std::size_t>> pairs, std::size_t count,
    const std::function<std::vector<std::uint8_t>(std::size_t place)>& picture, double width,
    double height);

}  // namespace vidclass::video

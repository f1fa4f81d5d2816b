// A map of values over a square of a picture.
#pragma once

#include <cstddef>

#include "report/canvas.hpp"

namespace vidclass::report {

/// Tints the square by the map, grid x grid values of 0 to 1 in rows, smoothly between the
/// middles of its cells.
void draw_heat(Canvas& canvas, const float* map, std::size_t grid, int left, int top, int side);

}  // namespace vidclass::report

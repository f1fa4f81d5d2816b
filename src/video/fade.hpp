// Leaving of a clip's pictures what moves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::video {

/// Draws what does not move towards mid-grey, where a tenth of its contrast is left. What moves is
/// found by `movement`, one map of grid * grid cells for each frame (movement_of()): the most
/// within a quarter of a second, against the most in the clip. Nothing is faded where nothing moves
/// in the whole clip.
///
/// `frames`: uint8 [T, side, side, 3]; `times`: of the frames, in seconds, ascending.
void fade_what_rests(Tensor& frames, const std::vector<std::vector<float>>& movement,
                     std::span<const double> times, std::size_t grid);

}  // namespace vidclass::video

// Where in a clip it moves, by its small grey pictures.
#pragma once

#include "video/grey_runs.hpp"
#include "video/sample.hpp"

namespace vidclass::video {

/// The square about what moves (moving_square()); the largest one in the middle where nothing does.
[[nodiscard]] Window moving_part(const GreyRuns& greys);

}  // namespace vidclass::video

// What this machine could do at most, to hold a network's speed against.
#pragma once

#include "vidclass/backbone/backbone.hpp"

namespace vidclass::backbone {

/// Billions of operations (a product and a sum are two) a second of the quickest of
/// several matrix products in one precision (never `automatic`), run by the same
/// library on the same threads (0: all) for about `seconds` in all. Throws Error.
[[nodiscard]] double measure_matrix_peak(Precision precision, int threads, double seconds = 1.0);

/// Operations of the convolutions for one frame, in billions.
[[nodiscard]] double operations_per_frame(const PreparedBackbone& prepared);

}  // namespace vidclass::backbone

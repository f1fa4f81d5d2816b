// The frames of a clip side by side, with what each adds to a decision.
#pragma once

#include <span>

#include "vidclass/tensor.hpp"

namespace vidclass::report {

/// A picture, uint8 [height, width, 3]: five frames a row; under each its time in seconds and a
/// bar as long as its share of `importance`. `frames` uint8 [T, S, S, 3]; `times` and
/// `importance` (0 to 1) have T values; `heat` float32 [T, g, g] of 0 to 1 tints the frames, or
/// is empty. Throws Error on shapes that disagree.
[[nodiscard]] Tensor contact_sheet(const Tensor& frames, std::span<const double> times,
                                   std::span<const float> importance, const Tensor& heat);

}  // namespace vidclass::report

// What several heads say together.
#pragma once

#include <span>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// The average of several heads' probabilities, each float32 [N, L]; at least one.
[[nodiscard]] Tensor average_of(std::span<const Tensor* const> probabilities);

}  // namespace vidclass::train

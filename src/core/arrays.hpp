// Looking at arrays that were read.
#pragma once

#include <string_view>

#include "core/safetensors.hpp"

namespace vidclass {

/// Throws Error if there is none of this name, or it is of another type.
[[nodiscard]] const Tensor& array_of(const NamedTensors& arrays, std::string_view name, DType type);

/// Of float32 and float64; false for other types.
[[nodiscard]] bool all_finite(const Tensor& tensor);

}  // namespace vidclass

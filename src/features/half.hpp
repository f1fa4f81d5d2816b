// Features at half the size.
#pragma once

#include "core/safetensors.hpp"

namespace vidclass::features {

/// float32 arrays as float16, rounded to nearest; others as they are. Throws Error for
/// a value above 65504, the greatest of float16.
[[nodiscard]] NamedTensors narrowed(NamedTensors arrays);
/// float16 arrays as float32; others as they are.
[[nodiscard]] NamedTensors widened(NamedTensors arrays);

}  // namespace vidclass::features

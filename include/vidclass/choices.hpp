// Choices by the names that the program's options give them.
#pragma once

#include <string_view>

#include "vidclass/export.hpp"
#include "vidclass/options.hpp"

namespace vidclass {

// Each throws UsageError naming the choices if `name` is none of them.

/// "uniform", "first", "segment" or "dense".
[[nodiscard]] VIDCLASS_EXPORT Sampling sampling_from(std::string_view name);
/// "standard" or "keras".
[[nodiscard]] VIDCLASS_EXPORT Preprocess preprocess_from(std::string_view name);
/// "centre" or "motion".
[[nodiscard]] VIDCLASS_EXPORT Crop crop_from(std::string_view name);
/// "auto", "f32", "bf16" or "int8".
[[nodiscard]] VIDCLASS_EXPORT Precision precision_from(std::string_view name);
/// "auto", "avg", "avg,motion", "avg,middle" or "avg,motion,middle".
[[nodiscard]] VIDCLASS_EXPORT PoolingChoice pooling_from(std::string_view name);
/// "auto", "nchw" or "nhwc".
[[nodiscard]] VIDCLASS_EXPORT InputLayout input_layout_from(std::string_view name);

}  // namespace vidclass

// Features without their order.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/feature_source.hpp"

namespace vidclass::train {

/// Mean over time of the first `width` values of each frame. `clip`: float32 [T, W].
[[nodiscard]] std::vector<float> mean_over_time(const Tensor& clip, std::size_t width);

/// Every clip as its mean over time, [1, width], in memory.
[[nodiscard]] std::shared_ptr<const FeatureSource> pooled_over_time(const FeatureSource& source,
                                                                    std::size_t width);

}  // namespace vidclass::train

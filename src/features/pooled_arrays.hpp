// The arrays of a cache entry that hold features.
#pragma once

#include "vidclass/backbone/backbone.hpp"
#include "vidclass/features/settings.hpp"

namespace vidclass::features {

struct PooledArray {
  const char* name;
  Tensor backbone::PooledFeatures::*features;
  bool weighted;  // by motion
  bool middle;    // of the map in the middle
};

/// In the order in which heads read them.
inline constexpr PooledArray pooled_arrays[] = {
    {"avg", &backbone::PooledFeatures::avg, false, false},
    {"motion", &backbone::PooledFeatures::motion, true, false},
    {"middle", &backbone::PooledFeatures::middle, false, true},
    {"middle_motion", &backbone::PooledFeatures::middle_motion, true, true},
};

/// Features a frame of an array; 0 where these settings have none.
[[nodiscard]] inline std::size_t width_of(const PooledArray& array,
                                          const FeatureSettings& settings) noexcept {
  if (array.weighted && settings.clip.motion_grid == 0) return 0;
  return array.middle ? settings.backbone.middle_size : settings.backbone.feature_size;
}

}  // namespace vidclass::features

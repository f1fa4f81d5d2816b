// What a cache entry holds.
#pragma once

#include "backbone/pooling.hpp"
#include "core/safetensors.hpp"
#include "features/settings.hpp"

namespace vidclass::features {

/// Features a frame of this pooling; 0 where these settings have none.
[[nodiscard]] std::size_t width_of(const backbone::Pooling& pooling,
                                   const FeatureSettings& settings) noexcept;

/// Throws Error with what is wrong, unless the arrays are those that extract()
/// promises (ClipFeatures), 1 <= T <= frames, D and M those of the backbone.
void check_entry(const NamedTensors& arrays, const FeatureSettings& settings);

}  // namespace vidclass::features

// What a cache entry holds.
#pragma once

#include "core/safetensors.hpp"
#include "features/settings.hpp"

namespace vidclass::features {

/// Throws Error with what is wrong, unless the arrays are those that extract()
/// promises (ClipFeatures), 1 <= T <= frames, D and M those of the backbone.
void check_entry(const NamedTensors& arrays, const FeatureSettings& settings);

}  // namespace vidclass::features

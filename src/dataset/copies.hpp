// Clips with the same content.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vidclass/dataset/manifest.hpp"

namespace vidclass::dataset {

/// What is wrong with `copies`, sets of indices of clips with the same content:
/// one sentence for those in several splits, for those with several labels, and
/// for all others.
[[nodiscard]] std::vector<std::string> warnings_about_copies(
    const Manifest& manifest, const std::vector<std::vector<std::size_t>>& copies);

}  // namespace vidclass::dataset

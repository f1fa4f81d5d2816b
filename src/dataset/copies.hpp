// Clips with the same content or footage.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dataset/leaks.hpp"
#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// What is wrong with `copies`, sets of indices of clips with the same content:
/// one sentence for those in several splits, for those with several labels, and
/// for all others.
[[nodiscard]] std::vector<std::string> warnings_about_copies(
    const Manifest& manifest, const std::vector<std::vector<std::size_t>>& copies);

/// The same for pairs of clips that show the same footage.
[[nodiscard]] std::vector<std::string> warnings_about_near_duplicates(
    const Manifest& manifest, const std::vector<std::string>& contents,
    const std::vector<NearDuplicate>& pairs);

}  // namespace vidclass::dataset

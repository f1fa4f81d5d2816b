// Whether the feature arrays of a data set go together.
#pragma once

#include <string>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// One sentence if feature arrays differ in the number of features a frame; `reasons`
/// has one element a clip, and those that have a reason are passed over.
[[nodiscard]] std::vector<std::string> warnings_about_widths(
    const Manifest& manifest, const std::vector<std::string>& reasons);

}  // namespace vidclass::dataset

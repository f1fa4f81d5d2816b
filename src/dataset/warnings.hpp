// What is suspicious about a manifest, judged without opening its files.
#pragma once

#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "dataset/scan.hpp"

namespace vidclass::dataset {

/// Clips of each class by split, in the order of the labels.
[[nodiscard]] std::vector<ClassCount> count_classes(const Manifest& manifest);

/// One sentence each: fewer than two classes, classes without clips, a class
/// missing from a split that others are in, heavy imbalance, a given group on
/// both sides of a split.
[[nodiscard]] std::vector<std::string> warnings_about(const Manifest& manifest);

}  // namespace vidclass::dataset

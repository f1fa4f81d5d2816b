// Parts for cross-validation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// Deals clips out to `folds` parts of about the same size, so that every class has its
/// share in each as nearly as whole groups allow. Returns the part of each of `clips`
/// (indices into Manifest::clips), 0 to folds - 1. Deterministic for a seed. Throws
/// UsageError for less than two folds, or more than there are groups.
[[nodiscard]] std::vector<std::size_t> deal_folds(const Manifest& manifest,
                                                  std::span<const std::size_t> clips, int folds,
                                                  std::uint64_t seed);

}  // namespace vidclass::dataset

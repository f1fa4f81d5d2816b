// What is there: counts, splits, and clips that cannot be read.
#pragma once

#include <string>
#include <vector>

#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/progress.hpp"
#include "vidclass/core/unusable_clip.hpp"
#include "vidclass/dataset/manifest.hpp"

namespace vidclass::dataset {

struct ClassCount {
  std::string label;
  std::size_t none = 0, train = 0, validation = 0, test = 0;  // clips by split
};

struct ScanReport {
  std::size_t clips = 0;
  std::vector<ClassCount> classes;  // in the order of the labels
  std::vector<UnusableClip> unusable;
  /// One sentence each: the same content in two splits, a group on both sides,
  /// a class missing from a split, fewer than two classes, heavy imbalance.
  std::vector<std::string> warnings;
};

/// Opens every clip (without decoding), and hashes the contents of those whose
/// file sizes agree, to find copies. `threads` files at once.
[[nodiscard]] ScanReport scan(const Manifest& manifest, int threads,
                              const ProgressFunction& progress = {},
                              const CancellationToken& cancel = {});

}  // namespace vidclass::dataset

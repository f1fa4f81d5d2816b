// Near duplicates that were found, kept for whoever has the same clips.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dataset/leaks.hpp"

namespace vidclass::dataset {

/// DIR/near_duplicates.tsv: a line a pair, "first second mirrored shift overlap" with a tab
/// between. Pairs are of contents, not of paths or splits, so that they hold whatever is
/// renamed, split anew or put into another set. One thread at a time.
class NearDuplicateList {
public:
  /// An unreadable list counts as empty, and so do lines that are no pairs.
  explicit NearDuplicateList(const std::filesystem::path& cache_dir);

  [[nodiscard]] const std::vector<NearDuplicate>& pairs() const noexcept { return pairs_; }
  /// Takes `found` for all that there is among `contents`, and writes the list, whole. Pairs
  /// that another process wrote meanwhile are kept. Throws Error.
  void replace(const std::set<std::string>& contents, const std::vector<NearDuplicate>& found);

private:
  std::filesystem::path path_;
  std::vector<NearDuplicate> pairs_;
};

}  // namespace vidclass::dataset

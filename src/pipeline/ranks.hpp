// Work that several processes share out among them.
#pragma once

#include <cstddef>
#include <vector>

#include "dataset/manifest.hpp"
#include "features/extractor.hpp"
#include "torch/ranks.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// Every size()-th element, from rank() on.
template <typename Element>
[[nodiscard]] std::vector<Element> share_of(const std::vector<Element>& all,
                                            const torch::Ranks& ranks) {
  std::vector<Element> share;
  for (auto i = static_cast<std::size_t>(ranks.rank()); i < all.size();
       i += static_cast<std::size_t>(ranks.size())) {
    share.push_back(all[i]);
  }
  return share;
}

/// What a rank may say: the first all, the others no progress.
[[nodiscard]] Hooks hooks_of(bool first, const Hooks& hooks);

/// Puts features of the training and validation clips into the cache that ranks share,
/// for the rank that gathers them, with `faded` also of the augmented clips (gather_features()).
/// Does nothing without a cache.
void help_to_extract(const dataset::Manifest& manifest, const features::ExtractOptions& options,
                     bool faded, const Hooks& hooks);

}  // namespace vidclass::pipeline

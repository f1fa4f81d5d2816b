// Making splits that can be trusted.
#pragma once

#include <cstdint>

#include "vidclass/dataset/manifest.hpp"

namespace vidclass::dataset {

struct SplitOptions {
  double validation = 0.15;  // share of all clips
  double test = 0.15;
  std::uint64_t seed = 1;
};

/// Gives every clip a split, as far as the manifest does not: without any given
/// split all three are made; with given train and test but no validation, part
/// of train (validation / (1 - test) of it) becomes validation; given splits are
/// never changed otherwise. Clips are shuffled within their class, so that
/// every class has its share in each split as nearly as whole groups allow; all
/// clips of a group get the same split. Deterministic for a seed. Every class
/// that has at least as many groups as there are splits to fill is in each.
/// Throws Error if there is nothing to train on afterwards.
void make_splits(Manifest& manifest, const SplitOptions& options = {});

}  // namespace vidclass::dataset

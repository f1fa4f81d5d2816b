// Making splits that can be trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// One of several ways to cut a data set in parts, each of which is the test set once.
struct Fold {
  int number = 1;  // 1 to `of`
  int of = 5;      // at least 2
};

struct SplitOptions {
  double validation = 0.15;  // share of all clips
  double test = 0.15;
  std::uint64_t seed = 1;
  /// The test set is this fold instead of `test` of the clips; every clip is in the
  /// test set of exactly one fold of a seed.
  std::optional<Fold> fold = std::nullopt;
};

/// Reads "70/15/15" (train, validation, test) and "80/20" (train, test; validation
/// is 15 % of the former) into shares; the numbers need not add up to 100. Throws
/// UsageError for anything else.
[[nodiscard]] SplitOptions split_shares_from(std::string_view text);

/// Gives every clip a split, as far as the manifest does not: without any given
/// split all three are made; with given train but no validation or no test, part
/// of train (validation / (1 - test) of it; test of it) becomes that; given splits are
/// never changed otherwise. Clips are shuffled within their class, so that
/// every class has its share in each split as nearly as whole groups allow; all
/// clips of a group get the same split. Deterministic for a seed. Every class
/// that has at least as many groups as there are splits to fill is in each.
/// Throws Error if there is nothing to train on afterwards, UsageError for shares and
/// folds out of range and for a fold of data that gives splits.
void make_splits(Manifest& manifest, const SplitOptions& options = {});

/// Throws Error unless each of `splits` has clips, and those to train on are of two labels at
/// least: how many there are, and what would do. `options`: those that the splits were made with.
void require_splits(const Manifest& manifest, const std::vector<Split>& splits,
                    const SplitOptions& options);

}  // namespace vidclass::dataset

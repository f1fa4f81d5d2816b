// How far a score may be off because the test set is small.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

struct BootstrapOptions {
  std::size_t resamples = 2000;
  double level = 0.95;  // share of the resamples that an interval holds
  std::uint64_t seed = 1;
};

struct Interval {
  double low = 0;
  double high = 0;
};

struct ConfidenceIntervals {
  Interval top1;
  Interval top5;
  Interval mean_class_accuracy;
  Interval loss;
  double level = 0;
  std::size_t resamples = 0;
  /// What was drawn: groups, or as many as there are clips where none shares one.
  std::size_t groups = 0;
};

/// Percentile intervals (Efron and Tibshirani, "An Introduction to the Bootstrap",
/// chapter 13), linear between order statistics. Whole groups are drawn with
/// replacement, because clips of one scene are right or wrong together; `groups` has
/// one name a clip (empty: a group of its own), or is empty. Other arguments and
/// errors as for compute_metrics(). Deterministic for a seed.
[[nodiscard]] ConfidenceIntervals bootstrap(const Tensor& probabilities,
                                            std::span<const std::size_t> labels,
                                            std::span<const std::string> groups = {},
                                            const BootstrapOptions& options = {});

}  // namespace vidclass::evaluate

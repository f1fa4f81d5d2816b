// A model's answers on labelled clips beside those of others.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/mcnemar.hpp"

namespace vidclass::evaluate {

/// Another model on the same clips.
struct Comparison {
  std::string name;  // of the other
  Metrics metrics;
  McNemar test;
};

struct Verdict {
  Evaluation model;
  std::optional<Metrics> baseline;
  double majority = 0;  // what always answering the most frequent label scores
  double chance = 0;
  std::vector<Comparison> comparisons;  // the baseline, if there is one, first
};

/// `probabilities`, `baseline` (of the mean-pool head; empty: there is none): float32 [clips, L];
/// `groups`: one a clip.
[[nodiscard]] Verdict judge(const Tensor& probabilities, const Tensor& baseline,
                            std::span<const std::size_t> truth,
                            std::span<const std::string> groups);
/// `probabilities` of the model, `other` of the one it is compared with.
[[nodiscard]] Comparison compare(const Tensor& probabilities, const Tensor& other,
                                 std::span<const std::size_t> truth, std::string name);

/// One kind of head, or one model, over several seeds.
struct SeedScores {
  std::string name;
  std::vector<Metrics> seeds;
};

}  // namespace vidclass::evaluate

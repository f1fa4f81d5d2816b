// How good predictions are.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/core/tensor.hpp"

namespace vidclass::evaluate {

/// All fractions of 1, not per cent.
struct Metrics {
  std::size_t clips = 0;
  double top1 = 0;
  /// The true label is among the 5 most probable (all of them, if there are fewer).
  double top5 = 0;
  /// Mean over the classes that have clips of their share of right answers.
  double mean_class_accuracy = 0;
  /// Mean of -ln p(true label), natural logarithm, p not below 1e-7 (as Keras clips).
  double loss = 0;
  /// confusion[true][predicted], counts.
  std::vector<std::vector<std::size_t>> confusion;
};

/// `probabilities` float32 [clips, L]; `labels` one index below L a clip. Equal
/// probabilities rank by the lower index. Throws Error on shapes that disagree, a
/// label out of range, a probability that is not finite, or when there is no clip.
[[nodiscard]] Metrics compute_metrics(const Tensor& probabilities,
                                      std::span<const std::size_t> labels);

/// Share of the most frequent label among `labels`: what always answering it
/// scores. Throws Error when there is no clip or a label is out of range.
[[nodiscard]] double majority_share(std::span<const std::size_t> labels, std::size_t label_count);

}  // namespace vidclass::evaluate

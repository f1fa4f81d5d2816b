// How good predictions are.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

/// Of one label. All fractions of 1; one that would be 0 / 0 is 0.
struct ClassMetrics {
  std::size_t support = 0;    // clips that have the label
  std::size_t predicted = 0;  // clips that were given it
  double precision = 0;       // right ones among those that were given it
  double recall = 0;          // right ones among those that have it
  double f1 = 0;              // harmonic mean of the two
};

/// All fractions of 1, not per cent.
struct Metrics {
  std::size_t clips = 0;
  double top1 = 0;
  /// The true label is among the 5 most probable (all of them, if there are fewer).
  double top5 = 0;
  /// Mean over the classes that have clips of their share of right answers.
  double mean_class_accuracy = 0;
  /// Mean of surprise_of(p(true label)) (evaluate/score.hpp).
  double loss = 0;
  std::vector<ClassMetrics> classes;  // one a label
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

struct MeanAndDeviation {
  double mean = 0;
  double deviation = 0;  // of the sample (n - 1); 0 for one value
};
/// Of one number from several seeds or models; zeros where there is none.
[[nodiscard]] MeanAndDeviation mean_and_deviation(std::span<const double> values);

}  // namespace vidclass::evaluate

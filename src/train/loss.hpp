// What training makes small.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// Cross-entropy with label smoothing (Szegedy et al. 2016) and label weights, as
/// torch.nn.CrossEntropyLoss defines it: the weighted mean over the clips of a batch.
struct Loss {
  std::vector<float> label_weights;  // one a label; empty: all alike
  double label_smoothing = 0;

  struct Result {
    double value = 0;
    Tensor gradient;  // of the value by the logits, float32 [B, L]
  };
  /// `logits`: float32 [B, L]; `labels`: B.
  [[nodiscard]] Result of(const Tensor& logits, std::span<const std::size_t> labels) const;
};

/// Of each of `count` labels: clips / (count * clips of it), so that rare labels count as much as
/// frequent ones; 0 without clips. `labels`: of the training clips.
[[nodiscard]] std::vector<float> balanced_weights(std::span<const std::size_t> labels,
                                                  std::size_t count);

/// Turns logits [B, L] to probabilities, in place.
void softmax(Tensor& logits);

}  // namespace vidclass::train

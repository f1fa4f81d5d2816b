// How each kind of head is trained unless the caller says otherwise.
#pragma once

#include <cstddef>
#include <vector>

#include "vidclass/head/head.hpp"

namespace vidclass::train {

/// docs/training.md tells how these were found.
struct Recipe {
  int epochs = 0;
  int batch_size = 0;  // clips
  double learning_rate = 0;
  double adam_epsilon = 1e-8;
  double weight_decay = 0;  // decoupled (AdamW), on kernels only
  bool cosine = false;      // learning rate falls to 0 along a cosine, after a warm-up
  double label_smoothing = 0;
  double input_dropout = 0;    // on normalised features
  double feature_dropout = 0;  // on projected features
  double output_dropout = 0;   // on what the classifier reads
  /// The loss of a clip is weighted by clips / (labels * clips of its label), so
  /// that rare labels count as much as frequent ones.
  bool balanced = false;
  int members = 1;
  /// What the members of a `gru` read, in turn.
  std::vector<std::vector<head::View>> member_views{};
};

/// `poolings`: of a frame, as in head::HeadSpec.
[[nodiscard]] Recipe recipe_for(head::HeadKind kind, std::size_t poolings = 1);

}  // namespace vidclass::train

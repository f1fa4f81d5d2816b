// How each kind of head is trained unless the caller says otherwise.
#pragma once

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
  int members = 1;
};

[[nodiscard]] Recipe recipe_for(head::HeadKind kind);

}  // namespace vidclass::train

// How the last blocks are trained unless the caller says otherwise.
#pragma once

#include "torch/finetune.hpp"

namespace vidclass::torch {

/// docs/finetuning.md tells how these were found.
struct FinetuneRecipe {
  int head_epochs = 15;  // of the head alone, on the features of the network as it came
  int epochs = 12;
  int batch_size = 8;  // clips
  int frames = 10;     // of a clip in a training step
  double learning_rate = 1e-4;
  double head_learning_rate = 1e-3;
  double weight_decay = 0.05;  // decoupled (AdamW), on kernels
  double warm_up = 0.1;        // share of the steps in which the rates rise
  double label_smoothing = 0.1;
  double max_gradient_norm = 1;
  /// Share of the old in the running average of the weights, a step; the average is
  /// what is validated and kept.
  double averaging = 0.97;
};

/// Throws UsageError for a value out of range.
[[nodiscard]] FinetuneRecipe finetune_recipe(const FinetuneOptions& options);

}  // namespace vidclass::torch

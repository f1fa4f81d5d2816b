// Training heads on features.
//
// These functions live in a library of their own, libvidclass_train, because
// LibTorch takes time and memory to load: see cli/train_library.hpp for how the
// program reaches it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/progress.hpp"
#include "vidclass/head/head.hpp"

namespace vidclass::train {

/// Clips with their labels. All vectors have one element a clip.
struct LabelledFeatures {
  std::vector<Tensor> clips;        // float32 [T_i, P D], T_i >= 1
  std::vector<std::size_t> labels;  // below TrainOptions::spec.labels
};

/// Everything but `spec` changes both the result and the time. What is left
/// empty takes the recipe of the head's kind (docs/training.md).
struct TrainOptions {
  /// features and labels must be set.
  head::HeadSpec spec;
  /// The members of a `gru` read the views of the recipe in turn; false: all read
  /// spec.views.
  bool mixed_views = true;
  std::uint64_t seed = 1;
  std::optional<int> epochs;
  std::optional<int> batch_size;
  std::optional<double> learning_rate;  // peak
  /// Heads trained from seeds derived from `seed`, to be averaged.
  std::optional<int> members;
  /// Members trained at the same time, a thread each; 0: as many as CPUs. Speed only.
  int threads = 0;
};

struct Epoch {
  int epoch = 0;  // from 1
  double train_loss = 0;
  double val_loss = 0;  // mean of -ln p(true label)
  /// What the training minimises, on the validation clips: val_loss with the
  /// recipe's label smoothing.
  double val_objective = 0;
  double val_top1 = 0;
};

struct MemberHistory {
  std::uint64_t seed = 0;
  std::vector<Epoch> epochs;
  int best_epoch = 0;  // the one whose weights were kept: the lowest val_objective
};

struct TrainResult {
  head::Ensemble heads;  // at the best epoch of each
  std::vector<MemberHistory> members;
  /// Of the whole ensemble on the validation clips.
  double val_top1 = 0;
  double val_loss = 0;
  double seconds = 0;
};

/// Trains on `train`, keeps the epoch with the lowest val_objective. The same
/// seed and data give the same result on one machine. Throws
/// Error when there is nothing to train on or the loss is not finite, Cancelled.
[[nodiscard]] TrainResult train_heads(const LabelledFeatures& train,
                                      const LabelledFeatures& validation,
                                      const TrainOptions& options,
                                      const ProgressFunction& progress = {},
                                      const CancellationToken& cancel = {});

}  // namespace vidclass::train

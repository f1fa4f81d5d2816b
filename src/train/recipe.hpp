// How each kind of head is trained unless the caller says otherwise.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "head/head.hpp"
#include "train/mixture.hpp"

namespace vidclass::train {

enum class OptimiserKind {
  adamw,  // Adam with decoupled weight decay (Loshchilov and Hutter 2019)
  adam,   // Adam (Kingma and Ba 2015); weight decay is added to the gradient
  sgd,    // stochastic gradient descent with momentum
};
enum class ScheduleKind {
  constant,
  cosine,  // from the peak to 0 along half a cosine
};

[[nodiscard]] std::string_view to_string(OptimiserKind kind) noexcept;
[[nodiscard]] std::string_view to_string(ScheduleKind kind) noexcept;
/// Throw UsageError naming the choices.
[[nodiscard]] OptimiserKind optimiser_kind_from(std::string_view name);
[[nodiscard]] ScheduleKind schedule_kind_from(std::string_view name);

/// docs/training.md tells how these were found.
struct Recipe {
  int epochs = 0;
  int batch_size = 0;        // clips
  double learning_rate = 0;  // at its peak
  OptimiserKind optimiser = OptimiserKind::adamw;
  double adam_epsilon = 1e-8;
  double momentum = 0.9;    // of sgd
  bool nesterov = false;    // of sgd (Sutskever et al. 2013)
  double weight_decay = 0;  // on kernels only
  ScheduleKind schedule = ScheduleKind::constant;
  /// Share of all steps in which the learning rate rises from a tenth to its peak.
  double warm_up = 0;
  double label_smoothing = 0;
  double input_dropout = 0;    // on normalised features
  double feature_dropout = 0;  // on projected features
  double output_dropout = 0;   // on what the classifier reads
  /// Labels weigh as balanced_weights() says (train/loss.hpp).
  bool balanced = false;
  /// A training step draws one of the versions of each clip, where there is another
  /// (LabelledFeatures::augmented).
  bool draws_augmented = false;
  /// Gradients longer than this (Euclidean norm over all parameters) are shortened
  /// to it; 0: never.
  double clip_norm = 0;
  /// Batches whose gradients are averaged into one step of the optimiser.
  int accumulate = 1;
  /// Ends when so many epochs in a row brought no better validation objective; 0: never.
  int patience = 0;
  /// The weights of the last epoch are kept instead of those of the best one.
  bool keep_last = false;
  int members = 1;
  /// What the members are, in turn; empty: all of the kind and transforms that were asked for.
  std::vector<MemberDesign> designs{};
};

[[nodiscard]] Recipe recipe_for(head::HeadKind kind, const FrameFeatures& available = {},
                                Mixture mixture = Mixture::balanced);

}  // namespace vidclass::train

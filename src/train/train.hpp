// Training heads on features.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "head/head.hpp"
#include "train/features.hpp"
#include "train/kept_features.hpp"
#include "train/learner.hpp"
#include "train/recipe.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// Where and how often the state of a training is kept, so that one that was ended
/// can go on.
struct CheckpointOptions {
  /// One file a member, whole or absent. Empty: nothing is kept.
  std::filesystem::path dir;
  /// A member is kept when so many seconds have gone since it was kept last ...
  double seconds = 60;
  /// ... and after every so many epochs; 0: by time alone.
  int epochs = 0;
  /// Goes on from what is in `dir`, as far as something is.
  bool resume = false;
};

/// Everything but `spec`, `threads` and `checkpoints` changes both the result and the
/// time. What is left empty takes the recipe of the head's kind (docs/training.md).
struct TrainOptions {
  /// features and labels must be set.
  head::HeadSpec spec;
  /// The members of a `gru` are those of `mixture` in turn (spec.transforms is not read) ...
  Mixture mixture = Mixture::balanced;
  /// ... or these, if there are any.
  std::vector<MemberDesign> designs;
  std::uint64_t seed = 1;
  std::optional<int> epochs;
  std::optional<int> batch_size;
  std::optional<double> learning_rate;  // peak
  std::optional<OptimiserKind> optimiser;
  std::optional<double> momentum;
  std::optional<bool> nesterov;
  std::optional<double> weight_decay;
  std::optional<ScheduleKind> schedule;
  std::optional<double> warm_up;
  std::optional<double> label_smoothing;
  std::optional<double> output_dropout;
  std::optional<std::size_t> hidden;  // units of a `gru` in each direction
  std::optional<bool> balanced;
  std::optional<double> clip_norm;
  std::optional<int> accumulate;
  std::optional<int> patience;
  /// Keeps each member's last epoch, whatever the validation clips say: for a training whose
  /// clips hold those as well.
  bool keep_last = false;
  /// Heads trained from seeds derived from `seed`, to be averaged.
  std::optional<int> members;
  /// Principal axes of each map that a `gru` and `moments` read along (train/principal_axes.hpp);
  /// 0: it reads the features themselves.
  std::optional<std::size_t> components;
  /// Members trained at the same time, a thread each; 0: as many as CPUs. Speed only.
  int threads = 0;
  CheckpointOptions checkpoints;
  /// Where what is made of the features is kept.
  Room room;
};

/// The recipe of the head's kind with what the options say instead. A `gru` and `moments` take
/// fewer epochs of more than 600 clips, so that the steps grow with the root of the clips, and 10
/// at least. Throws UsageError naming the first value that is out of range.
[[nodiscard]] Recipe chosen_recipe(const TrainOptions& options, std::size_t clips = 0);
/// How many axes a `gru` and `moments` of so many training clips read along, unless the options
/// say.
[[nodiscard]] std::size_t components_for(const TrainOptions& options, std::size_t clips);

struct Epoch {
  int epoch = 0;  // from 1
  double train_loss = 0;
  double val_loss = 0;  // mean of -ln p(true label)
  /// What the training minimises, on the validation clips: val_loss with the
  /// recipe's label smoothing.
  double val_objective = 0;
  double val_top1 = 0;
  double learning_rate = 0;  // at the epoch's last step
  double seconds = 0;        // validation included
};

struct MemberHistory {
  std::uint64_t seed = 0;
  std::vector<Epoch> epochs;
  /// The one whose weights were kept: the lowest val_objective, or the last (keep_last).
  int best_epoch = 0;
};

struct TrainResult {
  head::Ensemble heads;  // at the best epoch of each
  Recipe recipe;         // what they were trained with
  /// What each of them says of the validation clips, float32 [clips, L].
  std::vector<Tensor> probabilities;
  std::vector<MemberHistory> members;
  /// Of the whole ensemble on the validation clips.
  double val_top1 = 0;
  double val_loss = 0;
  double seconds = 0;
  /// `heads` come from another training, on the validation clips as well.
  bool refitted = false;
  /// The training was cancelled. `heads` are the best so far of those members that
  /// had ended an epoch.
  bool stopped = false;
};

/// What the whole ensemble says of the validation clips, float32 [clips, L].
[[nodiscard]] Tensor average_probabilities(const TrainResult& result);

struct TrainHooks {
  ProgressFunction progress{};
  /// Called after every epoch of every member, and at once for those that a resumed
  /// training has behind it. Called from one thread at a time.
  std::function<void(int member, const Epoch& epoch)> on_epoch{};
  CancellationToken cancel{};
};

/// Trains on `train`, keeps of each member the epoch with the lowest val_objective.
/// The same seed and data give the same result bit for bit on one machine, whether
/// or not it was ended and resumed in between.
/// Throws Error when there is nothing to train on, when the loss is not finite, when
/// a checkpoint is of another training; Cancelled when it was before any member had
/// ended an epoch.
[[nodiscard]] TrainResult train_heads(const LabelledFeatures& train,
                                      const LabelledFeatures& validation,
                                      const TrainOptions& options, const TrainHooks& hooks = {});

}  // namespace vidclass::train

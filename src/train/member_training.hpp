// Training one head of an ensemble, a step at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "train/checkpoint.hpp"
#include "train/optimiser.hpp"
#include "train/train.hpp"

namespace vidclass::train {

/// One thread at a time; several objects may train at the same time.
class MemberTraining {
public:
  MemberTraining(head::HeadSpec spec, Recipe recipe, LabelledFeatures train,
                 LabelledFeatures validation, std::uint64_t seed);

  /// All epochs are over, or the recipe's patience is.
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  /// The next step is the first of an epoch.
  [[nodiscard]] bool between_epochs() const noexcept { return position_ == 0; }
  /// One step of the optimiser and, after the last clip of an epoch, the validation.
  /// Throws Error when the loss or the gradients are not finite.
  void step();

  [[nodiscard]] std::size_t steps_in_all() const noexcept;
  [[nodiscard]] std::size_t steps_done() const noexcept;
  [[nodiscard]] const MemberHistory& history() const noexcept { return history_; }
  /// As they are now.
  [[nodiscard]] NamedTensors parameters() { return learner_->export_parameters(); }
  [[nodiscard]] Tensor probabilities(const LabelledFeatures& data);
  /// As they were at history().best_epoch; empty before the first epoch has ended.
  [[nodiscard]] const NamedTensors& best_parameters() const noexcept { return best_; }
  /// [clips, L], of the validation clips.
  [[nodiscard]] const Tensor& best_probabilities() const noexcept { return best_probabilities_; }

  /// What restore() needs to go on from here bit for bit. `settings` are left empty.
  [[nodiscard]] Checkpoint checkpoint() const;
  /// Throws Error if the checkpoint does not fit.
  void restore(const Checkpoint& checkpoint);

private:
  [[nodiscard]] std::size_t clips_in_a_step() const noexcept;
  [[nodiscard]] std::size_t steps_in_an_epoch() const noexcept;
  [[nodiscard]] int epoch() const noexcept { return static_cast<int>(history_.epochs.size()) + 1; }
  void end_epoch(double learning_rate);
  [[nodiscard]] std::string place() const;

  head::HeadSpec spec_;
  Recipe recipe_;
  LabelledFeatures train_;
  LabelledFeatures validation_;
  Loss loss_;
  std::unique_ptr<Learner> learner_;
  Optimiser optimiser_;
  Random random_;  // of the order; the learner has its own

  std::vector<std::size_t> order_;
  std::size_t position_ = 0;  // clips of this epoch that are behind
  double loss_sum_ = 0;
  double epoch_seconds_ = 0;
  bool finished_ = false;
  MemberHistory history_;
  NamedTensors best_;
  Tensor best_probabilities_;
};

}  // namespace vidclass::train

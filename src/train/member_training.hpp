// Training one head of an ensemble.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <torch/torch.h>

#include "train/head_module.hpp"
#include "train/recipe.hpp"
#include "vidclass/train/train.hpp"

namespace vidclass::train {

/// Holds references to the recipe and the data. One thread at a time; several
/// objects may train at the same time.
class MemberTraining {
public:
  MemberTraining(const head::HeadSpec& spec, const Recipe& recipe, const LabelledFeatures& data,
                 std::uint64_t seed);

  /// `epoch` from 1. Returns the mean loss over the epoch's clips; throws Error
  /// when it is not finite.
  double run_epoch(int epoch);
  /// [clips, L]
  [[nodiscard]] torch::Tensor probabilities(const LabelledFeatures& data);
  [[nodiscard]] NamedTensors parameters() const { return module_->export_parameters(); }

private:
  [[nodiscard]] std::unique_ptr<torch::optim::AdamW> make_optimizer() const;
  /// `done`: share of the whole training, 0 to 1.
  void set_learning_rate(double done);
  /// [L], or undefined where all labels weigh the same.
  [[nodiscard]] torch::Tensor label_weights(std::size_t labels) const;
  double step(std::span<const std::size_t> clips);

  const Recipe& recipe_;
  const LabelledFeatures& data_;
  torch::Generator generator_;
  std::shared_ptr<HeadModule> module_;
  torch::Tensor label_weights_;
  std::unique_ptr<torch::optim::AdamW> optimizer_;
  std::vector<std::size_t> order_;
};

}  // namespace vidclass::train

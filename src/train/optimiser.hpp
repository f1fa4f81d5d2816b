// From gradients to the next values of the parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/safetensors.hpp"
#include "train/learner.hpp"
#include "train/recipe.hpp"

namespace vidclass::train {

/// AdamW, Adam or SGD as the recipe says, with the formulas of torch.optim.
class Optimiser {
public:
  /// Keeps the spans of `parameters`.
  Optimiser(const Recipe& recipe, std::span<const Parameter> parameters);

  /// One step along the gradients, which are zero afterwards. Shortens them first
  /// where the recipe says so. Returns their norm before that, which is not finite
  /// if one of them is not; then nothing changes.
  double step(double learning_rate);

  /// Everything that later steps depend on but the parameters themselves.
  [[nodiscard]] NamedTensors state() const;
  /// Throws Error if it is not the state of such an optimiser.
  void set_state(const NamedTensors& state);

private:
  struct Slot {
    Parameter parameter;
    std::vector<float> first;   // mean of gradients, or momentum
    std::vector<float> second;  // mean of squared gradients
  };

  OptimiserKind kind_;
  double epsilon_;
  double momentum_;
  bool nesterov_;
  double weight_decay_;
  double clip_norm_;
  std::int64_t steps_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace vidclass::train

// Whether an exported network computes what the model does.
#pragma once

#include <functional>
#include <vector>

#include "backbone/backbone.hpp"
#include "core/safetensors.hpp"
#include "model/model.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::exchange {

/// An exported network, opened again: clips under the names of its inputs to probabilities,
/// float32 [B, L]. Throws Error.
using RunExported = std::function<Tensor(const NamedTensors& inputs)>;

/// Some clips at once, and what the model says of them.
struct Trial {
  NamedTensors inputs;
  Tensor expected;  // float32 [B, L]
};

/// Made-up clips, always the same: features about those that the model was trained on, several of
/// different lengths together and one alone, and the head's answers to them.
[[nodiscard]] std::vector<Trial> feature_trials(const model::Model& model);
/// The same of frames; `network` computes their features. `together`: clips of different lengths.
[[nodiscard]] std::vector<Trial> frame_trials(const model::Model& model,
                                              backbone::Backbone& network,
                                              std::size_t together = 2);

/// The largest difference of any probability; infinite where one is not a number.
[[nodiscard]] double largest_difference(const std::vector<Trial>& trials, const RunExported& run);

}  // namespace vidclass::exchange

// All of a model as one graph, for other programs.
#pragma once

#include <cstddef>
#include <memory>

#include <openvino/core/model.hpp>

#include "backbone/backbone.hpp"
#include "head/head.hpp"

namespace vidclass::exchange {

/// Clips of frames to probabilities. Inputs: "frames", uint8 [B, T, size, size, 3], RGB, as they
/// were sampled, cropped and resized; of a network with motion "motion_map", float32
/// [B, T, g, g], each map summing to 1; "lengths", int32 [B], from 1 to T and taken for that if
/// they are not (what lies beyond counts for nothing). Output: "probabilities", float32 [B, L]. B
/// and T are free. Throws Error.
[[nodiscard]] std::shared_ptr<ov::Model> frames_to_probabilities(
    const backbone::PreparedBackbone& network, const head::Ensemble& heads);

/// Clips of features to probabilities: the graph of head::build_graph(), with lengths as above.
[[nodiscard]] std::shared_ptr<ov::Model> features_to_probabilities(const head::Ensemble& heads);

}  // namespace vidclass::exchange

// Networks as OpenVINO graphs.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <openvino/core/model.hpp>
#include <openvino/op/parameter.hpp>

#include "backbone/frozen_layers.hpp"

namespace vidclass::backbone {

/// What a graph gives besides "avg".
struct GraphOutputs {
  bool motion = false;
  bool middle = false;
  bool cells = false;
  std::optional<TunedBlocks> cut{};
};

/// What a network computes of its input, float32.
struct NetworkMaps {
  std::shared_ptr<ov::op::v0::Parameter> frames;  // uint8 [batch, size, size, 3], RGB, 0..255
  /// [batch, D]; empty: the last map averaged over its positions.
  ov::Output<ov::Node> average{};
  ov::Output<ov::Node> last{};    // [batch, D, g, g]; empty only for features that are no average
  ov::Output<ov::Node> middle{};  // [batch, M, h, h]; empty for a network without
  /// [batch, channels, height, width], what enters the first tuned block; empty: not asked for.
  ov::Output<ov::Node> cut{};
};

/// The graph that every network has. Input "frames"; output "avg": float32 [batch, D]. With
/// `motion` also input "motion_map": float32 [batch, g, g], and output "motion": float32
/// [batch, D], the last map summed with those weights. With `middle` also output "middle":
/// float32 [batch, M], the map in the middle averaged over its positions, and with both
/// "middle_motion"; the motion map is then [batch, h, h], and its weights are shared out to the
/// positions of the last map that they overlap. With `cells` also output "last_map": float32
/// [batch, D, g, g], and with both "middle_map". With `cut` also output "activations": float16
/// [batch, height, width, channels].
[[nodiscard]] std::shared_ptr<ov::Model> make_graph(const NetworkMaps& maps,
                                                    const GraphOutputs& wanted,
                                                    const std::string& name);

}  // namespace vidclass::backbone

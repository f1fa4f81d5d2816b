// Networks as OpenVINO graphs.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include <openvino/core/model.hpp>

#include "backbone/frozen_layers.hpp"
#include "backbone/xception_weights.hpp"

namespace vidclass::backbone {

/// What a graph gives besides "avg".
struct GraphOutputs {
  bool motion = false;
  bool middle = false;
  bool cells = false;
  std::optional<TunedBlocks> cut{};
};

/// Input "frames": uint8 [batch, size, size, 3], RGB, 0..255. Output "avg":
/// float32 [batch, 2048], the last map averaged over its positions. With `motion` also
/// input "motion_map": float32 [batch, g, g] with g the side of the last map, and output
/// "motion": float32 [batch, 2048], the last map summed with those weights. With `middle` also
/// output "middle": float32 [batch, 728], the output of block12 averaged over its positions, and
/// with both "middle_motion"; the motion map is then of block12's side, and its weights are
/// shared out to the positions of the last map that they overlap. With `cells` also
/// output "last_map": float32 [batch, maps, g, g], and with both "middle_map". With `cut` (not at
/// `all`) also output "activations": float16 [batch, height, width, channels], what enters the
/// first tuned block.
[[nodiscard]] std::shared_ptr<ov::Model> build_xception(const XceptionWeights& weights,
                                                        std::size_t batch, std::size_t size,
                                                        const GraphOutputs& wanted = {});
inline constexpr std::size_t xception_feature_size = 2048;
/// The smallest image that keras.applications accepts.
inline constexpr int xception_min_size = 71;
/// Side of the last map in positions: 10 for frames of 299 pixels, 7 for 224.
[[nodiscard]] std::size_t xception_map_size(std::size_t size) noexcept;
inline constexpr std::size_t xception_middle_size = 728;
/// Side of block12's map: 19 for frames of 299 pixels, 14 for 224.
[[nodiscard]] std::size_t xception_middle_map_size(std::size_t size) noexcept;

/// The same interface with the built-in network of docs/mini.md, which has no middle.
[[nodiscard]] std::shared_ptr<ov::Model> build_mini(std::size_t batch, std::size_t size,
                                                    const GraphOutputs& wanted = {});
inline constexpr std::size_t mini_feature_size = 256;
inline constexpr int mini_min_size = 32;
inline constexpr std::size_t mini_map_size = 4;

}  // namespace vidclass::backbone

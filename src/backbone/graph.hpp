// Networks as OpenVINO graphs.
#pragma once

#include <cstddef>
#include <memory>

#include <openvino/core/model.hpp>

#include "backbone/xception_weights.hpp"

namespace vidclass::backbone {

/// Input "frames": uint8 [batch, size, size, 3], RGB, 0..255. Output "avg":
/// float32 [batch, 2048], the last map averaged over its positions.
[[nodiscard]] std::shared_ptr<ov::Model> build_xception(const XceptionWeights& weights,
                                                        std::size_t batch, std::size_t size);
inline constexpr std::size_t xception_feature_size = 2048;
/// The smallest image that keras.applications accepts.
inline constexpr int xception_min_size = 71;

/// The same interface with the built-in network of docs/mini.md.
[[nodiscard]] std::shared_ptr<ov::Model> build_mini(std::size_t batch, std::size_t size);
inline constexpr std::size_t mini_feature_size = 256;
inline constexpr int mini_min_size = 32;

}  // namespace vidclass::backbone

// Where a network of a file holds its features.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <openvino/core/model.hpp>

namespace vidclass::backbone {

/// The output of a network that serves as the features of its frames.
struct PooledOutput {
  /// [N, D], or the same with further axes of length 1. Empty where the map is to be averaged.
  ov::Output<ov::Node> vector{};
  /// The map [N, D, g, g] (or [N, g, g, D]) whose plain average over positions the vector is, if
  /// there is one.
  std::optional<ov::Output<ov::Node>> map{};
  bool channels_last = false;  // of the map
  std::string name;            // as messages call it
  std::size_t width = 0;       // D
  std::size_t side = 0;        // g; 0 without a map
};

/// In a model of static shapes for N frames: what `wanted` names, or by itself the last global
/// average pooling, or else the first output. `channels_last`: how the frames are laid out, which a
/// map that `wanted` names follows where its shape leaves open how it is laid out itself. Throws
/// Error naming the outputs if nothing fits.
[[nodiscard]] PooledOutput find_pooled_output(const ov::Model& model, const std::string& wanted,
                                              bool channels_last);

}  // namespace vidclass::backbone

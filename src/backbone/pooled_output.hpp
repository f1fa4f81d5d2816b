// Where a network of a file holds its features.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <openvino/core/model.hpp>

namespace vidclass::backbone {

/// A map of each frame.
struct MapOutput {
  ov::Output<ov::Node> value{};  // [N, width, side, side], or [N, side, side, width]
  bool channels_last = false;
  std::string name{};  // as messages call it
  std::size_t width = 0;
  std::size_t side = 0;
};

/// The output of a network that serves as the features of its frames.
struct PooledOutput {
  /// [N, D], or the same with further axes of length 1. Empty where the map is to be averaged.
  ov::Output<ov::Node> vector{};
  /// The map whose plain average over positions the vector is, if there is one.
  std::optional<MapOutput> map{};
  std::string name{};     // as messages call it
  std::size_t width = 0;  // D
};

/// In a model of static shapes for N frames: what `wanted` names, or by itself the last global
/// average pooling, or else the first output. `channels_last`: how the frames are laid out, which a
/// map that `wanted` names follows where its shape leaves open how it is laid out itself. Throws
/// Error naming the outputs if nothing fits.
[[nodiscard]] PooledOutput find_pooled_output(const ov::Model& model, const std::string& wanted,
                                              bool channels_last);

/// The map in the middle of the same model: what `wanted` names, or by itself the last map on the
/// next finer grid than that of the map of `output`; none where the features are not an average
/// over a map or there is no finer one. Throws Error if what is named is not a square map, or is no
/// finer than that of the features.
[[nodiscard]] std::optional<MapOutput> find_middle_map(const ov::Model& model,
                                                       const PooledOutput& output,
                                                       const std::string& wanted,
                                                       bool channels_last);

}  // namespace vidclass::backbone

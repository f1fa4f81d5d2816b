// Clips' activations at the cut, read from the cache as they are needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include <torch/torch.h>

#include "vidclass/tensor.hpp"

namespace vidclass::torch {

/// Frames of one clip.
struct ClipActivations {
  ::torch::Tensor activations;  // [frames, height, width, channels], float16 or uint8
  ::torch::Tensor motion_map;   // float32 [frames, g, g]; undefined: the clip has none
};

/// The frames of an entry that are asked for, copied out of the mapped file. Empty
/// `frames`: all. Throws Error naming a file that is damaged.
[[nodiscard]] ClipActivations read_activations(const std::filesystem::path& entry,
                                               std::span<const std::int64_t> frames = {});

/// The features of the network as it came, float32 [T, P D].
[[nodiscard]] Tensor read_features(const std::filesystem::path& entry);

/// T of an entry.
[[nodiscard]] std::int64_t frame_count(const std::filesystem::path& entry);

}  // namespace vidclass::torch

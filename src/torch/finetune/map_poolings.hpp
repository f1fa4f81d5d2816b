// Averages over the positions of maps.
#pragma once

#include <torch/torch.h>

namespace vidclass::torch {

/// The plain average of maps [N, height, width, D] and that weighted by `motion_map`,
/// float32 [N, height, width], side by side: [N, 2 D]. One product, [N, 2, positions] x
/// [N, positions, D], which reads the large maps once, in the backward pass too. Without motion
/// maps: the plain average, [N, D].
[[nodiscard]] inline ::torch::Tensor pooled(const ::torch::Tensor& maps,
                                            const ::torch::Tensor& motion_map) {
  if (!motion_map.defined()) return maps.mean({1, 2});
  const std::int64_t frames = maps.size(0);
  const ::torch::Tensor motion = motion_map.reshape({frames, 1, -1});
  const ::torch::Tensor even =
      ::torch::full_like(motion, 1.0 / static_cast<double>(motion.size(2)));
  return ::torch::bmm(::torch::cat({even, motion}, 1), maps.reshape({frames, -1, maps.size(3)}))
      .reshape({frames, -1});
}

}  // namespace vidclass::torch

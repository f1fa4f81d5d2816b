// What stands behind a PreparedBackbone.
#pragma once

#include <memory>
#include <optional>

#include "backbone/graph.hpp"
#include "backbone/xception_weights.hpp"
#include "vidclass/backbone/backbone.hpp"
#include "vidclass/backbone/calibration.hpp"

namespace vidclass::backbone {

struct PreparedBackbone::Impl {
  BackboneOptions options;
  BackboneInfo info;
  std::optional<XceptionWeights> weights;  // none: mini

  /// The graph in float32.
  [[nodiscard]] std::shared_ptr<ov::Model> build(std::size_t batch, bool motion,
                                                 bool cells = false) const;
};

/// Throws Error unless `frames` are uint8 [N, size, size, 3].
void check_frames(const BackboneInfo& info, const Tensor& frames);
/// Throws Error unless `maps` are float32 [count, g, g] with g the network's map size.
void check_motion_maps(const BackboneInfo& info, const Tensor& maps, std::size_t count);

}  // namespace vidclass::backbone

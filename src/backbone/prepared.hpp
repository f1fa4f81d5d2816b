// What stands behind a PreparedBackbone.
#pragma once

#include <memory>
#include <optional>

#include "backbone/backbone.hpp"
#include "backbone/calibration.hpp"
#include "backbone/file_network.hpp"
#include "backbone/known_network.hpp"

namespace vidclass::backbone {

struct PreparedBackbone::Impl {
  BackboneOptions options;
  BackboneInfo info;
  // One of the two.
  const KnownNetwork* known = nullptr;
  std::optional<FileNetwork> file;
  NamedTensors weights;  // of the known one

  /// The graph in float32. A file made for one frame at a time gives one for a batch of 1.
  [[nodiscard]] std::shared_ptr<ov::Model> build(std::size_t batch,
                                                 const GraphOutputs& wanted) const;
  /// What the options ask for and the network has.
  [[nodiscard]] GraphOutputs outputs() const;

  /// Fill `info` and the weights from the options.
  void take_file(const NetworkFile& network);
  void take_known(const ProgressFunction& progress, const CancellationToken& cancel);
};

/// Throws Error unless `frames` are uint8 [N, size, size, 3].
void check_frames(const BackboneInfo& info, const Tensor& frames);
/// Throws Error unless `maps` are float32 [count, g, g] with g the side of the network's motion
/// maps.
void check_motion_maps(const BackboneInfo& info, const Tensor& maps, std::size_t count);

}  // namespace vidclass::backbone

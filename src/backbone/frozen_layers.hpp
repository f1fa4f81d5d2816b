// Xception cut in two for fine-tuning: frozen layers, and those that are trained.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backbone/backbone.hpp"
#include "core/safetensors.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// What is trained; the layers before it are frozen. The cut lies between them; the activations at
/// the cut are what enters the first trained layer (shapes for frames of 299 px).
enum class TunedBlocks {
  block14,  // the last two separable convolutions; activations [10, 10, 1024]
  block13,  // block13 and block14; activations [19, 19, 728]
  all,      // every layer; the activations are the frame itself, [299, 299, 3]
};

/// "block14", "block13", "all".
[[nodiscard]] std::string_view to_string(TunedBlocks blocks) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] TunedBlocks tuned_blocks_from(std::string_view name);

/// Are the activations at the cut the frame itself, whatever is trained? So it is where another
/// library than OpenVINO runs the network (BackboneOptions::engine), as on a graphics card:
/// computing the frozen layers anew costs less there than reading what they gave.
[[nodiscard]] bool activations_are_frames(const BackboneOptions& options,
                                          TunedBlocks blocks) noexcept;

/// Throws UsageError for a network other than Xception. Of options: by the name alone, before
/// anything is read.
void require_tunable(const PreparedBackbone& network);
void require_tunable(const BackboneOptions& options);

/// Copies of the weights of the layers that are trained, by Keras's names and in its
/// shapes (see PreparedBackbone::weights).
[[nodiscard]] NamedTensors weights_of(const PreparedBackbone& network, TunedBlocks blocks);

/// What a network says of N frames, at the cut and at its end.
struct FrozenActivations {
  /// float16 [N, height, width, channels], or the frames, uint8 [N, size, size, 3]
  /// (activations_are_frames()).
  Tensor activations;
  /// As Backbone::pooled_features() gives; `motion` is empty for a network that was
  /// prepared without BackboneOptions::motion.
  PooledFeatures features;
};

/// Xception compiled with the activations at the cut as a second output. A network prepared for
/// int8 runs as Precision::automatic would: what is trained is trained unquantised. One thread at a
/// time.
class FrozenLayers {
public:
  /// Throws UsageError for a network other than Xception, Error if OpenVINO cannot
  /// compile it.
  FrozenLayers(const PreparedBackbone& network, TunedBlocks blocks);
  ~FrozenLayers();
  FrozenLayers(FrozenLayers&&) noexcept;
  FrozenLayers& operator=(FrozenLayers&&) noexcept;
  FrozenLayers(const FrozenLayers&) = delete;
  FrozenLayers& operator=(const FrozenLayers&) = delete;

  /// From uint8 frames [N, size, size, 3], RGB, and for a network with motion their
  /// maps, float32 [N, g, g]. Throws Error on another shape.
  [[nodiscard]] FrozenActivations run(const Tensor& frames, const Tensor& motion_maps = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::backbone

// Xception, or its last blocks, as a LibTorch module.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/torch.h>

#include "backbone/frozen_layers.hpp"
#include "core/safetensors.hpp"
#include "torch/finetune/conv_bn.hpp"

namespace vidclass::torch {

struct XceptionMaps {
  ::torch::Tensor middle;  // [N, height, width, 728], what block12 gives
  ::torch::Tensor last;    // [N, height, width, 2048]
};

/// The same function as backbone/xception_graph.cpp computes from the cut on,
/// differentiable by its weights but the first depthwise kernel after a cut, which
/// stays as it is.
class XceptionModule : public ::torch::nn::Module {
public:
  /// `weights`: at least those that backbone::weights_of() gives for `blocks`, or for all with
  /// XceptionOptions::from_frames. Throws Error naming one that is missing.
  XceptionModule(const NamedTensors& weights, backbone::TunedBlocks blocks,
                 const XceptionOptions& options = {});

  /// What FrozenLayers::run() gives at the cut, [N, height, width, channels],
  /// float16, float32 or, from frames, uint8, to float32 [N, 2048]; with
  /// motion maps, float32 [N, g, g], to [N, 4096]: the average, then that weighted by
  /// motion.
  [[nodiscard]] ::torch::Tensor features(const ::torch::Tensor& activations,
                                         const ::torch::Tensor& motion_map = {});

  /// Uint8 frames [N, size, size, 3] to the maps that poolings average. From frames only.
  [[nodiscard]] XceptionMaps maps(const ::torch::Tensor& frames);

  /// The weights that are trained, as they are now, by Keras's names and in its shapes.
  [[nodiscard]] NamedTensors export_weights() const;

private:
  struct Layer {
    std::shared_ptr<ConvBn> module;
    bool trained = false;
  };

  ConvBn& layer(const std::string& name) { return *layers_.at(name).module; }
  [[nodiscard]] ::torch::Tensor run(const std::string& name, const ::torch::Tensor& maps) {
    return layer(name).forward(maps);
  }
  [[nodiscard]] ::torch::Tensor before_block13(const ::torch::Tensor& frames);
  [[nodiscard]] ::torch::Tensor block13(const ::torch::Tensor& maps);
  [[nodiscard]] ::torch::Tensor block14(const ::torch::Tensor& maps);
  [[nodiscard]] ::torch::Tensor at_cut(const ::torch::Tensor& activations);

  backbone::TunedBlocks blocks_;
  bool from_frames_;
  std::map<std::string, Layer> layers_;
};

}  // namespace vidclass::torch

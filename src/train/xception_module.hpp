// Xception, or its last blocks, as a LibTorch module.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/torch.h>

#include "train/finetune/conv_bn.hpp"
#include "vidclass/backbone/border.hpp"
#include "vidclass/core/safetensors.hpp"

namespace vidclass::train {

/// The same function as backbone/xception_graph.cpp computes from the border on,
/// differentiable by its weights but the first depthwise kernel after a border, which
/// stays as it is.
class XceptionModule : public torch::nn::Module {
public:
  /// `weights`: at least those that backbone::weights_of() gives for `blocks`. Throws
  /// Error naming one that is missing.
  XceptionModule(const NamedTensors& weights, backbone::TunedBlocks blocks,
                 const XceptionOptions& options = {});

  /// What BorderNetwork::run() gives at the border, [N, height, width, channels],
  /// float16, float32 or, for TunedBlocks::all, uint8 frames, to float32 [N, 2048]; with
  /// motion maps, float32 [N, g, g], to [N, 4096]: the average, then that weighted by
  /// motion.
  [[nodiscard]] torch::Tensor features(const torch::Tensor& border,
                                       const torch::Tensor& motion_map = {});

  /// The weights as they are now, by Keras's names and in its shapes.
  [[nodiscard]] NamedTensors export_weights() const;

private:
  ConvBn& layer(const std::string& name) { return *layers_.at(name); }
  [[nodiscard]] torch::Tensor run(const std::string& name, const torch::Tensor& maps) {
    return layer(name).forward(maps);
  }
  [[nodiscard]] torch::Tensor before_block13(const torch::Tensor& frames);
  [[nodiscard]] torch::Tensor block13(const torch::Tensor& maps);

  backbone::TunedBlocks blocks_;
  std::map<std::string, std::shared_ptr<ConvBn>> layers_;
};

}  // namespace vidclass::train

// A convolution with its batch norm: what Xception is made of.
#pragma once

#include <string>

#include <torch/torch.h>

#include "core/safetensors.hpp"

namespace vidclass::torch {

/// How an Xception is trained.
struct XceptionOptions {
  /// Batch norms take their statistics from the clips at hand and train their scales;
  /// false: they are frozen and folded into the convolutions, whose kernels and biases
  /// are trained.
  bool train_batch_norm = false;
  /// Products of bfloat16 summed in float32, as LibTorch's autocast does; the weights
  /// themselves stay float32.
  bool bf16 = false;
  /// The frozen layers before those that are trained are part of the module, which then always
  /// begins with the frames.
  bool from_frames = false;
};

/// Conv2D without bias, then BatchNormalization, on maps [N, height, width, channels];
/// with a depthwise 3x3 convolution before it if there are weights for one
/// (SeparableConv2D).
class ConvBn : public ::torch::nn::Module {
public:
  enum class Padding { valid, same };

  /// Takes "<name>/kernel", or "<name>/depthwise_kernel" and "<name>/pointwise_kernel",
  /// and "<name>_bn/*" from `weights`. Throws Error naming one that is missing.
  ConvBn(const std::string& name, const NamedTensors& weights, const XceptionOptions& options,
         std::int64_t stride = 1, Padding padding = Padding::same);

  [[nodiscard]] ::torch::Tensor forward(const ::torch::Tensor& maps);

  /// To the device, with what is not a parameter.
  void to(::torch::Device device, bool non_blocking = false) override;
  using ::torch::nn::Module::to;

  /// The depthwise kernel is not trained any more.
  void freeze_depthwise() { depthwise_.requires_grad_(false); }
  /// Nothing is trained any more.
  void freeze();

  /// The same weights as they are now, by the same names and in the same shapes.
  void export_to(NamedTensors& weights) const;

private:
  [[nodiscard]] ::torch::Tensor convolve(const ::torch::Tensor& maps) const;
  [[nodiscard]] ::torch::Tensor normalise(::torch::Tensor maps);

  std::string name_;
  XceptionOptions options_;
  std::int64_t stride_;
  Padding padding_;
  ::torch::Tensor depthwise_;  // [3, 3, in]; undefined: none
  ::torch::Tensor kernel_;     // [out, in, height, width], scaled by the norm if that is frozen
  ::torch::Tensor bias_;       // [out], of the frozen norm
  ::torch::Tensor original_;   // the kernel as it came, for channels that the norm mutes
  ::torch::Tensor gamma_, beta_, mean_, variance_;  // [out]
};

}  // namespace vidclass::torch

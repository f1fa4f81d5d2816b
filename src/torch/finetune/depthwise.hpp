// The depthwise convolution of Xception on maps whose channels lie together.
#pragma once

#include <torch/torch.h>

namespace vidclass::torch {

/// 3x3, stride 1, padding "same", differentiable. `maps` float32 [N, height, width, C],
/// `kernel` float32 [3, 3, C] (Keras's order); both contiguous. The sums do not depend
/// on the number of threads.
///
/// LibTorch 1.13 takes 20 times as long backward as forward for this shape on a CPU; elsewhere it
/// is LibTorch's convolution.
[[nodiscard]] ::torch::Tensor depthwise_3x3(const ::torch::Tensor& maps,
                                            const ::torch::Tensor& kernel);

}  // namespace vidclass::torch

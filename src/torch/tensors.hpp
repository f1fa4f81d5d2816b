// Between LibTorch's tensors and ours.
#pragma once

#include <torch/torch.h>

#include "vidclass/tensor.hpp"

namespace vidclass::torch {

/// float32 copy, in C order, of a tensor on any device.
[[nodiscard]] Tensor to_tensor(const ::torch::Tensor& source);
[[nodiscard]] ::torch::Tensor to_torch(const Tensor& source);

}  // namespace vidclass::torch

// Sums of LibTorch's tensors over all ranks.
#pragma once

#include <memory>

#include <torch/torch.h>

#include "torch/ranks.hpp"

namespace vidclass::torch {

/// What Ranks::start_sum() is for values that may lie on a graphics card. All ranks must start
/// their sums in the same order. One thread at a time.
class TensorSums {
public:
  virtual ~TensorSums() = default;
  /// `values` float32 and contiguous; not to be touched until the sum was waited for. Throws Error
  /// when a rank is lost.
  [[nodiscard]] virtual std::unique_ptr<PendingSum> start(::torch::Tensor values) = 0;
};

/// NCCL between CUDA devices where it was built in, else Gloo, by way of the CPU's memory. `ranks`
/// must outlive it. To be called by all ranks.
[[nodiscard]] std::unique_ptr<TensorSums> make_tensor_sums(Ranks& ranks, ::torch::Device device);

}  // namespace vidclass::torch

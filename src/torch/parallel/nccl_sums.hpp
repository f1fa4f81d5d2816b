// Sums between graphics cards, by NCCL.
#pragma once

#include <memory>

#include "torch/parallel/tensor_sums.hpp"

namespace vidclass::torch {

/// `ranks` as connect() gives them. To be called by all ranks, each with a CUDA device of its own.
/// Throws Error.
[[nodiscard]] std::unique_ptr<TensorSums> make_nccl_sums(Ranks& ranks, ::torch::Device device);

}  // namespace vidclass::torch

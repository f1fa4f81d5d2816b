// Clips of differing lengths as one padded tensor.
#pragma once

#include <torch/torch.h>

#include "train/features.hpp"

namespace vidclass::torch {

struct ClipBatch {
  ::torch::Tensor features;  // float32 [B, T, P (D + M)], zero beyond a clip's end
  ::torch::Tensor lengths;   // int64 [B]
  ::torch::Tensor mask;      // float32 [B, T, 1], 1 up to the length
  bool full = true;          // no clip is shorter than T

  [[nodiscard]] ClipBatch to(::torch::Device device) const {
    return {features.to(device), lengths.to(device), mask.to(device), full};
  }
};

[[nodiscard]] ClipBatch padded(const train::Batch& batch);

}  // namespace vidclass::torch

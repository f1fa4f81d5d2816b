// Clips of differing lengths as one padded tensor.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <torch/torch.h>

#include "vidclass/train/train.hpp"

namespace vidclass::train {

struct ClipBatch {
  torch::Tensor features;  // float32 [B, T, P D], zero beyond a clip's end
  torch::Tensor lengths;   // int64 [B], on the CPU
  torch::Tensor mask;      // float32 [B, T, 1], 1 up to the length
  torch::Tensor labels;    // int64 [B]
  bool full = true;        // no clip is shorter than T
};

[[nodiscard]] ClipBatch make_batch(const LabelledFeatures& data,
                                   std::span<const std::size_t> clips);

}  // namespace vidclass::train

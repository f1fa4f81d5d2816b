// What heads read of padded clips.
#pragma once

#include <torch/torch.h>

#include "head/head.hpp"
#include "torch/clip_batch.hpp"

namespace vidclass::torch {

/// Mean over a clip's own frames: [B, T, X] to [B, X].
[[nodiscard]] ::torch::Tensor mean_over_time(const ::torch::Tensor& x, const ClipBatch& batch);

/// [B, T, D or M]. What is subtracted leaves zeros beyond a clip's end.
[[nodiscard]] ::torch::Tensor transformed(head::Transform transform, const ClipBatch& batch,
                                          const head::HeadSpec& spec);

}  // namespace vidclass::torch

#include "torch/clip_batch.hpp"

#include <algorithm>
#include <cstring>

namespace vidclass::torch {

ClipBatch padded(const train::Batch& batch) {
  std::size_t longest = 0;
  for (const auto& clip : batch.clips) longest = std::max(longest, clip->dim(0));
  const std::size_t width = batch.clips.at(0)->dim(1);
  const auto count = static_cast<std::int64_t>(batch.size());
  const auto steps = static_cast<std::int64_t>(longest);

  ClipBatch result;
  result.features = ::torch::empty({count, steps, static_cast<std::int64_t>(width)});
  result.lengths = ::torch::empty({count}, ::torch::kInt64);
  float* target = result.features.data_ptr<float>();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Tensor& clip = *batch.clips[i];
    const auto values = clip.data<float>();
    std::memcpy(target, values.data(), values.size_bytes());
    std::fill(target + values.size(), target + longest * width, 0.0F);
    target += longest * width;
    result.lengths.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(clip.dim(0));
    result.full = result.full && clip.dim(0) == longest;
  }
  result.mask = (::torch::arange(steps).unsqueeze(0) < result.lengths.unsqueeze(1))
                    .to(::torch::kFloat32)
                    .unsqueeze(2);
  return result;
}

}  // namespace vidclass::torch

#include "train/clip_batch.hpp"

#include <algorithm>
#include <cstring>

namespace vidclass::train {

ClipBatch make_batch(const LabelledFeatures& data, std::span<const std::size_t> clips) {
  std::size_t longest = 0;
  for (const std::size_t clip : clips) longest = std::max(longest, data.clips[clip].dim(0));
  const std::size_t width = data.clips[clips[0]].dim(1);
  const auto batch = static_cast<std::int64_t>(clips.size());
  const auto steps = static_cast<std::int64_t>(longest);

  ClipBatch result;
  result.features = torch::zeros({batch, steps, static_cast<std::int64_t>(width)});
  result.lengths = torch::empty({batch}, torch::kInt64);
  result.labels = torch::empty({batch}, torch::kInt64);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const Tensor& clip = data.clips[clips[i]];
    const auto values = clip.data<float>();
    std::memcpy(result.features.data_ptr<float>() + i * longest * width, values.data(),
                values.size_bytes());
    result.lengths.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(clip.dim(0));
    result.labels.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(data.labels[clips[i]]);
    result.full = result.full && clip.dim(0) == longest;
  }
  result.mask = (torch::arange(steps).unsqueeze(0) < result.lengths.unsqueeze(1))
                    .to(torch::kFloat32)
                    .unsqueeze(2);
  return result;
}

}  // namespace vidclass::train

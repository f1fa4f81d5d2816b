#include "train/pooled_features.hpp"

namespace vidclass::train {

std::vector<float> mean_over_time(const Tensor& clip, std::size_t width) {
  const auto values = clip.data<float>();
  std::vector<float> mean(width);
  for (std::size_t t = 0; t < clip.dim(0); ++t) {
    const auto frame = values.subspan(t * clip.dim(1), width);
    for (std::size_t d = 0; d < width; ++d) mean[d] += frame[d];
  }
  const auto frames = static_cast<float>(clip.dim(0));
  for (float& value : mean) value /= frames;
  return mean;
}

std::shared_ptr<const FeatureSource> pooled_over_time(const FeatureSource& source,
                                                      std::size_t width) {
  std::vector<std::shared_ptr<const Tensor>> clips;
  for (std::size_t clip = 0; clip < source.size(); ++clip) {
    clips.push_back(std::make_shared<const Tensor>(
        Tensor::from<float>({1, width}, mean_over_time(*source.features(clip), width))));
  }
  return std::make_shared<MemoryFeatures>(std::move(clips));
}

}  // namespace vidclass::train

#include "vidclass/learn/features.hpp"

#include <utility>

namespace vidclass::learn {

LabelledFeatures subset(const LabelledFeatures& data, std::vector<std::size_t> clips) {
  LabelledFeatures chosen;
  for (const std::size_t clip : clips) chosen.labels.push_back(data.labels.at(clip));
  chosen.clips = std::make_shared<FeatureSubset>(data.clips, std::move(clips));
  return chosen;
}

Batch make_batch(const LabelledFeatures& data, std::span<const std::size_t> clips) {
  Batch batch;
  for (const std::size_t clip : clips) {
    batch.clips.push_back(data.clips->features(clip));
    batch.labels.push_back(data.labels[clip]);
  }
  return batch;
}

}  // namespace vidclass::learn

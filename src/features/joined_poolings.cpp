#include <cstring>
#include <utility>

#include "vidclass/features/extractor.hpp"

namespace vidclass::features {

Tensor joined_poolings(ClipFeatures features) {
  const auto motion = features.find("motion");
  if (motion == features.end()) return std::move(features.at("avg"));
  const Tensor& avg = features.at("avg");
  const Tensor& weighted = motion->second;
  const std::size_t steps = avg.dim(0);
  const std::size_t width = avg.dim(1);
  Tensor joined(DType::f32, {steps, 2 * width});
  float* target = joined.data<float>().data();
  for (std::size_t t = 0; t < steps; ++t) {
    for (const Tensor* pooling : {&avg, &weighted}) {
      std::memcpy(target, pooling->data<float>().data() + t * width, width * sizeof(float));
      target += width;
    }
  }
  return joined;
}

std::vector<Tensor> joined_views(ClipFeatures features) {
  std::vector<Tensor> views;
  const auto found = features.find("views");
  if (found == features.end()) {
    views.push_back(joined_poolings(std::move(features)));
    return views;
  }
  const Tensor rows = std::move(found->second);
  const Tensor joined = joined_poolings(std::move(features));
  const std::size_t width = joined.dim(1);
  const auto indices = rows.data<std::int64_t>();
  for (std::size_t view = 0; view < rows.dim(0); ++view) {
    Tensor sequence(DType::f32, {rows.dim(1), width});
    for (std::size_t i = 0; i < rows.dim(1); ++i) {
      const auto row = static_cast<std::size_t>(indices[view * rows.dim(1) + i]);
      std::memcpy(sequence.data<float>().data() + i * width,
                  joined.data<float>().data() + row * width, width * sizeof(float));
    }
    views.push_back(std::move(sequence));
  }
  return views;
}

}  // namespace vidclass::features

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "features/extractor.hpp"

namespace vidclass::features {

Tensor joined_poolings(ClipFeatures features) {
  std::vector<const Tensor*> parts;
  std::size_t width = 0;
  for (const backbone::Pooling& pooling : backbone::poolings) {
    const auto found = features.find(pooling.name);
    if (found == features.end()) continue;
    parts.push_back(&found->second);
    width += found->second.dim(1);
  }
  if (parts.size() == 1) return std::move(features.at("avg"));
  const std::size_t steps = parts.front()->dim(0);
  Tensor joined(DType::f32, {steps, width});
  float* target = joined.data<float>().data();
  for (std::size_t t = 0; t < steps; ++t) {
    for (const Tensor* part : parts) {
      const std::size_t values = part->dim(1);
      target = std::copy_n(part->data<float>().data() + t * values, values, target);
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

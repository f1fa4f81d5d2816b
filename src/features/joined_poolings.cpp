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

}  // namespace vidclass::features

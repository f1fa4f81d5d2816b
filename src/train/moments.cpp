#include "train/moments.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "core/cpu_clones.hpp"
#include "train/transforms.hpp"

namespace vidclass::train {
namespace {

/// The deviation, then the coefficients of the cosine transform, of what is left without `mean`.
VIDCLASS_FOR_EACH_CPU
void add_changes(const TransformRead& read, const float* mean, float* moments) {
  const auto frames = static_cast<double>(read.frames);
  float* deviation = moments;
  for (std::size_t t = 0; t < read.frames; ++t) {
    const float* frame = read.first + t * read.stride;
    for (std::size_t d = 0; d < read.width; ++d) {
      const float change = frame[d] - mean[d];
      deviation[d] += change * change;
    }
    for (std::size_t k = 1; k <= head::cosine_moments; ++k) {
      const double angle =
          std::numbers::pi * static_cast<double>(k) * (static_cast<double>(t) + 0.5) / frames;
      const auto cosine = static_cast<float>(std::numbers::sqrt2 / frames * std::cos(angle));
      float* coefficient = moments + k * read.width;
      for (std::size_t d = 0; d < read.width; ++d) coefficient[d] += cosine * (frame[d] - mean[d]);
    }
  }
  for (std::size_t d = 0; d < read.width; ++d) {
    deviation[d] = std::sqrt(deviation[d] / static_cast<float>(read.frames));
  }
}

}  // namespace

Tensor moments_over_time(const Tensor& clip, const head::HeadSpec& spec) {
  Tensor moments(DType::f32, {1, head::values_read(spec)});
  float* target = moments.data<float>().data();
  std::vector<float> mean;
  for (const head::Transform transform : spec.transforms) {
    const TransformRead read = read_of(transform, clip, spec);
    if (head::is_centred(transform)) {
      mean.assign(read.width, 0);
      add_mean(read, mean.data());
      add_changes(read, mean.data(), target);
    } else {
      add_mean(read, target);
    }
    target += head::moments_of(transform) * read.width;
  }
  return moments;
}

}  // namespace vidclass::train

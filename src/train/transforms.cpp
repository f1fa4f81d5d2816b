#include "train/transforms.hpp"

#include "core/cpu_clones.hpp"

namespace vidclass::train {
namespace {

// Local: the clones of a function that others may call would be public names.
VIDCLASS_FOR_EACH_CPU
void add_mean_of(const TransformRead& read, float* mean) {
  const float share = 1 / static_cast<float>(read.frames);
  for (std::size_t t = 0; t < read.frames; ++t) {
    const float* frame = read.first + t * read.stride;
    for (std::size_t d = 0; d < read.width; ++d) mean[d] += share * frame[d];
    if (read.less == nullptr) continue;
    const float* less = read.less + t * read.stride;
    for (std::size_t d = 0; d < read.width; ++d) mean[d] -= share * less[d];
  }
}

}  // namespace

TransformRead read_of(head::Transform transform, const Tensor& clip, const head::HeadSpec& spec) {
  const std::size_t width = head::width_of(transform, spec);
  const float* plain = clip.data<float>().data();
  if (head::needs_middle(transform)) plain += spec.poolings * spec.features;
  const bool contrast =
      transform == head::Transform::contrast || transform == head::Transform::middle_contrast;
  return {.first = head::needs_motion(transform) ? plain + width : plain,
          .less = contrast ? plain : nullptr,
          .stride = clip.dim(1),
          .frames = clip.dim(0),
          .width = width};
}

void add_mean(const TransformRead& read, float* mean) { add_mean_of(read, mean); }

}  // namespace vidclass::train

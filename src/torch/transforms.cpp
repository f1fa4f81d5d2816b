#include "torch/transforms.hpp"

namespace vidclass::torch {
namespace {

using head::Transform;

::torch::Tensor lengths_of(const ClipBatch& batch) { return batch.lengths.to(::torch::kFloat32); }

}  // namespace

::torch::Tensor mean_over_time(const ::torch::Tensor& x, const ClipBatch& batch) {
  return (x * batch.mask).sum(1) / lengths_of(batch).unsqueeze(1);
}

::torch::Tensor transformed(Transform transform, const ClipBatch& batch,
                            const head::HeadSpec& spec) {
  const auto width = static_cast<std::int64_t>(head::width_of(transform, spec));
  const auto first =
      static_cast<std::int64_t>(head::needs_middle(transform) ? spec.poolings * spec.features : 0);
  const ::torch::Tensor plain = batch.features.narrow(2, first, width);
  if (!head::needs_motion(transform) && !head::is_centred(transform)) return plain;
  const ::torch::Tensor read =
      head::needs_motion(transform) ? batch.features.narrow(2, first + width, width) : plain;
  if (transform == Transform::contrast || transform == Transform::middle_contrast)
    return read - plain;
  if (!head::is_centred(transform)) return read;
  return (read - mean_over_time(read, batch).unsqueeze(1)) * batch.mask;
}

}  // namespace vidclass::torch

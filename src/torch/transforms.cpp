#include "torch/transforms.hpp"

#include <cmath>
#include <numbers>

namespace vidclass::torch {
namespace {

using head::Transform;

::torch::Tensor lengths_of(const ClipBatch& batch) { return batch.lengths.to(::torch::kFloat32); }

/// The rows of the cosine transform over each clip's own frames, [B, K, T].
::torch::Tensor cosines(const ClipBatch& batch) {
  const ::torch::Tensor lengths = lengths_of(batch).unsqueeze(1).unsqueeze(1);  // [B, 1, 1]
  const ::torch::Tensor places =
      (::torch::arange(batch.features.size(1), batch.features.options()) + 0.5) /
      lengths;  // [B, 1, T]
  const ::torch::Tensor frequencies =
      ::torch::arange(1, static_cast<std::int64_t>(head::cosine_moments) + 1,
                      batch.features.options())
          .mul(std::numbers::pi)
          .view({1, -1, 1});
  return ::torch::cos(places * frequencies) * batch.mask.transpose(1, 2) *
         (std::numbers::sqrt2 / lengths);
}

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

::torch::Tensor moments_of(Transform transform, const ClipBatch& batch,
                           const head::HeadSpec& spec) {
  const ::torch::Tensor read = transformed(transform, batch, spec);
  if (!head::is_centred(transform)) return mean_over_time(read, batch).unsqueeze(1);
  const ::torch::Tensor deviation = mean_over_time(read.square(), batch).sqrt().unsqueeze(1);
  return ::torch::cat({deviation, ::torch::bmm(cosines(batch), read)}, 1);
}

}  // namespace vidclass::torch

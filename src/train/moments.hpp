// What a `moments` head reads of a clip: head::Head tells the moments.
#pragma once

#include "head/head.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// The moments of `spec.transforms` in turn, [1, W] with W = head::values_read(spec). `clip`:
/// float32 [T, P (D + M)]. Thread-safe.
[[nodiscard]] Tensor moments_over_time(const Tensor& clip, const head::HeadSpec& spec);

}  // namespace vidclass::train

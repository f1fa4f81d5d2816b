// The transforms of a clip's features that heads read (head::Transform).
#pragma once

#include <cstddef>

#include "head/head.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// One transform's values of all frames, before a mean is subtracted: those at `first`, less those
/// at `less` where there are any.
struct TransformRead {
  const float* first;
  const float* less;   // null for none
  std::size_t stride;  // from frame to frame
  std::size_t frames;
  std::size_t width;
};

/// `clip`: float32 [T, P (D + M)], which must outlive the result.
[[nodiscard]] TransformRead read_of(head::Transform transform, const Tensor& clip,
                                    const head::HeadSpec& spec);

/// Adds the mean over time, [width].
void add_mean(const TransformRead& read, float* mean);

}  // namespace vidclass::train

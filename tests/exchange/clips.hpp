// Clips of several lengths in one array, as Keras takes them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "support/npz.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::testing {

/// `features` float32 [clips, T, D], each cut to its length.
inline std::vector<Tensor> cut_clips(const NpyArray& features, std::span<const int> lengths) {
  const auto values = features.values<float>();
  const std::size_t width = features.shape[2];
  const std::size_t stride = features.shape[1] * width;
  std::vector<Tensor> clips;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto length = static_cast<std::size_t>(lengths[i]);
    clips.push_back(Tensor::from<float>(
        {length, width}, std::span<const float>(values).subspan(i * stride, length * width)));
  }
  return clips;
}

}  // namespace vidclass::testing

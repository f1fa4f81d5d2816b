// Motion streams with made-up values.
#pragma once

#include <cmath>
#include <cstdint>

#include "model/motion_stream.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::testing {

/// Two axes and two Gaussians for each histogram of each scale.
inline model::MotionStream made_up_motion_stream(std::size_t labels, std::uint64_t seed = 1) {
  constexpr std::size_t axes = 2;
  constexpr std::size_t gaussians = 2;
  const auto above_zero = [](Tensor tensor) {
    for (float& value : tensor.data<float>()) value = 0.5F + std::abs(value);
    return tensor;
  };
  model::MotionStream stream;
  std::size_t width = 0;
  for (motion::Codebook& codebook : stream.codebooks) {
    for (std::size_t i = 0; i < motion::histograms.size(); ++i) {
      const std::size_t bins = motion::width_of(motion::histograms[i]);
      codebook.words[i] = {
          .mean = made_up_tensor({bins}, ++seed),
          .axes = made_up_tensor({axes, bins}, ++seed),
          .shares = Tensor::from<float>({gaussians}, std::vector<float>{0.25F, 0.75F}),
          .means = made_up_tensor({gaussians, axes + 3}, ++seed),
          .variances = above_zero(made_up_tensor({gaussians, axes + 3}, ++seed))};
    }
    width += codebook.fisher_width();
  }
  stream.classifier = {.weights = made_up_tensor({width, labels}, ++seed),
                       .bias = made_up_tensor({labels}, ++seed)};
  stream.mirror = false;
  stream.weights = {.motion = 0.4, .appearance_temperature = 1.5, .motion_temperature = 0.8};
  return stream;
}

}  // namespace vidclass::testing

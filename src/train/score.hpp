// How well probabilities fit labels.
#pragma once

#include <cstddef>
#include <span>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// -ln p, p at least 1e-7 (keras.config.epsilon()), as in every loss that is told.
[[nodiscard]] double surprise_of(double probability) noexcept;

struct Score {
  double loss = 0;       // mean of surprise_of(p(true label))
  double objective = 0;  // the same with label smoothing (Szegedy et al. 2016)
  double top1 = 0;
};

/// From float32 probabilities [N, L] and N labels.
[[nodiscard]] Score score_of(const Tensor& probabilities, std::span<const std::size_t> labels,
                             double label_smoothing);

}  // namespace vidclass::train

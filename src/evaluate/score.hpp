// How well probabilities fit labels: what trainings are compared by.
#pragma once

#include <cstddef>
#include <span>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

/// -ln p, p no smaller than keras.config.epsilon(), 1e-7, below which Keras's
/// categorical_crossentropy clips, and no larger than 1: as in every loss that is told. Not finite
/// where p is not.
[[nodiscard]] double surprise_of(double probability) noexcept;

struct Score {
  double loss = 0;       // mean of surprise_of(p(true label))
  double objective = 0;  // the same with label smoothing (Szegedy et al. 2016)
  double top1 = 0;
};

/// From float32 probabilities [N, L] and N labels.
[[nodiscard]] Score score_of(const Tensor& probabilities, std::span<const std::size_t> labels,
                             double label_smoothing);

}  // namespace vidclass::evaluate

// What became of each clip: all that the metrics need to know.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::evaluate {

struct Outcome {
  std::size_t label = 0;
  std::size_t predicted = 0;
  std::size_t rank = 0;   // how many labels were found more probable than the true one
  double confidence = 0;  // probability of the predicted label
  double loss = 0;        // -ln p(true label)

  [[nodiscard]] bool right() const noexcept { return rank == 0; }
  [[nodiscard]] bool among_top5() const noexcept { return rank < 5; }
};

/// Checks what compute_metrics() promises to check. At least one.
[[nodiscard]] std::vector<Outcome> outcomes(const Tensor& probabilities,
                                            std::span<const std::size_t> labels);

}  // namespace vidclass::evaluate

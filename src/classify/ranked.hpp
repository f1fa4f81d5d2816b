// Labels in the order of their probabilities.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vidclass::classify {

struct RankedLabel {
  std::size_t label = 0;
  float probability = 0;
};
/// The `count` most probable, best first; equal ones by the lower index.
[[nodiscard]] std::vector<RankedLabel> ranked(std::span<const float> probabilities,
                                              std::size_t count);

}  // namespace vidclass::classify

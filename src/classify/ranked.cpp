#include "classify/ranked.hpp"

#include <algorithm>

namespace vidclass::classify {

std::vector<RankedLabel> ranked(std::span<const float> probabilities, std::size_t count) {
  std::vector<RankedLabel> all;
  for (std::size_t i = 0; i < probabilities.size(); ++i) all.push_back({i, probabilities[i]});
  std::stable_sort(all.begin(), all.end(), [](const RankedLabel& a, const RankedLabel& b) {
    return a.probability > b.probability;
  });
  all.resize(std::min(count, all.size()));
  return all;
}

}  // namespace vidclass::classify

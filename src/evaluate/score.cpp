#include "evaluate/score.hpp"

#include <algorithm>
#include <cmath>

namespace vidclass::evaluate {

double surprise_of(double probability) noexcept {
  constexpr double least = 1e-7;
  return std::abs(std::log(std::clamp(probability, least, 1.0)));
}

Score score_of(const Tensor& probabilities, std::span<const std::size_t> labels,
               double label_smoothing) {
  const std::size_t count = probabilities.dim(1);
  Score score;
  double smoothed = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = probabilities.data<float>().subspan(i * count, count);
    double all = 0;
    for (std::size_t c = 0; c < count; ++c) {
      const double surprise = surprise_of(static_cast<double>(row[c]));
      all += surprise;
      if (c == labels[i]) score.loss += surprise;
    }
    smoothed += all / static_cast<double>(count);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    if (static_cast<std::size_t>(best) == labels[i]) score.top1 += 1;
  }
  const auto clips = static_cast<double>(labels.size());
  score.loss /= clips;
  score.top1 /= clips;
  score.objective = (1 - label_smoothing) * score.loss + label_smoothing * smoothed / clips;
  return score;
}

}  // namespace vidclass::evaluate

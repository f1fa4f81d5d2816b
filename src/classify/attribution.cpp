#include "classify/attribution.hpp"

#include <algorithm>
#include <cmath>

namespace vidclass::classify {
namespace {

constexpr std::size_t clips_at_once = 64;
constexpr double smallest = 1e-30;

/// The point a share of the way from `base` to `features`.
Tensor between(const Tensor& base, const Tensor& features, float share) {
  Tensor point = features;
  const auto from = base.data<float>();
  for (std::size_t i = 0; float& value : point.data<float>()) {
    value = std::lerp(from[i++], value, share);
  }
  return point;
}

Tensor moved(const Tensor& point, const Direction& direction, float factor) {
  Tensor result = point;
  float* frame = result.data<float>().data() + direction.frame * direction.values.size();
  for (const float value : direction.values) *frame++ += factor * value;
  return result;
}

}  // namespace

std::vector<double> log_odds(const Tensor& probabilities, std::size_t label) {
  const std::size_t labels = probabilities.dim(1);
  std::vector<double> odds;
  for (std::size_t row = 0; row < probabilities.dim(0); ++row) {
    const auto values = probabilities.data<float>().subspan(row * labels, labels);
    double others = 0;
    for (std::size_t i = 0; i < labels; ++i) others += i == label ? 0.0 : values[i];
    odds.push_back(std::log(std::max<double>(values[label], smallest)) -
                   std::log(std::max(others, smallest)));
  }
  return odds;
}

std::vector<double> integrated_gradients(head::HeadRunner& heads, const Tensor& base,
                                         const Tensor& features,
                                         std::span<const Direction> directions, std::size_t label,
                                         int steps, const std::function<void(double)>& progress,
                                         const CancellationToken& cancel) {
  std::vector<double> sums(directions.size());
  const auto all = static_cast<double>(steps) * static_cast<double>(directions.size());
  for (int step = 0; step < steps; ++step) {
    const float share = (static_cast<float>(step) + 0.5F) / static_cast<float>(steps);
    const Tensor point = between(base, features, share);
    for (std::size_t first = 0; first < directions.size(); first += clips_at_once / 2) {
      cancel.check();
      const std::size_t count = std::min(clips_at_once / 2, directions.size() - first);
      std::vector<Tensor> clips;
      for (const Direction& direction : directions.subspan(first, count)) {
        clips.push_back(moved(point, direction, direction.step));
        clips.push_back(moved(point, direction, -direction.step));
      }
      const std::vector<double> odds = log_odds(heads.probabilities(clips), label);
      for (std::size_t i = 0; i < count; ++i) {
        sums[first + i] +=
            (odds[2 * i] - odds[2 * i + 1]) / (2 * static_cast<double>(directions[first + i].step));
      }
      progress((static_cast<double>(step) * static_cast<double>(directions.size()) +
                static_cast<double>(first + count)) /
               all);
    }
  }
  for (double& sum : sums) sum /= steps;
  return sums;
}

}  // namespace vidclass::classify

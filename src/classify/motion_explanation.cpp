#include "classify/motion_explanation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "motion/fisher.hpp"

namespace vidclass::classify {
namespace {

/// How the label's score grows with each value of the Fisher vector, against the other labels'.
std::vector<float> contrast_of(const train::LinearClassifier& classifier, const Tensor& answer,
                               std::size_t label) {
  const std::size_t labels = classifier.bias.size();
  const std::size_t width = classifier.weights.dim(0);
  const auto p = answer.data<float>();
  std::vector<float> against(labels);
  float others = 0;
  for (std::size_t k = 0; k < labels; ++k) others += k == label ? 0 : p[k];
  for (std::size_t k = 0; k < labels; ++k) {
    // Where the label alone is probable, all others count alike.
    against[k] = others > 0 ? p[k] / others : 1 / static_cast<float>(labels - 1);
  }
  const auto weights = classifier.weights.data<float>();
  std::vector<float> contrast(width);
  for (std::size_t d = 0; d < width; ++d) {
    float sum = weights[d * labels + label];
    for (std::size_t k = 0; k < labels; ++k) {
      if (k != label) sum -= against[k] * weights[d * labels + k];
    }
    contrast[d] = sum;
  }
  return contrast;
}

std::size_t nearest_of(const std::vector<double>& times, double time) {
  const auto after = std::lower_bound(times.begin(), times.end(), time);
  if (after == times.begin()) return 0;
  const auto place = static_cast<std::size_t>(after - times.begin());
  if (after == times.end()) return place - 1;
  return *after - time < time - times[place - 1] ? place : place - 1;
}

/// Shares `value` out to the cells of a row of length 1 that [first, last] overlaps, as weights.
std::vector<double> overlaps_of(double first, double last) {
  std::vector<double> weights(motion_grid);
  constexpr double cell = 1.0 / motion_grid;
  double sum = 0;
  for (std::size_t i = 0; i < motion_grid; ++i) {
    const double begin = static_cast<double>(i) * cell;
    weights[i] = std::max(0.0, std::min(last, begin + cell) - std::max(first, begin));
    sum += weights[i];
  }
  if (sum <= 0) return weights;
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// Adds what a cuboid adds to the places that it covers.
void add_to_map(const motion::Cuboids& cuboids, std::size_t cuboid, double value, float* map) {
  // A cuboid has 32 of the 160 pixels of its picture's shorter side, about as many of the longer.
  constexpr double half = 0.1;
  const auto place = cuboids.places.data<float>().subspan(cuboid * 3, 2);
  const auto span = [&](std::size_t axis) {
    const double first = cuboids.window.at(axis);
    const double length = cuboids.window.at(axis + 2);
    const double middle = static_cast<double>(place[axis]) + 0.5;
    return overlaps_of(std::max(0.0, first + length * (middle - half)),
                       std::min(1.0, first + length * (middle + half)));
  };
  const std::vector<double> across = span(0);
  const std::vector<double> down = span(1);
  for (std::size_t y = 0; y < motion_grid; ++y) {
    for (std::size_t x = 0; x < motion_grid; ++x) {
      map[y * motion_grid + x] += static_cast<float>(value * down[y] * across[x]);
    }
  }
}

}  // namespace

MotionExplanation explain_motion(const model::MotionStream& stream,
                                 const motion::Description& description,
                                 const std::vector<double>& times, std::size_t label,
                                 double weight) {
  const Tensor answer = model::probabilities(stream, description);
  MotionExplanation result{
      .probabilities = {answer.data<float>().begin(), answer.data<float>().end()},
      .weight = weight,
      .moments = std::vector<double>(times.size()),
      .places = Tensor(DType::f32, {times.size(), motion_grid, motion_grid})};
  const std::vector<float> contrast = contrast_of(stream.classifier, answer, label);
  // Of a vector whose scales are each divided by the root of their number; half of it each where
  // the mirror image is asked as well.
  const float part =
      (stream.mirror ? 0.5F : 1.0F) / std::sqrt(static_cast<float>(description.size()));
  std::size_t first = 0;
  for (std::size_t scale = 0; scale < description.size(); ++scale) {
    const motion::Codebook& codebook = stream.codebooks[scale];
    std::vector<float> weights(codebook.fisher_width());
    for (float& value : weights) value = part * contrast[first++];
    const motion::Cuboids& cuboids = description[scale];
    std::vector<float> adds = motion::shares_of_cuboids(cuboids, codebook, weights);
    if (stream.mirror) {
      const std::vector<float> in_mirror =
          motion::shares_of_cuboids(motion::mirrored(cuboids), codebook, weights);
      std::transform(adds.begin(), adds.end(), in_mirror.begin(), adds.begin(), std::plus<>());
    }
    for (std::size_t i = 0; i < cuboids.size(); ++i) {
      const auto value = static_cast<double>(adds[i]);
      const std::size_t moment = nearest_of(times, cuboids.times[i]);
      result.score += value;
      result.moments[moment] += value;
      add_to_map(cuboids, i, value,
                 result.places.data<float>().data() + moment * motion_grid * motion_grid);
    }
  }
  return result;
}

}  // namespace vidclass::classify

#include "train/known_places.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "train/matrix.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

// As much as the rest of a model file, at most.
constexpr std::size_t most_looks = 1000;

/// The value that `share` of the sorted ones do not exceed.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

void check(const KnownPlaces& places) {
  if (places.looks.empty()) return;
  if (places.looks.rank() != 2 || places.looks.dtype() != DType::f32 || !all_finite(places.looks)) {
    throw Error("what a model's places look like is no finite float32 [M, D]");
  }
  if (!(places.usual >= 0 && places.far > places.usual && places.far <= 10)) {
    throw Error(format("distances of places are {} and {}", places.usual, places.far));
  }
}

std::vector<float> look_of(const Tensor& features, std::size_t width) {
  const std::size_t stride = features.dim(1);
  if (width > stride) {
    throw Error(format("features {} have no {} of what a place looks like",
                       format_shape(features.shape()), width));
  }
  std::vector<double> sum(width);
  const auto values = features.data<float>();
  for (std::size_t t = 0; t < features.dim(0); ++t) {
    for (std::size_t i = 0; i < width; ++i) sum[i] += static_cast<double>(values[t * stride + i]);
  }
  double squares = 0;
  for (const double value : sum) squares += value * value;
  const double length = std::sqrt(squares);
  std::vector<float> look(width);
  for (std::size_t i = 0; length > 0 && i < width; ++i) {
    look[i] = static_cast<float>(sum[i] / length);
  }
  return look;
}

std::vector<std::size_t> kept_looks(std::span<const std::size_t> clips) {
  const std::size_t kept = std::min(clips.size(), most_looks);
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < kept; ++i) result.push_back(clips[i * clips.size() / kept]);
  return result;
}

std::vector<double> distances_to_known(const Tensor& looks, const Tensor& known) {
  const std::size_t clips = looks.empty() ? 0 : looks.dim(0);
  if (known.empty()) return std::vector<double>(clips);
  const std::size_t count = known.dim(0);
  std::vector<float> cosines(clips * count);
  multiply_transposed(rows_of(looks.data<float>(), known.dim(1)), known.dim(1),
                      known.data<float>().data(), count, cosines.data());
  std::vector<double> result;
  for (std::size_t i = 0; i < clips; ++i) {
    const auto row = std::span(cosines).subspan(i * count, count);
    result.push_back(1 - static_cast<double>(*std::max_element(row.begin(), row.end())));
  }
  return result;
}

KnownPlaces known_places(Tensor looks, std::vector<double> left_out) {
  if (left_out.empty() || looks.empty()) return {};
  std::sort(left_out.begin(), left_out.end());
  // Beyond nine in ten, as far again as from the middle one to there. The greatest itself would let
  // one odd clip decide. Where all lie alike, what is any further is new.
  constexpr double least_span = 1e-3;
  const double usual = std::max(0.0, quantile(left_out, 0.9));
  const double span = std::max(least_span, usual - quantile(left_out, 0.5));
  return {.looks = std::move(looks), .usual = usual, .far = usual + span};
}

double novelty_at(const KnownPlaces& places, double distance) {
  if (places.looks.empty()) return 0;
  return std::clamp((distance - places.usual) / (places.far - places.usual), 0.0, 1.0);
}

double novelty_of(const KnownPlaces& places, const Tensor& features) {
  if (places.looks.empty()) return 0;
  const std::size_t width = places.looks.dim(1);
  const Tensor look = Tensor::from<float>({1, width}, look_of(features, width));
  return novelty_at(places, distances_to_known(look, places.looks).front());
}

}  // namespace vidclass::train

#include "motion/fisher.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include "core/cpu_clones.hpp"
#include "core/format.hpp"
#include "motion/median.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

constexpr std::size_t direction_bins = 8;

/// Where a direction points in the mirror: that of flow, and of the gradient of its part down,
/// turns left to right. The part across has changed its sign besides, so that its gradient turns
/// upside down instead.
constexpr std::size_t mirrored_direction(const Histogram& histogram, std::size_t bin) {
  if (bin >= direction_bins) return bin;  // still
  const bool of_part_across = &histogram == &histograms[1];
  return ((of_part_across ? 0 : direction_bins / 2) + direction_bins - bin) % direction_bins;
}

/// Which number of a cuboid each number of the mirrored one is.
constexpr std::array<std::size_t, cuboid_width> mirrored_order() {
  std::array<std::size_t, cuboid_width> order{};
  for (const Histogram& histogram : histograms) {
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t other = part ^ 1U;  // across is the last bit
      for (std::size_t bin = 0; bin < histogram.bins; ++bin) {
        order[histogram.first + part * histogram.bins + bin] =
            histogram.first + other * histogram.bins + mirrored_direction(histogram, bin);
      }
    }
  }
  return order;
}

double deviation_of_places(const std::vector<float>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  for (const float value : values) mean += value / count;
  double variance = 0;
  for (const float value : values) variance += (value - mean) * (value - mean) / count;
  return std::sqrt(variance);
}

constexpr std::size_t lanes = 8;
using Lanes = float __attribute__((vector_size(lanes * sizeof(float)), aligned(4)));

/// The codebook of one histogram, laid out for inner loops over axes and over Gaussians.
struct Comparison {
  explicit Comparison(const Words& words);

  std::size_t axes;
  std::size_t gaussians;
  std::size_t width;                  // of a point: D = axes + 3
  std::size_t padded_axes;            // axes and zeros up to a multiple of `lanes`
  std::vector<float> along;           // [W, padded_axes]: the axes
  std::vector<float> origin;          // [padded_axes]: where a histogram of zeros lies
  std::vector<float> log_peaks;       // [K]: of shares x densities, but for what all have
  std::vector<float> means;           // [D, K]
  std::vector<float> inverses;        // [D, K]: 1 / deviation
  std::vector<double> first_scales;   // [K]: 1 / sqrt(share)
  std::vector<double> second_scales;  // [K]: 1 / sqrt(2 share)
};

Comparison::Comparison(const Words& words)
    : axes(words.axes.dim(0)),
      gaussians(words.shares.size()),
      width(words.means.dim(1)),
      padded_axes((axes + lanes - 1) / lanes * lanes),
      along(words.mean.size() * padded_axes),
      origin(padded_axes),
      means(words.means.size()),
      inverses(words.means.size()) {
  const std::size_t values = words.mean.size();
  for (std::size_t axis = 0; axis < axes; ++axis) {
    double sum = 0;
    for (std::size_t w = 0; w < values; ++w) {
      const float part = words.axes.data<float>()[axis * values + w];
      along[w * padded_axes + axis] = part;
      sum -= static_cast<double>(part) * words.mean.data<float>()[w];
    }
    origin[axis] = static_cast<float>(sum);
  }
  for (std::size_t k = 0; k < gaussians; ++k) {
    const double share = words.shares.data<float>()[k];
    double log_peak = std::log(share);
    for (std::size_t d = 0; d < width; ++d) {
      const double variance = words.variances.data<float>()[k * width + d];
      log_peak -= 0.5 * std::log(variance);
      means[d * gaussians + k] = words.means.data<float>()[k * width + d];
      inverses[d * gaussians + k] = static_cast<float>(1 / std::sqrt(variance));
    }
    log_peaks.push_back(static_cast<float>(log_peak));
    first_scales.push_back(1 / std::sqrt(share));
    second_scales.push_back(1 / std::sqrt(2 * share));
  }
}

template <int rows>
VIDCLASS_INLINE void add_projections_of(const float* values, std::size_t count, const float* along,
                                        std::size_t padded_axes, float* target) {
  for (std::size_t axis = 0; axis < padded_axes; axis += lanes) {
    Lanes sums[rows];
    for (int r = 0; r < rows; ++r)
      std::memcpy(&sums[r], target + r * padded_axes + axis, sizeof(Lanes));
    for (std::size_t w = 0; w < count; ++w) {
      Lanes part;
      std::memcpy(&part, along + w * padded_axes + axis, sizeof part);
      for (int r = 0; r < rows; ++r) sums[r] += values[r * cuboid_width + w] * part;
    }
    for (int r = 0; r < rows; ++r)
      std::memcpy(target + r * padded_axes + axis, &sums[r], sizeof(Lanes));
  }
}

/// target [N, padded_axes] += the first `count` numbers of each cuboid from `values` on, times
/// `along` [count, padded_axes]; `padded_axes` is a multiple of `lanes`.
VIDCLASS_FOR_EACH_CPU
void add_projections(const float* values, std::size_t cuboids, std::size_t count,
                     const float* along, std::size_t padded_axes, float* target) {
  // So many sums at once stay in registers, and none waits for the one before.
  constexpr int at_once = 8;
  std::size_t i = 0;
  for (; i + at_once <= cuboids; i += at_once) {
    add_projections_of<at_once>(values + i * cuboid_width, count, along, padded_axes,
                                target + i * padded_axes);
  }
  for (; i < cuboids; ++i) {
    add_projections_of<1>(values + i * cuboid_width, count, along, padded_axes,
                          target + i * padded_axes);
  }
}

VIDCLASS_FOR_EACH_CPU
void subtract_half_distances(const float* __restrict point, std::size_t width,
                             std::size_t gaussians, const float* __restrict means,
                             const float* __restrict inverses, float* __restrict target) {
  for (std::size_t d = 0; d < width; ++d) {
    for (std::size_t k = 0; k < gaussians; ++k) {
      const float away = (point[d] - means[d * gaussians + k]) * inverses[d * gaussians + k];
      target[k] -= 0.5F * away * away;
    }
  }
}

/// Of double precision, since values that cancel out to next to nothing grow by their root.
VIDCLASS_FOR_EACH_CPU
void add_gradients(const float* __restrict point, std::size_t width, std::size_t gaussians,
                   const float* __restrict means, const float* __restrict inverses,
                   const float* __restrict posteriors, double* __restrict first,
                   double* __restrict second) {
  for (std::size_t d = 0; d < width; ++d) {
    for (std::size_t k = 0; k < gaussians; ++k) {
      const double away = (point[d] - means[d * gaussians + k]) * inverses[d * gaussians + k];
      const double posterior = posteriors[k];
      first[d * gaussians + k] += posterior * away;
      second[d * gaussians + k] += posterior * (away * away - 1);
    }
  }
}

/// The cuboids of a clip as a codebook sees them.
struct Compared {
  std::vector<float> points;      // [N, D]
  std::vector<float> posteriors;  // [N, K]
};

Compared compare(const Cuboids& cuboids, const Tensor& places, const Histogram& histogram,
                 const Comparison& with) {
  const std::size_t count = cuboids.size();
  Compared compared{std::vector<float>(count * with.width),
                    std::vector<float>(count * with.gaussians)};
  std::vector<float> coordinates;
  for (std::size_t i = 0; i < count; ++i) {
    coordinates.insert(coordinates.end(), with.origin.begin(), with.origin.end());
  }
  add_projections(cuboids.histograms.data<float>().data() + histogram.first, count,
                  width_of(histogram), with.along.data(), with.padded_axes, coordinates.data());
  for (std::size_t i = 0; i < count; ++i) {
    float* point = compared.points.data() + i * with.width;
    std::copy_n(coordinates.data() + i * with.padded_axes, with.axes, point);
    std::copy_n(places.data<float>().data() + i * 3, 3, point + with.axes);

    const std::span own(compared.posteriors.data() + i * with.gaussians, with.gaussians);
    std::copy(with.log_peaks.begin(), with.log_peaks.end(), own.begin());
    subtract_half_distances(point, with.width, with.gaussians, with.means.data(),
                            with.inverses.data(), own.data());
    const float top = *std::max_element(own.begin(), own.end());
    float sum = 0;
    for (float& value : own) sum += value = std::exp(value - top);
    for (float& value : own) value /= sum;
  }
  return compared;
}

/// The part of the Fisher vector of one histogram before roots and norms, [K, 2, D].
std::vector<double> mean_gradients(const Compared& compared, const Comparison& with) {
  std::vector<double> first(with.means.size());
  std::vector<double> second(with.means.size());
  const std::size_t count = compared.points.size() / with.width;
  for (std::size_t i = 0; i < count; ++i) {
    add_gradients(compared.points.data() + i * with.width, with.width, with.gaussians,
                  with.means.data(), with.inverses.data(),
                  compared.posteriors.data() + i * with.gaussians, first.data(), second.data());
  }
  std::vector<double> gradients;
  gradients.reserve(2 * first.size());
  const auto append = [&](const std::vector<double>& sums, std::size_t k, double scale) {
    for (std::size_t d = 0; d < with.width; ++d) {
      gradients.push_back(sums[d * with.gaussians + k] * scale / static_cast<double>(count));
    }
  };
  for (std::size_t k = 0; k < with.gaussians; ++k) {
    append(first, k, with.first_scales[k]);
    append(second, k, with.second_scales[k]);
  }
  return gradients;
}

void divide_by_norm(std::span<double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  if (!(squares > 0)) return;
  for (double& value : values) value /= std::sqrt(squares);
}

/// What a Fisher vector is made of, histogram by histogram.
struct Parts {
  std::vector<Comparison> comparisons;
  std::vector<Compared> compared;
  std::vector<double> gradients;  // of all histograms
  std::vector<double> fisher;     // gradients after roots and norms
};

Parts parts_of(const Cuboids& cuboids, const Codebook& codebook) {
  if (cuboids.size() == 0 || cuboids.histograms.shape() != Shape{cuboids.size(), cuboid_width} ||
      cuboids.places.shape() != Shape{cuboids.size(), 3}) {
    throw Error(format("{} cuboids of shape {} at {} have no Fisher vector", cuboids.size(),
                       format_shape(cuboids.histograms.shape()),
                       format_shape(cuboids.places.shape())));
  }
  const Tensor places = relative_places(cuboids.places);
  Parts made;
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    const Comparison& with = made.comparisons.emplace_back(codebook.words[i]);
    const Compared& compared =
        made.compared.emplace_back(compare(cuboids, places, histograms[i], with));
    const auto gradients = mean_gradients(compared, with);
    made.gradients.insert(made.gradients.end(), gradients.begin(), gradients.end());
    for (const double value : gradients) {
      made.fisher.push_back(std::copysign(std::sqrt(std::abs(value)), value));
    }
    divide_by_norm(std::span(made.fisher).last(gradients.size()));
  }
  divide_by_norm(made.fisher);
  return made;
}

}  // namespace

Cuboids mirrored(const Cuboids& cuboids) {
  static constexpr auto order = mirrored_order();
  Cuboids other = cuboids;
  for (std::size_t i = 0; i < cuboids.size(); ++i) {
    const float* from = cuboids.histograms.data<float>().data() + i * cuboid_width;
    float* to = other.histograms.data<float>().data() + i * cuboid_width;
    for (std::size_t j = 0; j < cuboid_width; ++j) to[j] = from[order[j]];
    float& across = other.places.data<float>()[i * 3];
    across = -across;
  }
  return other;
}

Tensor relative_places(const Tensor& places) {
  constexpr double weight = 0.5;
  // So that a few cuboids close together are not blown up to the size of a person.
  constexpr double least_spread = 0.05;
  const std::size_t count = places.dim(0);
  const auto from = places.data<float>();
  Tensor relative(DType::f32, {count, 3});
  if (count == 0) return relative;
  std::array<double, 2> middle{};
  double spread = 0;
  for (std::size_t side = 0; side < 2; ++side) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(from[i * 3 + side]);
    spread = std::max(spread, deviation_of_places(values));
    middle[side] = median_of(values);
  }
  spread += least_spread;
  const auto to = relative.data<float>();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t side = 0; side < 2; ++side) {
      to[i * 3 + side] = static_cast<float>(weight * (from[i * 3 + side] - middle[side]) / spread);
    }
    to[i * 3 + 2] = static_cast<float>(weight * from[i * 3 + 2] * std::sqrt(12.0));
  }
  return relative;
}

std::vector<float> fisher_vector(const Cuboids& cuboids, const Codebook& codebook) {
  const Parts made = parts_of(cuboids, codebook);
  std::vector<float> values(made.fisher.size());
  std::transform(made.fisher.begin(), made.fisher.end(), values.begin(),
                 [](double value) { return static_cast<float>(value); });
  return values;
}

std::vector<float> shares_of_cuboids(const Cuboids& cuboids, const Codebook& codebook,
                                     const std::vector<float>& weights) {
  if (weights.size() != codebook.fisher_width()) {
    throw Error(format("{} weights do not fit a Fisher vector of {} values", weights.size(),
                       codebook.fisher_width()));
  }
  const Parts made = parts_of(cuboids, codebook);
  std::vector<double> shares(cuboids.size());
  std::size_t begin = 0;  // of the histogram in the Fisher vector
  for (std::size_t h = 0; h < histograms.size(); ++h) {
    const Comparison& with = made.comparisons[h];
    const Compared& compared = made.compared[h];
    // What a cuboid's own gradient counts for.
    const auto factor = [&](std::size_t value, double scale) {
      const double gradient = made.gradients[value];
      if (gradient == 0) return 0.0;
      return weights[value] * made.fisher[value] * scale /
             (gradient * static_cast<double>(cuboids.size()));
    };
    for (std::size_t k = 0; k < with.gaussians; ++k) {
      for (std::size_t d = 0; d < with.width; ++d) {
        const std::size_t value = begin + 2 * k * with.width + d;
        const double first = factor(value, with.first_scales[k]);
        const double second = factor(value + with.width, with.second_scales[k]);
        const float mean = with.means[d * with.gaussians + k];
        const float inverse = with.inverses[d * with.gaussians + k];
        for (std::size_t i = 0; i < cuboids.size(); ++i) {
          const double away = (compared.points[i * with.width + d] - mean) * inverse;
          const double posterior = compared.posteriors[i * with.gaussians + k];
          shares[i] += posterior * (first * away + second * (away * away - 1));
        }
      }
    }
    begin += 2 * with.means.size();
  }
  return {shares.begin(), shares.end()};
}

Description mirrored(const Description& description) {
  Description mirror;
  for (std::size_t i = 0; i < mirror.size(); ++i) mirror[i] = mirrored(description[i]);
  return mirror;
}

std::vector<float> fisher_vector(const Description& description, const Codebooks& codebooks) {
  const float scale = 1 / std::sqrt(static_cast<float>(description.size()));
  std::vector<float> all;
  for (std::size_t i = 0; i < description.size(); ++i) {
    for (const float value : fisher_vector(description[i], codebooks[i])) {
      all.push_back(scale * value);
    }
  }
  return all;
}

}  // namespace vidclass::motion

#include "motion/codebook.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <opencv2/core.hpp>
#include <utility>

#include "core/arrays.hpp"
#include "core/cpu_clones.hpp"
#include "core/format.hpp"
#include "core/random.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

constexpr std::size_t place_width = 3;

const float* histogram_of(const Cuboids& sample, const Histogram& histogram, std::size_t cuboid) {
  return sample.histograms.data<float>().data() + cuboid * cuboid_width + histogram.first;
}

/// The mean and the axes of `words`.
void fit_axes(const Cuboids& sample, const Histogram& histogram,
              std::span<const std::size_t> chosen, std::size_t wanted, Words& words) {
  const std::size_t width = width_of(histogram);
  const auto count = static_cast<double>(chosen.size());
  std::vector<double> mean(width);
  for (const std::size_t cuboid : chosen) {
    const float* values = histogram_of(sample, histogram, cuboid);
    for (std::size_t w = 0; w < width; ++w) mean[w] += values[w] / count;
  }

  // Summed up here: OpenCV would share the product out among threads.
  const int side = static_cast<int>(width);
  cv::Mat covariance = cv::Mat::zeros(side, side, CV_64F);
  std::vector<double> centred(width);
  for (const std::size_t cuboid : chosen) {
    const float* values = histogram_of(sample, histogram, cuboid);
    for (std::size_t w = 0; w < width; ++w) centred[w] = values[w] - mean[w];
    for (std::size_t row = 0; row < width; ++row) {
      auto* sums = covariance.ptr<double>(static_cast<int>(row));
      for (std::size_t column = 0; column <= row; ++column) {
        sums[column] += centred[row] * centred[column];
      }
    }
  }
  covariance /= std::max(1.0, count - 1);
  cv::completeSymm(covariance, true);
  cv::Mat variances;
  cv::Mat directions;
  cv::eigen(covariance, variances, directions);

  // The floor keeps what hardly varies from being blown up.
  const double deviation = std::max(1e-3, std::sqrt(std::max(0.0, variances.at<double>(0))));
  words.mean = Tensor(DType::f32, {width});
  std::transform(mean.begin(), mean.end(), words.mean.data<float>().begin(),
                 [](double value) { return static_cast<float>(value); });
  words.axes = Tensor(DType::f32, {std::min(wanted, width), width});
  for (std::size_t axis = 0; axis < words.axes.dim(0); ++axis) {
    const auto* direction = directions.ptr<double>(static_cast<int>(axis));
    const double largest = *std::max_element(
        direction, direction + width, [](double a, double b) { return std::abs(a) < std::abs(b); });
    // Solvers differ in the sign.
    const double scale = (largest < 0 ? -1 : 1) / deviation;
    for (std::size_t w = 0; w < width; ++w) {
      words.axes.data<float>()[axis * width + w] = static_cast<float>(direction[w] * scale);
    }
  }
}

/// What a mixture is fitted to: coordinates along the axes, then the place.
struct MixturePoints {
  std::size_t width = 0;
  std::vector<double> values;

  [[nodiscard]] std::size_t size() const { return values.size() / width; }
  [[nodiscard]] const double* at(std::size_t i) const { return values.data() + i * width; }
};

MixturePoints points_of(const Cuboids& sample, const Histogram& histogram,
                        std::span<const std::size_t> chosen, const Words& words) {
  const std::size_t width = width_of(histogram);
  const auto mean = words.mean.data<float>();
  const auto axes = words.axes.data<float>();
  MixturePoints points;
  points.width = words.axes.dim(0) + place_width;
  points.values.reserve(chosen.size() * points.width);
  for (const std::size_t cuboid : chosen) {
    const float* values = histogram_of(sample, histogram, cuboid);
    for (std::size_t axis = 0; axis < words.axes.dim(0); ++axis) {
      double sum = 0;
      for (std::size_t w = 0; w < width; ++w) {
        sum += (static_cast<double>(values[w]) - mean[w]) * axes[axis * width + w];
      }
      points.values.push_back(sum);
    }
    for (std::size_t i = 0; i < place_width; ++i) {
      points.values.push_back(sample.places.data<float>()[cuboid * place_width + i]);
    }
  }
  return points;
}

double squared_distance(const double* a, const double* b, std::size_t width) {
  double sum = 0;
  for (std::size_t d = 0; d < width; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

/// At most `wanted` of the points, no two of them at one place (k-means++).
MixturePoints first_centres(const MixturePoints& points, std::size_t wanted, Random& random) {
  MixturePoints centres;
  centres.width = points.width;
  std::vector<double> distances(points.size(), std::numeric_limits<double>::infinity());
  std::size_t next = random.below(points.size());
  for (;;) {
    centres.values.insert(centres.values.end(), points.at(next), points.at(next) + points.width);
    if (centres.size() == wanted) return centres;
    double total = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      distances[i] =
          std::min(distances[i], squared_distance(points.at(i), points.at(next), points.width));
      total += distances[i];
    }
    if (!(total > 0)) return centres;
    double left = random.unit() * total;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!(distances[i] > 0)) continue;
      next = i;
      if (left < distances[i]) break;
      left -= distances[i];
    }
  }
}

/// Which of the clusters of k-means each point is in. Some clusters may have none.
std::vector<std::size_t> clusters_of(const MixturePoints& points, MixturePoints centres) {
  // The mixture is fitted further anyway.
  constexpr int most_rounds = 10;
  std::vector<std::size_t> clusters(points.size());
  for (int round = 0; round < most_rounds; ++round) {
    bool changed = round == 0;
    std::vector<double> sums(centres.values.size());
    std::vector<double> counts(centres.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      std::size_t nearest = 0;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t c = 0; c < centres.size(); ++c) {
        const double distance = squared_distance(points.at(i), centres.at(c), points.width);
        if (distance < least) {
          least = distance;
          nearest = c;
        }
      }
      changed = changed || clusters[i] != nearest;
      clusters[i] = nearest;
      counts[nearest] += 1;
      for (std::size_t d = 0; d < points.width; ++d) {
        sums[nearest * points.width + d] += points.at(i)[d];
      }
    }
    if (!changed) break;
    for (std::size_t j = 0; j < sums.size(); ++j) {
      if (counts[j / points.width] > 0) centres.values[j] = sums[j] / counts[j / points.width];
    }
  }
  return clusters;
}

/// Gaussian by Gaussian within each dimension, so that inner loops over Gaussians are vectors'.
struct Mixture {
  std::vector<double> shares;      // [K]
  std::vector<double> means;       // [D, K]
  std::vector<double> variances;   // [D, K]
  std::vector<double> precisions;  // 1 / variances
};

VIDCLASS_FOR_EACH_CPU
void add_log_densities(const double* __restrict point, std::size_t width, std::size_t gaussians,
                       const double* __restrict means, const double* __restrict precisions,
                       double* __restrict target) {
  for (std::size_t d = 0; d < width; ++d) {
    for (std::size_t k = 0; k < gaussians; ++k) {
      const double difference = point[d] - means[d * gaussians + k];
      target[k] -= 0.5 * difference * difference * precisions[d * gaussians + k];
    }
  }
}

VIDCLASS_FOR_EACH_CPU
void add_weighted_powers(const double* __restrict point, std::size_t width, std::size_t gaussians,
                         const double* __restrict posteriors, double* __restrict sums,
                         double* __restrict squares) {
  for (std::size_t d = 0; d < width; ++d) {
    for (std::size_t k = 0; k < gaussians; ++k) {
      const double part = posteriors[k] * point[d];
      sums[d * gaussians + k] += part;
      squares[d * gaussians + k] += part * point[d];
    }
  }
}

/// The posteriors [N, K] of the Gaussians for each point; returns the mean log likelihood.
double expectation_step(const MixturePoints& points, const Mixture& mixture,
                        std::vector<double>& posteriors) {
  const std::size_t gaussians = mixture.shares.size();
  std::vector<double> offsets(gaussians);
  for (std::size_t k = 0; k < gaussians; ++k) {
    offsets[k] = std::log(mixture.shares[k]);
    for (std::size_t d = 0; d < points.width; ++d) {
      offsets[k] -= 0.5 * std::log(2 * std::numbers::pi * mixture.variances[d * gaussians + k]);
    }
  }
  double total = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::span own(posteriors.data() + i * gaussians, gaussians);
    std::copy(offsets.begin(), offsets.end(), own.begin());
    add_log_densities(points.at(i), points.width, gaussians, mixture.means.data(),
                      mixture.precisions.data(), own.data());
    const double top = *std::max_element(own.begin(), own.end());
    double sum = 0;
    for (double& value : own) sum += value = std::exp(value - top);
    for (double& value : own) value /= sum;
    total += top + std::log(sum);
  }
  return total / static_cast<double>(points.size());
}

/// The mixture that these posteriors make likeliest.
Mixture maximisation_step(const MixturePoints& points, const std::vector<double>& posteriors,
                          double least_variance) {
  const std::size_t gaussians = posteriors.size() / points.size();
  // What scikit-learn adds, against division by 0 where a Gaussian has lost all points.
  std::vector<double> counts(gaussians, 10 * std::numeric_limits<double>::epsilon());
  Mixture mixture;
  mixture.means.resize(points.width * gaussians);
  mixture.variances.resize(mixture.means.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double* own = posteriors.data() + i * gaussians;
    for (std::size_t k = 0; k < gaussians; ++k) counts[k] += own[k];
    add_weighted_powers(points.at(i), points.width, gaussians, own, mixture.means.data(),
                        mixture.variances.data());
  }
  for (std::size_t j = 0; j < mixture.means.size(); ++j) {
    const double count = counts[j % gaussians];
    double& mean = mixture.means[j];
    double& variance = mixture.variances[j];
    mean /= count;
    variance = std::max(0.0, variance / count - mean * mean) + least_variance;
    mixture.precisions.push_back(1 / variance);
  }
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  for (const double count : counts) mixture.shares.push_back(count / all);
  return mixture;
}

/// The mixture that k-means gives: each point has the posterior 1 of its own cluster.
std::vector<double> first_posteriors(const MixturePoints& points, std::size_t wanted,
                                     Random& random) {
  auto clusters = clusters_of(points, first_centres(points, wanted, random));
  std::vector<std::size_t> used = clusters;
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::vector<double> posteriors(points.size() * used.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto place = std::lower_bound(used.begin(), used.end(), clusters[i]) - used.begin();
    posteriors[i * used.size() + static_cast<std::size_t>(place)] = 1;
  }
  return posteriors;
}

/// [D, K] to float32 [K, D].
Tensor by_gaussian(const std::vector<double>& values, std::size_t gaussians) {
  const std::size_t width = values.size() / gaussians;
  Tensor tensor(DType::f32, {gaussians, width});
  for (std::size_t k = 0; k < gaussians; ++k) {
    for (std::size_t d = 0; d < width; ++d) {
      tensor.data<float>()[k * width + d] = static_cast<float>(values[d * gaussians + k]);
    }
  }
  return tensor;
}

/// All of `words` but its mean and axes.
void fit_mixture(const MixturePoints& points, const CodebookOptions& options, Random& random,
                 Words& words) {
  // Of the mean log likelihood, as in scikit-learn.
  constexpr double least_gain = 1e-3;
  auto posteriors = first_posteriors(points, options.gaussians, random);
  Mixture mixture = maximisation_step(points, posteriors, options.least_variance);
  double before = -std::numeric_limits<double>::infinity();
  for (int round = 0; round < options.most_rounds; ++round) {
    const double likelihood = expectation_step(points, mixture, posteriors);
    mixture = maximisation_step(points, posteriors, options.least_variance);
    if (likelihood - before < least_gain) break;
    before = likelihood;
  }
  const std::size_t gaussians = mixture.shares.size();
  words.shares = by_gaussian(mixture.shares, gaussians).reshaped({gaussians});
  words.means = by_gaussian(mixture.means, gaussians);
  words.variances = by_gaussian(mixture.variances, gaussians);
}

void check_sample(const Cuboids& sample) {
  if (sample.size() == 0) throw Error("a codebook needs cuboids, and there are none");
  const Shape histograms_shape{sample.size(), cuboid_width};
  const Shape places_shape{sample.size(), place_width};
  if (sample.histograms.shape() != histograms_shape || sample.places.shape() != places_shape) {
    throw Error(format("cuboids of a codebook are {} at {} instead of {} at {}",
                       format_shape(sample.histograms.shape()), format_shape(sample.places.shape()),
                       format_shape(histograms_shape), format_shape(places_shape)));
  }
  if (!all_finite(sample.histograms) || !all_finite(sample.places)) {
    throw Error("a value of the cuboids of a codebook is not finite");
  }
}

void check_words(const Words& words, const Histogram& histogram) {
  const std::size_t width = width_of(histogram);
  const std::size_t axes = words.axes.rank() == 2 ? words.axes.dim(0) : 0;
  const std::size_t gaussians = words.shares.size();
  const Shape of_gaussians{gaussians, axes + place_width};
  const auto require = [&](const Tensor& tensor, const char* name, const Shape& shape) {
    if (tensor.shape() != shape || tensor.dtype() != DType::f32 || tensor.empty()) {
      throw Error(format("{} of the codebook for {} are {} {} instead of {} {}", name,
                         histogram.name, name_of(tensor.dtype()), format_shape(tensor.shape()),
                         name_of(DType::f32), format_shape(shape)));
    }
    if (!all_finite(tensor)) {
      throw Error(format("{} of the codebook for {} are not finite", name, histogram.name));
    }
  };
  const auto require_above_0 = [&](const Tensor& tensor, const char* name) {
    const auto values = tensor.data<float>();
    if (*std::min_element(values.begin(), values.end()) > 0) return;
    throw Error(format("{} of the codebook for {} are not above 0", name, histogram.name));
  };
  require(words.mean, "means of values", {width});
  require(words.axes, "axes", {axes, width});
  require(words.shares, "shares", {gaussians});
  require(words.means, "means", of_gaussians);
  require(words.variances, "variances", of_gaussians);
  require_above_0(words.shares, "shares");
  require_above_0(words.variances, "variances");
}

}  // namespace

std::size_t Codebook::fisher_width() const {
  std::size_t width = 0;
  for (const Words& own : words) width += 2 * own.means.size();
  return width;
}

void check(const Codebook& codebook) {
  for (std::size_t i = 0; i < histograms.size(); ++i) check_words(codebook.words[i], histograms[i]);
}

Codebook fit_codebook(const Cuboids& sample, std::uint64_t seed, const CodebookOptions& options) {
  check_sample(sample);
  Random random(seed);
  std::vector<std::size_t> order(sample.size());
  std::iota(order.begin(), order.end(), 0);
  random.choose(order, std::max(options.most_for_axes, options.most_for_mixture));
  const auto first = [&](std::size_t most) {
    return std::span(order).first(std::min(most, order.size()));
  };
  Codebook codebook;
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    Words& words = codebook.words[i];
    fit_axes(sample, histograms[i], first(options.most_for_axes), options.axes, words);
    fit_mixture(points_of(sample, histograms[i], first(options.most_for_mixture), words), options,
                random, words);
  }
  return codebook;
}

}  // namespace vidclass::motion

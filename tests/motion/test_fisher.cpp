#include "motion/fisher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/random.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

/// Flow in a cuboid of 3 pictures of 8 x 8.
struct FlowField {
  static constexpr int side = 8;
  static constexpr int pictures = 3;
  using Part = std::vector<double>;
  Part across = Part(pictures * side * side);
  Part down = across;

  static std::size_t at(int t, int y, int x) {
    return static_cast<std::size_t>((t * side + y) * side + x);
  }
};

FlowField random_flow(std::uint64_t seed) {
  FlowField flow;
  Random random(seed);
  for (double& value : flow.across) value = random.between(-1, 2);
  for (double& value : flow.down) value = random.between(-1.5F, 1);
  return flow;
}

FlowField in_a_mirror(const FlowField& flow) {
  FlowField other;
  for (int t = 0; t < FlowField::pictures; ++t) {
    for (int y = 0; y < FlowField::side; ++y) {
      for (int x = 0; x < FlowField::side; ++x) {
        const auto from = FlowField::at(t, y, FlowField::side - 1 - x);
        other.across[FlowField::at(t, y, x)] = -flow.across[from];
        other.down[FlowField::at(t, y, x)] = flow.down[from];
      }
    }
  }
  return other;
}

/// The histogram of vectors (u, v), longer ones counting more, each shared between two bins.
std::vector<double> histogram_of_vectors(const FlowField::Part& u, const FlowField::Part& v,
                                         const Histogram& histogram, double least) {
  std::vector<double> sums(width_of(histogram));
  for (int t = 0; t < FlowField::pictures; ++t) {
    for (int y = 0; y < FlowField::side; ++y) {
      for (int x = 0; x < FlowField::side; ++x) {
        const std::size_t from = FlowField::at(t, y, x);
        const auto part = static_cast<std::size_t>((t * 2 + y / 4) * 2 + x / 4);
        double* bins = sums.data() + part * histogram.bins;
        const double length = std::hypot(u[from], v[from]);
        if (length < least) {
          if (histogram.bins == 9) bins[8] += least;
          continue;
        }
        double angle = std::atan2(v[from], u[from]) * 8 / (2 * std::numbers::pi);
        if (angle < 0) angle += 8;
        const double share = angle - std::floor(angle);
        const auto bin = static_cast<std::size_t>(angle) % 8;
        bins[bin] += length * (1 - share);
        bins[(bin + 1) % 8] += length * share;
      }
    }
  }
  return sums;
}

struct FlowGradient {
  FlowField::Part across, down;
};

FlowGradient gradient_of(const FlowField::Part& part) {
  FlowGradient gradient{FlowField::Part(part.size()), FlowField::Part(part.size())};
  for (int t = 0; t < FlowField::pictures; ++t) {
    for (int y = 0; y < FlowField::side; ++y) {
      for (int x = 0; x < FlowField::side; ++x) {
        const std::size_t to = FlowField::at(t, y, x);
        if (x > 0 && x + 1 < FlowField::side) {
          gradient.across[to] =
              (part[FlowField::at(t, y, x + 1)] - part[FlowField::at(t, y, x - 1)]) / 2;
        }
        if (y > 0 && y + 1 < FlowField::side) {
          gradient.down[to] =
              (part[FlowField::at(t, y + 1, x)] - part[FlowField::at(t, y - 1, x)]) / 2;
        }
      }
    }
  }
  return gradient;
}

std::vector<float> cuboid_of(const FlowField& flow) {
  const FlowGradient x = gradient_of(flow.across);
  const FlowGradient y = gradient_of(flow.down);
  std::vector<float> numbers;
  const auto append = [&](const std::vector<double>& sums) {
    double all = 0;
    for (const double sum : sums) all += sum;
    for (const double sum : sums) numbers.push_back(static_cast<float>(std::sqrt(sum / all)));
  };
  append(histogram_of_vectors(flow.across, flow.down, histograms[0], .25));
  append(histogram_of_vectors(x.across, x.down, histograms[1], .03));
  append(histogram_of_vectors(y.across, y.down, histograms[2], .03));
  return numbers;
}

Cuboids cuboids_of_flows(std::size_t count, std::uint64_t seed = 1) {
  Cuboids made;
  made.histograms = Tensor(DType::f32, {count, cuboid_width});
  made.places = Tensor(DType::f32, {count, 3});
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto numbers = cuboid_of(random_flow(random.next()));
    std::copy(
        numbers.begin(), numbers.end(),
        made.histograms.data<float>().begin() + static_cast<std::ptrdiff_t>(i * cuboid_width));
    for (std::size_t j = 0; j < 3; ++j) {
      made.places.data<float>()[i * 3 + j] = random.between(-.5F, .5F);
    }
    made.times.push_back(static_cast<double>(i));
  }
  return made;
}

/// Near to what cuboids_of_flows() gives, with posteriors that are neither 0 nor 1 alone.
Codebook codebook_of_flows() {
  Cuboids sample = cuboids_of_flows(60, 9);
  sample.places = relative_places(sample.places);
  return fit_codebook(sample, 1, {.axes = 5, .gaussians = 4, .least_variance = 0.5});
}

/// One histogram's part of the Fisher vector before roots and norms, word for word as in the paper.
std::vector<double> plain_gradients(const Cuboids& cuboids, const Words& words,
                                    const Histogram& histogram) {
  const Tensor places = relative_places(cuboids.places);
  const std::size_t axes = words.axes.dim(0);
  const std::size_t width = axes + 3;
  const std::size_t gaussians = words.shares.size();
  const auto away = [&](const std::vector<double>& x, std::size_t k, std::size_t d) {
    return (x[d] - words.means.data<float>()[k * width + d]) /
           std::sqrt(static_cast<double>(words.variances.data<float>()[k * width + d]));
  };
  std::vector<double> gradients(2 * gaussians * width);
  for (std::size_t i = 0; i < cuboids.size(); ++i) {
    std::vector<double> x(width);
    for (std::size_t a = 0; a < axes; ++a) {
      for (std::size_t w = 0; w < width_of(histogram); ++w) {
        const double value =
            cuboids.histograms.data<float>()[i * cuboid_width + histogram.first + w];
        x[a] += (value - words.mean.data<float>()[w]) *
                words.axes.data<float>()[a * width_of(histogram) + w];
      }
    }
    for (std::size_t j = 0; j < 3; ++j) x[axes + j] = places.data<float>()[i * 3 + j];
    std::vector<double> densities(gaussians);
    double sum = 0;
    for (std::size_t k = 0; k < gaussians; ++k) {
      densities[k] = words.shares.data<float>()[k];
      for (std::size_t d = 0; d < width; ++d) {
        const double z = away(x, k, d);
        densities[k] *=
            std::exp(-z * z / 2) /
            std::sqrt(static_cast<double>(words.variances.data<float>()[k * width + d]));
      }
      sum += densities[k];
    }
    for (std::size_t k = 0; k < gaussians; ++k) {
      const double share = words.shares.data<float>()[k];
      const double part = densities[k] / sum / static_cast<double>(cuboids.size());
      for (std::size_t d = 0; d < width; ++d) {
        const double z = away(x, k, d);
        gradients[2 * k * width + d] += part * z / std::sqrt(share);
        gradients[(2 * k + 1) * width + d] += part * (z * z - 1) / std::sqrt(2 * share);
      }
    }
  }
  return gradients;
}

void divide_by_length(std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  for (double& value : values) value /= std::sqrt(squares);
}

std::vector<double> plain_fisher_vector(const Cuboids& cuboids, const Codebook& codebook) {
  std::vector<double> all;
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    auto part = plain_gradients(cuboids, codebook.words.at(i), histograms.at(i));
    for (double& value : part) value = std::copysign(std::sqrt(std::abs(value)), value);
    divide_by_length(part);
    all.insert(all.end(), part.begin(), part.end());
  }
  divide_by_length(all);
  return all;
}

std::vector<float> random_weights(std::size_t count) {
  Random random(5);
  std::vector<float> weights(count);
  for (float& weight : weights) weight = random.between(-1, 1);
  return weights;
}

double sum_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum;
}

double product_of(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

Tensor places_of(const std::vector<float>& values) {
  return Tensor::from<float>({values.size() / 3, 3}, values);
}

TEST(MirroredCuboids, AreThoseOfTheMirroredFlow) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Cuboids cuboids = cuboids_of_flows(1);
    const auto numbers = cuboid_of(random_flow(seed));
    std::copy(numbers.begin(), numbers.end(), cuboids.histograms.data<float>().begin());
    const auto expected = cuboid_of(in_a_mirror(random_flow(seed)));
    const Cuboids given = mirrored(cuboids);
    for (std::size_t j = 0; j < cuboid_width; ++j) {
      ASSERT_NEAR(given.histograms.data<float>()[j], expected[j], 1e-5) << "at " << j;
    }
  }
}

TEST(MirroredCuboids, AreOnTheOtherSide) {
  Cuboids cuboids = cuboids_of_flows(1);
  cuboids.places = places_of({.3F, .2F, .1F});
  EXPECT_TRUE(testing::same_bytes(mirrored(cuboids).places, places_of({-.3F, .2F, .1F})));
}

TEST(MirroredCuboids, KeepTheirTimes) {
  const Cuboids cuboids = cuboids_of_flows(4);
  EXPECT_EQ(mirrored(cuboids).times, cuboids.times);
}

TEST(MirroredCuboids, AreAsTheyWereAfterASecondMirror) {
  const Cuboids cuboids = cuboids_of_flows(4);
  const Cuboids twice = mirrored(mirrored(cuboids));
  EXPECT_TRUE(testing::same_bytes(twice.histograms, cuboids.histograms));
  EXPECT_TRUE(testing::same_bytes(twice.places, cuboids.places));
}

TEST(RelativePlaces, AreFromTheMedianOfAnOddNumber) {
  const Tensor places = relative_places(places_of({-.4F, 0, 0, .1F, 0, 0, .2F, 0, 0}));
  EXPECT_EQ(places.data<float>()[3], 0);
}

TEST(RelativePlaces, AreFromTheMiddleBetweenTheTwoMediansOfAnEvenNumber) {
  const Tensor places = relative_places(places_of({0, -.4F, 0, 0, .1F, 0, 0, .5F, 0, 0, .2F, 0}));
  EXPECT_NEAR(places.data<float>()[4], -places.data<float>()[10], 1e-6);
}

TEST(RelativePlaces, AreDividedByTheLargerDeviation) {
  const Tensor places = relative_places(places_of({-.2F, .1F, 0, .2F, .1F, 0}));
  EXPECT_NEAR(places.data<float>()[3], 0.5 * 0.2 / (0.2 + 0.05), 1e-6);
}

TEST(RelativePlaces, SpreadTimeToHalfADeviation) {
  std::vector<float> values;
  constexpr int count = 1000;
  for (int i = 0; i < count; ++i) {
    values.insert(values.end(), {0, 0, (static_cast<float>(i) + .5F) / count - .5F});
  }
  const Tensor places = relative_places(places_of(values));
  double squares = 0;
  for (std::size_t i = 2; i < places.size(); i += 3) {
    squares += std::pow(places.data<float>()[i], 2) / count;
  }
  EXPECT_NEAR(std::sqrt(squares), 0.5, 1e-3);
}

TEST(RelativePlaces, OfOneCuboidAreInTheMiddle) {
  const Tensor places = relative_places(places_of({.3F, -.4F, 0}));
  EXPECT_TRUE(testing::same_bytes(places, places_of({0, 0, 0})));
}

TEST(FisherVector, IsWhatThePaperSays) {
  const Codebook codebook = codebook_of_flows();
  const Cuboids cuboids = cuboids_of_flows(20);
  const auto given = fisher_vector(cuboids, codebook);
  const auto expected = plain_fisher_vector(cuboids, codebook);
  ASSERT_EQ(given.size(), expected.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given[i], expected[i], 1e-4) << "at " << i;
  }
}

TEST(FisherVector, IsAsWideAsTheCodebookSays) {
  const Codebook codebook = codebook_of_flows();
  EXPECT_EQ(fisher_vector(cuboids_of_flows(3), codebook).size(), codebook.fisher_width());
}

TEST(FisherVector, HasAThirdOfItsSquaredLengthFromEachHistogram) {
  const Codebook codebook = codebook_of_flows();
  const auto values = fisher_vector(cuboids_of_flows(20), codebook);
  std::size_t i = 0;
  for (const Words& words : codebook.words) {
    double squares = 0;
    for (const std::size_t end = i + 2 * words.means.size(); i < end; ++i) {
      squares += static_cast<double>(values[i]) * values[i];
    }
    EXPECT_NEAR(squares, 1.0 / 3, 1e-5);
  }
}

TEST(FisherVector, IsFiniteFarFromAllGaussians) {
  Cuboids cuboids = cuboids_of_flows(2);
  for (float& value : cuboids.histograms.data<float>()) value *= 1e4F;
  for (const float value : fisher_vector(cuboids, codebook_of_flows())) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(FisherVector, IsFiniteWhereNothingMoves) {
  Cuboids still;
  still.histograms = Tensor(DType::f32, {1, cuboid_width});
  still.places = Tensor(DType::f32, {1, 3});
  still.times = {0};
  for (const float value : fisher_vector(still, codebook_of_flows())) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(FisherVector, IsNotMadeOfNothing) {
  EXPECT_THROW((void)fisher_vector(cuboids_of_flows(0), codebook_of_flows()), Error);
}

TEST(FisherVector, IsNotMadeOfCuboidsOfAnotherWidth) {
  Cuboids cuboids = cuboids_of_flows(2);
  cuboids.histograms = Tensor(DType::f32, {2, 7});
  EXPECT_THROW((void)fisher_vector(cuboids, codebook_of_flows()), Error);
}

TEST(SharesOfCuboids, SumToWhatAllOfThemGive) {
  const Codebook codebook = codebook_of_flows();
  const Cuboids cuboids = cuboids_of_flows(20);
  const auto weights = random_weights(codebook.fisher_width());
  const auto shares = shares_of_cuboids(cuboids, codebook, weights);
  ASSERT_EQ(shares.size(), 20U);
  EXPECT_NEAR(sum_of(shares), product_of(weights, fisher_vector(cuboids, codebook)), 1e-5);
}

TEST(SharesOfCuboids, AreAlikeForCuboidsThatAreAlike) {
  Cuboids cuboids = cuboids_of_flows(4);
  const auto histograms_of_all = cuboids.histograms.data<float>();
  std::copy_n(histograms_of_all.begin(), cuboid_width, histograms_of_all.begin() + cuboid_width);
  const auto places = cuboids.places.data<float>();
  std::copy_n(places.begin(), 3, places.begin() + 3);
  const Codebook codebook = codebook_of_flows();
  const auto shares = shares_of_cuboids(cuboids, codebook, random_weights(codebook.fisher_width()));
  EXPECT_EQ(shares[0], shares[1]);
  EXPECT_NE(shares[0], shares[2]);
}

TEST(SharesOfCuboids, AreInProportionToWhatEachAdds) {
  const Codebook codebook = codebook_of_flows();
  const auto in_the_middle = [](std::uint64_t seed) {
    Cuboids one = cuboids_of_flows(1, seed);
    one.places = Tensor(DType::f32, {1, 3});
    return one;
  };
  const Cuboids first = in_the_middle(1);
  const Cuboids second = in_the_middle(2);
  Cuboids both = cuboids_of_flows(2);
  both.places = Tensor(DType::f32, {2, 3});
  const auto to = both.histograms.data<float>();
  std::copy_n(first.histograms.data<float>().begin(), cuboid_width, to.begin());
  std::copy_n(second.histograms.data<float>().begin(), cuboid_width, to.begin() + cuboid_width);

  std::vector<float> weights(codebook.fisher_width());
  weights[0] = 1;
  const auto shares = shares_of_cuboids(both, codebook, weights);
  const double of_first = plain_gradients(first, codebook.words[0], histograms[0])[0];
  const double of_second = plain_gradients(second, codebook.words[0], histograms[0])[0];
  EXPECT_NEAR(shares[0] / shares[1], of_first / of_second, 1e-3 * std::abs(of_first / of_second));
}

TEST(SharesOfCuboids, RefuseAnotherNumberOfWeights) {
  EXPECT_THROW((void)shares_of_cuboids(cuboids_of_flows(2), codebook_of_flows(), {1, 2, 3}), Error);
}

}  // namespace
}  // namespace vidclass::motion

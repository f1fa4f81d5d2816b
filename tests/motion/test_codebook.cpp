#include "motion/codebook.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

constexpr std::size_t kinds = 3;

/// Histograms of `kinds` kinds that differ in one bin each, and vary a little in all of them. The
/// first kind has half of the cuboids, the other two a quarter each.
Cuboids cuboids_of_kinds(std::size_t count, std::uint64_t seed = 1) {
  Random random(seed);
  Cuboids made;
  made.histograms = Tensor(DType::f32, {count, cuboid_width});
  made.places = Tensor(DType::f32, {count, 3});
  made.times.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = std::array<std::size_t, 4>{0, 1, 0, 2}.at(i % 4);
    const auto own = made.histograms.data<float>().subspan(i * cuboid_width, cuboid_width);
    for (const Histogram& histogram : histograms) {
      for (std::size_t j = 0; j < width_of(histogram); ++j) {
        own[histogram.first + j] = random.between(0, 0.1F) + (j == 5 * kind ? 0.8F : 0);
      }
    }
    for (std::size_t j = 0; j < 3; ++j) {
      made.places.data<float>()[i * 3 + j] = random.between(-.2F, .2F);
    }
  }
  return made;
}

Codebook small_codebook() {
  return fit_codebook(cuboids_of_kinds(40), 1, {.axes = 4, .gaussians = 3});
}

/// Of cuboid i along the axes of one histogram.
std::vector<double> coordinates(const Cuboids& cuboids, std::size_t i, const Words& words,
                                const Histogram& histogram) {
  std::vector<double> result;
  const std::size_t width = width_of(histogram);
  for (std::size_t axis = 0; axis < words.axes.dim(0); ++axis) {
    double sum = 0;
    for (std::size_t w = 0; w < width; ++w) {
      const float value = cuboids.histograms.data<float>()[i * cuboid_width + histogram.first + w];
      sum += (static_cast<double>(value) - words.mean.data<float>()[w]) *
             words.axes.data<float>()[axis * width + w];
    }
    result.push_back(sum);
  }
  return result;
}

TEST(Codebook, HasAsManyAxesAndGaussiansAsAskedFor) {
  const Codebook codebook = small_codebook();
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    const Words& words = codebook.words.at(i);
    EXPECT_EQ(words.axes.shape(), (Shape{4, width_of(histograms.at(i))}));
    EXPECT_EQ(words.means.shape(), (Shape{3, 7}));
    EXPECT_EQ(words.variances.shape(), (Shape{3, 7}));
  }
  EXPECT_NO_THROW(check(codebook));
}

TEST(Codebook, TellsTheWidthOfFisherVectors) {
  EXPECT_EQ(small_codebook().fisher_width(), 3U * 3 * 2 * 7);
}

TEST(Codebook, HasAxesAtRightAngles) {
  const Words words = small_codebook().words[0];
  const std::size_t width = width_of(histograms[0]);
  const auto product = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t w = 0; w < width; ++w) {
      sum += static_cast<double>(words.axes.data<float>()[a * width + w]) *
             words.axes.data<float>()[b * width + w];
    }
    return sum;
  };
  for (std::size_t a = 0; a < 4; ++a) {
    EXPECT_NEAR(product(a, a), product(0, 0), 1e-4 * product(0, 0));
    for (std::size_t b = 0; b < a; ++b) EXPECT_NEAR(product(a, b), 0, 1e-4 * product(0, 0));
  }
}

TEST(Codebook, ScalesAxesSoThatTheDeviationAlongTheFirstIs1) {
  const Cuboids sample = cuboids_of_kinds(100);
  const Codebook codebook = fit_codebook(sample, 1, {.axes = 3});
  for (std::size_t h = 0; h < histograms.size(); ++h) {
    std::vector<double> squares(3);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const auto x = coordinates(sample, i, codebook.words.at(h), histograms.at(h));
      for (std::size_t a = 0; a < 3; ++a) squares[a] += x[a] * x[a] / 99;
    }
    EXPECT_NEAR(squares[0], 1, 1e-4);
    EXPECT_GT(squares[0], squares[1]);
    EXPECT_GT(squares[1], squares[2]);
  }
}

TEST(Codebook, HasAxesAlongWhichCuboidsDoNotCorrelate) {
  const Cuboids sample = cuboids_of_kinds(100);
  const Codebook codebook = fit_codebook(sample, 1, {.axes = 2});
  for (std::size_t h = 0; h < histograms.size(); ++h) {
    double product = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const auto x = coordinates(sample, i, codebook.words.at(h), histograms.at(h));
      product += x[0] * x[1] / 99;
    }
    EXPECT_NEAR(product, 0, 1e-5);
  }
}

TEST(Codebook, TurnsAxesSoThatTheirLargestValueIsPositive) {
  const Words words = small_codebook().words[1];
  const std::size_t width = width_of(histograms[1]);
  for (std::size_t a = 0; a < 4; ++a) {
    const auto axis = words.axes.data<float>().subspan(a * width, width);
    EXPECT_GT(*std::max_element(axis.begin(), axis.end()),
              -*std::min_element(axis.begin(), axis.end()));
  }
}

TEST(Codebook, FindsTheKindsThatThereAre) {
  const Cuboids sample = cuboids_of_kinds(400);
  // Starts differ in which kinds the first centres are of.
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const Codebook codebook = fit_codebook(sample, seed, {.axes = 2, .gaussians = kinds});
    for (const Words& words : codebook.words) {
      std::vector<float> shares(words.shares.data<float>().begin(),
                                words.shares.data<float>().end());
      std::sort(shares.begin(), shares.end());
      EXPECT_NEAR(shares.at(0), 0.25, 1e-3);
      EXPECT_NEAR(shares.at(1), 0.25, 1e-3);
      EXPECT_NEAR(shares.at(2), 0.5, 1e-3);
    }
  }
}

TEST(Codebook, PutsAGaussianOnTheMiddleOfItsKind) {
  const Cuboids sample = cuboids_of_kinds(400);
  const Words words = fit_codebook(sample, 1, {.axes = 2, .gaussians = kinds}).words[0];
  std::vector<double> middle(2);
  for (std::size_t i = 0; i < sample.size(); i += 2) {  // the first kind
    const auto x = coordinates(sample, i, words, histograms[0]);
    for (std::size_t d = 0; d < 2; ++d) middle[d] += x[d] / 200;
  }
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < kinds; ++k) {
    const auto mean = words.means.data<float>().subspan(k * 5, 2);
    least = std::min(least, std::hypot(mean[0] - middle[0], mean[1] - middle[1]));
  }
  EXPECT_LT(least, 1e-3);
}

TEST(Codebook, AddsTheLeastVariance) {
  const Words words = fit_codebook(cuboids_of_kinds(40), 1, {.least_variance = 0.5}).words[2];
  for (const float variance : words.variances.data<float>()) EXPECT_GE(variance, 0.5F);
}

TEST(Codebook, HasSharesThatSumTo1) {
  for (const Words& words : fit_codebook(cuboids_of_kinds(200), 1).words) {
    double sum = 0;
    for (const float share : words.shares.data<float>()) sum += share;
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST(Codebook, IsTheSameToTheBitWithTheSameSeed) {
  const Cuboids sample = cuboids_of_kinds(200);
  const Codebook one = fit_codebook(sample, 7);
  const Codebook other = fit_codebook(sample, 7);
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    EXPECT_TRUE(testing::same_bytes(one.words.at(i).axes, other.words.at(i).axes));
    EXPECT_TRUE(testing::same_bytes(one.words.at(i).means, other.words.at(i).means));
    EXPECT_TRUE(testing::same_bytes(one.words.at(i).variances, other.words.at(i).variances));
  }
}

TEST(Codebook, DiffersWithTheSeed) {
  const Cuboids sample = cuboids_of_kinds(200);
  EXPECT_FALSE(testing::same_bytes(fit_codebook(sample, 1).words[0].means,
                                   fit_codebook(sample, 2).words[0].means));
}

TEST(Codebook, IsFittedToNoMoreCuboidsThanAsked) {
  Cuboids sample = cuboids_of_kinds(50);
  const Codebook codebook = fit_codebook(sample, 1, {.most_for_axes = 10, .most_for_mixture = 1});
  EXPECT_EQ(codebook.words[0].shares.size(), 1U);
}

TEST(Codebook, HasFewerGaussiansWithFewerCuboids) {
  const Codebook codebook = fit_codebook(cuboids_of_kinds(5), 1);
  for (const Words& words : codebook.words) {
    EXPECT_LE(words.shares.size(), 5U);
    EXPECT_GE(words.shares.size(), 1U);
  }
  EXPECT_NO_THROW(check(codebook));
}

TEST(Codebook, HasOneGaussianWhereAllCuboidsAreTheSame) {
  Cuboids sample = cuboids_of_kinds(20);
  for (std::size_t i = 0; i < sample.histograms.size(); ++i) {
    sample.histograms.data<float>()[i] = 0.1F;
  }
  for (float& value : sample.places.data<float>()) value = 0.3F;
  const Codebook codebook = fit_codebook(sample, 1);
  for (const Words& words : codebook.words) EXPECT_EQ(words.shares.size(), 1U);
  EXPECT_NO_THROW(check(codebook));
}

TEST(Codebook, IsNotFittedToNothing) {
  EXPECT_THROW((void)fit_codebook(cuboids_of_kinds(0), 1), Error);
}

TEST(Codebook, IsNotFittedToCuboidsOfAnotherWidth) {
  Cuboids sample = cuboids_of_kinds(4);
  sample.histograms = Tensor(DType::f32, {4, cuboid_width - 1});
  EXPECT_THROW((void)fit_codebook(sample, 1), Error);
}

TEST(Codebook, IsNotFittedToWhatIsNotFinite) {
  Cuboids sample = cuboids_of_kinds(4);
  sample.places.data<float>()[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)fit_codebook(sample, 1), Error);
}

TEST(CodebookCheck, RefusesAnotherShapeOfAnyPart) {
  for (Tensor Words::*part :
       {&Words::mean, &Words::axes, &Words::shares, &Words::means, &Words::variances}) {
    Codebook codebook = small_codebook();
    codebook.words[1].*part = Tensor(DType::f32, {2, 2});
    EXPECT_THROW(check(codebook), Error);
  }
}

TEST(CodebookCheck, RefusesWhatHasNoGaussians) {
  Codebook codebook = small_codebook();
  codebook.words[0].shares = Tensor(DType::f32, {0});
  codebook.words[0].means = codebook.words[0].variances = Tensor(DType::f32, {0, 7});
  EXPECT_THROW(check(codebook), Error);
}

TEST(CodebookCheck, RefusesAnotherType) {
  Codebook codebook = small_codebook();
  codebook.words[0].shares = Tensor(DType::f64, {3});
  EXPECT_THROW(check(codebook), Error);
}

TEST(CodebookCheck, RefusesWhatIsNotFinite) {
  Codebook codebook = small_codebook();
  codebook.words[2].axes.data<float>()[3] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(check(codebook), Error);
}

TEST(CodebookCheck, RefusesSharesAndVariancesOf0) {
  for (Tensor Words::*part : {&Words::shares, &Words::variances}) {
    Codebook codebook = small_codebook();
    (codebook.words[1].*part).data<float>()[1] = 0;
    EXPECT_THROW(check(codebook), Error);
  }
}

TEST(CodebookCheck, NamesTheHistogram) {
  Codebook codebook = small_codebook();
  codebook.words[1].variances.data<float>()[0] = -1;
  try {
    check(codebook);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "variances of the codebook for mbhx are not above 0");
  }
}

}  // namespace
}  // namespace vidclass::motion

// What cuboids are compared with: axes and a mixture of Gaussians for each histogram.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "motion/cuboids.hpp"

namespace vidclass::motion {

/// Of one histogram: its principal axes, and a mixture of Gaussians with diagonal covariances over
/// the coordinates along them and the cuboid's place.
struct Words {
  Tensor mean;       // float32 [W]
  Tensor axes;       // float32 [A, W], each divided by the deviation along the first
  Tensor shares;     // float32 [K], which sum to 1
  Tensor means;      // float32 [K, A + 3]
  Tensor variances;  // float32 [K, A + 3], above 0
};

struct Codebook {
  std::array<Words, histograms.size()> words;

  [[nodiscard]] std::size_t fisher_width() const;  // values of a Fisher vector
};

/// One for each scale.
using Codebooks = std::array<Codebook, scale_names.size()>;

/// Throws Error naming what has a wrong shape, is not finite or not above 0.
void check(const Codebook& codebook);

struct CodebookOptions {
  std::size_t axes = 24;
  std::size_t gaussians = 16;
  int most_rounds = 50;  // of expectation maximisation
  /// Added to variances, so that no Gaussian shrinks to a point.
  double least_variance = 1e-3;
  std::size_t most_for_axes = 20'000;     // cuboids that the axes are fitted to
  std::size_t most_for_mixture = 15'000;  // cuboids that the mixture is fitted to
};

/// Fits axes by principal components and mixtures by expectation maximisation from centres of
/// k-means++ (Arthur and Vassilvitskii 2007). `sample`: cuboids of many clips, each place as
/// relative_places() gives it; of both as they are and mirrored. The same sample and seed give the
/// same to the bit. With fewer cuboids than Gaussians there are fewer Gaussians.
/// Throws Error if the sample is empty, of another shape or not finite.
[[nodiscard]] Codebook fit_codebook(const Cuboids& sample, std::uint64_t seed,
                                    const CodebookOptions& options = {});

}  // namespace vidclass::motion

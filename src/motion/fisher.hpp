// One vector for all cuboids of a clip.
#pragma once

#include <vector>

#include "motion/codebook.hpp"
#include "motion/cuboids.hpp"

namespace vidclass::motion {

/// The cuboids of the clip as a mirror shows it: left and right exchanged.
[[nodiscard]] Cuboids mirrored(const Cuboids& cuboids);

[[nodiscard]] Description mirrored(const Description& description);

/// Places relative to what moves, as codebooks take them: across and down less the median of the
/// clip's cuboids, divided by their deviation (the larger of the two, plus 0.05); the share of time
/// to deviation 1 where cuboids are spread evenly over it (times sqrt 12). All are weighted by 0.5
/// against the axes. Float32 [N, 3].
[[nodiscard]] Tensor relative_places(const Tensor& places);

/// The improved Fisher vector (Perronnin, Sanchez and Mensink 2010): by how much the clip's cuboids
/// would move the means and deviations of the codebook's Gaussians, the mean over the cuboids. Of
/// each histogram in turn [K, 2, A + 3], signed square roots, divided by their norm; the whole has
/// norm 1. Gaussian by Gaussian: first (x - mean) / deviation / sqrt(share), then
/// (((x - mean) / deviation)^2 - 1) / sqrt(2 share), each weighted by the posterior.
[[nodiscard]] std::vector<float> fisher_vector(const Cuboids& cuboids, const Codebook& codebook);

/// Of all scales, one after the other, of norm 1.
[[nodiscard]] std::vector<float> fisher_vector(const Description& description,
                                               const Codebooks& codebooks);

/// What each cuboid adds to the sum over all values of `weights` x the Fisher vector: float32
/// values as many as cuboids, whose sum is that sum. A value of the Fisher vector is shared out
/// among the cuboids in proportion to what each adds to it before roots and norms.
[[nodiscard]] std::vector<float> shares_of_cuboids(const Cuboids& cuboids, const Codebook& codebook,
                                                   const std::vector<float>& weights);

}  // namespace vidclass::motion

// How unlike a clip's place is those that a model was trained in.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::train {

/// What the clips that a model was trained on look like, and how far from them others lay that were
/// left out of the training. The distance to the nearest of them, of mean features at length 1,
/// tells a place that the training says nothing of (Sun et al., "Out-of-Distribution Detection with
/// Deep Nearest Neighbors", 2022).
struct KnownPlaces {
  /// Float32 [M, D]; empty: nothing is known, and no place counts as new.
  Tensor looks;
  /// Distances (1 - cosine). Nine in ten clips left out lay no further than `usual`; what lies as
  /// far as `far` is unlike all of them.
  double usual = 0;
  double far = 0;
};

/// Throws Error for looks that are not finite or of another rank, and limits out of order.
void check(const KnownPlaces& places);

/// What a clip looks like: the mean over time of the first `width` features of float32 [T, W], at
/// length 1 (all zero where it is). It knows no motion.
[[nodiscard]] std::vector<float> look_of(const Tensor& features, std::size_t width);

/// Up to a thousand of `clips`, evenly: as many as a model keeps.
[[nodiscard]] std::vector<std::size_t> kept_looks(std::span<const std::size_t> clips);

/// From each of `looks`, float32 [N, D], to the nearest of `known`, [M, D]; 0 where there are none.
[[nodiscard]] std::vector<double> distances_to_known(const Tensor& looks, const Tensor& known);

/// `looks` of clips that are trained on, with the limits that `left_out` sets: the distances of
/// others from those that were trained on without them. Without any, nothing is known.
[[nodiscard]] KnownPlaces known_places(Tensor looks, std::vector<double> left_out);

/// 0 where the clip lies as near as most that were left out, 1 where it is unlike all, by its
/// distance from the nearest of KnownPlaces::looks.
[[nodiscard]] double novelty_at(const KnownPlaces& places, double distance);
/// The same of the features that look_of() takes. Thread-safe.
[[nodiscard]] double novelty_of(const KnownPlaces& places, const Tensor& features);

}  // namespace vidclass::train

// Fewer values a frame for large sets: features along the axes in which clips differ most.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/safetensors.hpp"
#include "head/head.hpp"
#include "train/features.hpp"

namespace vidclass::train {

/// Orthonormal columns, of the last map and of the one in the middle. A projection is linear and
/// the same for both poolings, so that a clip's mean over time may be subtracted before or after
/// it.
struct PrincipalAxes {
  Tensor last;    // float32 [D, D'], D' < D
  Tensor middle;  // float32 [M, M']; empty without a map in the middle
};

/// The `components` axes of each map with the most variance; all of a map that has no more values.
/// How the means of clips differ and what changes within clips count alike. Found on up to 1,024
/// clips by subspace iteration from random axes (Halko, Martinsson and Tropp 2011), and
/// turned so that every axis has about the same share of the variance, as the features of a network
/// have. The same data and seed give the same to the bit. `sizes`: D, M and P of the clips.
[[nodiscard]] PrincipalAxes find_axes(const LabelledFeatures& data, const head::HeadSpec& sizes,
                                      std::size_t components, std::uint64_t seed, int threads);

/// A head that reads along the axes as one of features that are what lies along them.
[[nodiscard]] head::HeadSpec along_axes(head::HeadSpec spec, const PrincipalAxes& axes);

/// Clips along axes. Thread-safe.
class AlongAxes {
public:
  /// `sizes`: D, M and P of the clips.
  AlongAxes(const PrincipalAxes& axes, const head::HeadSpec& sizes);
  /// [T, P (D + M)] to [T, P (D' + M')].
  [[nodiscard]] Tensor operator()(const Tensor& clip) const;

private:
  head::HeadSpec sizes_;
  head::HeadSpec along_;
  PrincipalAxes axes_;
};

}  // namespace vidclass::train

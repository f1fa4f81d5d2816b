// What moves in a clip, described locally: histograms of optical flow in small cuboids.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/safetensors.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::motion {

/// The histograms of a cuboid lie side by side: of the flow (HOF), and of the gradients of its
/// horizontal and vertical part (motion boundaries, MBHx and MBHy; Dalal, Triggs and Schmid 2006).
/// Each has `parts` (3 in time x 2 down x 2 across, the last the fastest) of `bins`.
struct Histogram {
  const char* name;
  std::size_t first;  // of the cuboid's numbers
  std::size_t bins;   // 8 directions, counter-clockwise from +x by 45 degrees, y down; then "still"
};
inline constexpr std::size_t parts = 12;
inline constexpr std::array<Histogram, 3> histograms = {
    {{"hof", 0, 9}, {"mbhx", 9 * parts, 8}, {"mbhy", 17 * parts, 8}}};
inline constexpr std::size_t cuboid_width = 25 * parts;

[[nodiscard]] constexpr std::size_t width_of(const Histogram& histogram) noexcept {
  return histogram.bins * parts;
}

/// Cuboids of a clip's pictures, or of a part of them; at least one: where nothing moves it is one
/// of zeros in the middle.
struct Cuboids {
  /// Float32 [N, cuboid_width]: each histogram divided by its sum, and the square root of that;
  /// of what describe() makes, rounded().
  Tensor histograms;
  /// Float32 [N, 3]: the cuboid's middle: across and down in shares of `window`'s width and height,
  /// and in the share of the clip's time that is gone by; all from -0.5 to 0.5.
  Tensor places;
  /// When the middle is shown, in seconds after the file's first frame; N values.
  std::vector<double> times;
  /// The part of the picture: left, top, width and height in shares of the picture's.
  std::array<float, 4> window{0, 0, 1, 1};

  [[nodiscard]] std::size_t size() const noexcept { return times.size(); }
};

/// What a clip's motion is described at: `whole` pictures, and the `square` about what moves
/// (video/moving_square.hpp), of which as much is seen whatever the size of what moves.
inline constexpr std::array<const char*, 2> scale_names = {"whole", "square"};

/// Of one clip, at each scale.
using Description = std::array<Cuboids, scale_names.size()>;

/// The clip until then: the cuboids whose middle is shown no later than `time`; where there are
/// none, as if nothing moved.
[[nodiscard]] Description until(const Description& description, double time);

/// As arrays of a cache entry: for each scale "whole/cuboids" (uint8, 255 times the histograms,
/// rounded), "whole/places", "whole/times" and "whole/window".
[[nodiscard]] NamedTensors to_arrays(const Description& description);
/// Throws Error naming what is missing or of a wrong shape or type, or not finite.
[[nodiscard]] Description description_from(const NamedTensors& arrays);
/// Throws where description_from() would.
void check_arrays(const NamedTensors& arrays);
/// Moves those of a description out of `arrays`, as far as they are there.
[[nodiscard]] NamedTensors take_arrays(NamedTensors& arrays);

/// The nearest value of a histogram that arrays keep as it is.
[[nodiscard]] float rounded(float value);

}  // namespace vidclass::motion

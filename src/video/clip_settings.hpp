// Which frames of a clip are taken, and how they are made ready for a network.
#pragma once

#include <cstddef>
#include <string_view>

#include "vidclass/options.hpp"

namespace vidclass::video {

using vidclass::Crop;
using vidclass::Preprocess;
using vidclass::Sampling;

/// All of this changes the numbers that come out, so all of it is part of the
/// feature cache's keys and of the model file.
struct ClipSettings {
  Sampling sampling = Sampling::uniform;
  /// Frames of a sequence, at least 1. A clip with fewer gives those that it has.
  int frames = 20;
  Preprocess preprocess = Preprocess::standard;
  /// Side of the square frame in pixels, 1 to 8192.
  int size = 299;
  /// Side of the motion maps in cells, 1 to 256; 0: none are made.
  int motion_grid = 0;
  /// dense: the distance of its frames, 1 to 10000.
  int stride = 1;
  /// segment: frames kept for each one used, 1 to 100.
  int candidates = 3;
  /// Frames/s, 0 to 1000: before anything is sampled, only the frames shown at the
  /// multiples of 1/fps after the first are left (one that starts up to a millisecond
  /// late counts; none is repeated). 0: all are left.
  double fps = 0;
  /// uniform and dense: sequences taken from a clip to test with, 1 to 1000, whose
  /// probabilities are averaged. dense: windows from the clip's start to its end;
  /// uniform: each takes other frames of the equal parts.
  int clips = 1;
  Crop crop = Crop::centre;
  /// What does not move is faded to a tenth of its contrast: an augmented version of the clip, to
  /// train with. See docs/training.md.
  bool faded = false;

  friend bool operator==(const ClipSettings&, const ClipSettings&) = default;
};

/// Throws UsageError naming the value that is out of range.
void check(const ClipSettings& settings);

/// The most frames that a clip may give.
[[nodiscard]] std::size_t most_frames(const ClipSettings& settings) noexcept;

/// What clips are validated and tested with when training uses `settings`.
[[nodiscard]] ClipSettings for_testing(ClipSettings settings) noexcept;

[[nodiscard]] std::string_view to_string(Sampling sampling) noexcept;
[[nodiscard]] std::string_view to_string(Preprocess preprocess) noexcept;
[[nodiscard]] std::string_view to_string(Crop crop) noexcept;
/// Throw UsageError naming the choices if `name` is none of them.
[[nodiscard]] Sampling sampling_from(std::string_view name);
[[nodiscard]] Preprocess preprocess_from(std::string_view name);
[[nodiscard]] Crop crop_from(std::string_view name);

}  // namespace vidclass::video

// Which frames of a clip are taken, and how they are made ready for a network.
#pragma once

#include <cstddef>
#include <string_view>

namespace vidclass::video {

/// Which frames of a clip are taken.
enum class Sampling {
  /// Spread over the whole clip: the clip is cut into as many equal spans of
  /// time as frames are wanted, and the frame shown in the middle of each is
  /// taken, each frame at most once. The default.
  uniform,
  /// The first consecutive frames, as the Keras example does.
  first,
  /// As uniform, with `candidates` times as many frames: training draws `frames` of them,
  /// one of each part (draw_frames() in draw.hpp). Clips to validate and test with are
  /// sampled by for_testing() instead: the middle of each part, which is uniform.
  segment,
  /// Consecutive frames, every stride-th, from the middle of the clip.
  dense,
};

/// How a frame becomes a square of `size` pixels.
enum class Preprocess {
  /// Cropped to a square, resized with antialiasing (swscale, bicubic).
  standard,
  /// The Keras example: OpenCV's decoding, centre crop to the shorter side,
  /// then cv2.resize's bilinear interpolation without antialiasing.
  keras,
};

/// Which square of the picture is kept.
enum class Crop {
  /// The largest one in the middle.
  centre,
  /// One about what moves, the same for all frames of a clip: as wide as its movement, at
  /// least 0.35 of the picture's shorter side, and within the picture. The largest one in the
  /// middle where nothing moves. Not under Preprocess::keras.
  motion,
};

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
  /// What does not move is faded to a tenth of its contrast: another look at the same clip, to
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

// Which frames of a clip are taken, and how they are made ready for a network.
#pragma once

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
};

/// How a frame becomes a square of `size` pixels.
enum class Preprocess {
  /// Centre crop to a square, resized with antialiasing (swscale, bicubic).
  standard,
  /// The Keras example: OpenCV's decoding, centre crop to the shorter side,
  /// then cv2.resize's bilinear interpolation without antialiasing.
  keras,
};

/// All of this changes the numbers that come out, so all of it is part of the
/// feature cache's keys and of the model file.
struct ClipSettings {
  Sampling sampling = Sampling::uniform;
  /// Frames to take, at least 1. A clip with fewer gives those that it has.
  int frames = 20;
  Preprocess preprocess = Preprocess::standard;
  /// Side of the square frame in pixels, 1 to 8192.
  int size = 299;
  /// Side of the motion maps in cells, 1 to 256; 0: none are made.
  int motion_grid = 0;
};

[[nodiscard]] std::string_view to_string(Sampling sampling) noexcept;
[[nodiscard]] std::string_view to_string(Preprocess preprocess) noexcept;
/// Throw UsageError naming the choices if `name` is none of them.
[[nodiscard]] Sampling sampling_from(std::string_view name);
[[nodiscard]] Preprocess preprocess_from(std::string_view name);

}  // namespace vidclass::video

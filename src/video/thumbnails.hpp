// All frames of a clip as tiny grey pictures.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::video {

/// Width and height of a thumbnail in pixels, whatever the shape of the frame.
inline constexpr int thumbnail_side = 16;

struct ThumbnailOptions {
  /// Frames shown less than 1 / this seconds (less a tenth) after the last one taken are
  /// left out; at least 1.
  double most_per_second = 32;
  /// Decoding stops after this many seconds of the clip.
  double longest = std::numeric_limits<double>::infinity();
};

struct Thumbnails {
  /// uint8 [T, 16, 16]: luma as coded (limited range stays limited), the mean over each
  /// cell of a 16 x 16 grid over the whole frame, turned as the file's display matrix says.
  Tensor pictures;
  /// Presentation times in seconds after the file's first frame, ascending; T values.
  std::vector<double> times;
  /// Frames that came out of the decoder within the clip.
  std::size_t frames = 0;
  /// What is wrong with the file although frames come out of it; empty if nothing was met.
  std::string damage;
};

/// Decodes all frames of a clip in order with one thread. Throws
/// ClipError with the reason when it does not open, is beyond `limits`, or no frame of the
/// clip can be decoded, UsageError for options out of range, and Cancelled. Thread-safe.
[[nodiscard]] Thumbnails thumbnails_of(const ClipSource& source,
                                       const ThumbnailOptions& options = {},
                                       const CancellationToken& cancel = {},
                                       const Limits& limits = {});

}  // namespace vidclass::video

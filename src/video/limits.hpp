// What is not worth decoding.
#pragma once

#include <cstdint>
#include <filesystem>

namespace vidclass::video {

/// A clip beyond one of these is a ClipError that names the limit. They change no numbers of
/// the clips within.
struct Limits {
  /// Pixels of a frame, 16384 x 8192 by default: a damaged header may ask for a picture of
  /// gigabytes.
  std::int64_t max_pixels = std::int64_t{1} << 27;
  /// Seconds from the first frame to the end of the last, by the packets' timestamps (headers
  /// lie); a day by default.
  double max_duration = 24 * 60 * 60;
  /// Seconds of wall-clock time without a frame out of the decoder, or a packet out of the
  /// file, after which a clip is given up. Looked at between packets and reads.
  double max_stall = 60;
};

/// Throw ClipError naming the limit if `clip` is beyond it.
void require_pixels(const std::filesystem::path& clip, std::int64_t width, std::int64_t height,
                    std::int64_t limit);
void require_duration(const std::filesystem::path& clip, double seconds, double limit);

}  // namespace vidclass::video

// What is not worth decoding.
#pragma once

#include <cstdint>

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

}  // namespace vidclass::video

// Which frames of a clip are wanted: arithmetic on presentation times only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vidclass/video/clip_settings.hpp"

namespace vidclass::video {

/// When each frame of a clip is shown.
struct Timeline {
  /// Ticks, strictly ascending.
  std::vector<std::int64_t> times;
  /// For how many ticks the last frame is shown, at least 1.
  std::int64_t last_duration = 1;
  /// Seconds a tick.
  double tick = 1.0;
};

/// The frames shown from a time in [start, end) on, in seconds after the first frame and to
/// the microsecond; the last is shown until `end` at most. May be without frames.
[[nodiscard]] Timeline span_of(const Timeline& timeline, double start, std::optional<double> end);

/// The times of the frames to keep, strictly ascending, all of them members of
/// `timeline.times`.
///
/// A clip of N <= T frames gives all N. Otherwise `first` gives the first T, and
/// `uniform` cuts the span from the first frame to the end of the last into T
/// equal parts and gives the frame being shown in the middle of each: the last
/// one with time <= t_0 + span * (2k + 1) / (2T). Where a variable rate shows one
/// frame in several middles it is given once, so that fewer than T come.
[[nodiscard]] std::vector<std::int64_t> plan_frames(const Timeline& timeline, Sampling sampling,
                                                    int frames);

}  // namespace vidclass::video

// Which frames of a clip are wanted: arithmetic on presentation times only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "video/clip_settings.hpp"

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

/// The frames left of it by ClipSettings::fps; all for 0.
[[nodiscard]] Timeline at_rate(const Timeline& timeline, double fps);

struct FramePlan {
  /// When the frames to keep are shown: strictly ascending members of Timeline::times.
  std::vector<std::int64_t> times;
  /// The sequences to test with, ClipSettings::clips of them and at least one, of the same
  /// length each: ascending indices into `times`.
  std::vector<std::vector<std::size_t>> views;
};

/// A clip of no more frames than wanted gives all. Otherwise `first` gives the first ones;
/// `uniform` cuts the span from the first frame to the end of the last into as many equal
/// parts as frames are wanted (frames x clips) and gives the frame being shown in the middle
/// of each: the last one with time <= t_0 + span * (2k + 1) / (2 parts); `segment` does so
/// with frames x candidates parts. Where a variable rate shows one frame in several middles
/// it is given once, so that fewer come. `dense` gives, of N frames, every stride-th from
/// number (N - n) / 2 on, n being how many its window covers; several windows start evenly
/// spread from number 0 to N - n.
[[nodiscard]] FramePlan plan_frames(const Timeline& timeline, const ClipSettings& settings);

}  // namespace vidclass::video

// When a decoded frame is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "video/ffmpeg.hpp"
#include "video/frame_plan.hpp"
#include "video/packet_scan.hpp"

namespace vidclass::video {

/// Tells where in a timeline each frame stands that comes out of the decoder.
class FrameClock {
public:
  /// As PacketScan has them; `timeline` must outlive the clock.
  FrameClock(const Timeline& timeline, bool by_timestamp)
      : timeline_(timeline), by_timestamp_(by_timestamp) {}

  /// Called for every frame in the order of output; nothing for a frame that the
  /// timeline does not have.
  std::optional<std::int64_t> time_of(const AVFrame& frame) {
    const std::size_t index = count_++;
    if (by_timestamp_) {
      const std::int64_t time =
          frame.pts != AV_NOPTS_VALUE ? frame.pts : frame.best_effort_timestamp;
      return is_usable(time) ? std::optional(time) : std::nullopt;
    }
    return index < timeline_.times.size() ? std::optional(timeline_.times[index]) : std::nullopt;
  }

private:
  const Timeline& timeline_;
  bool by_timestamp_;
  std::size_t count_ = 0;
};

}  // namespace vidclass::video

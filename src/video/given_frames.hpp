// Clips whose frames the caller decoded.
#pragma once

#include <cstddef>
#include <memory>

#include "video/clip_source.hpp"
#include "video/ffmpeg.hpp"
#include "video/frame_plan.hpp"
#include "video/limits.hpp"
#include "video/sample.hpp"

namespace vidclass::video {

/// The frames of a clip of ClipSource::from_frames(), as FFmpeg's. Thread-safe.
class GivenFrames {
public:
  /// Throws ClipError if the clip is beyond `limits`.
  GivenFrames(const ClipSource& source, const Limits& limits);

  [[nodiscard]] std::size_t size() const noexcept { return given_->times.size(); }
  [[nodiscard]] int width() const noexcept { return static_cast<int>(given_->pixels.shape()[2]); }
  [[nodiscard]] int height() const noexcept { return static_cast<int>(given_->pixels.shape()[1]); }
  /// When each is shown, in ticks after the first.
  [[nodiscard]] const Timeline& timeline() const noexcept { return timeline_; }
  /// A copy of a frame of that place, upright, as AV_PIX_FMT_RGB24.
  [[nodiscard]] Owned<AVFrame> frame(std::size_t place) const;
  /// Seconds after the first frame.
  [[nodiscard]] double time(std::size_t place) const {
    return given_->times.at(place) - given_->times.front();
  }

private:
  std::shared_ptr<const ClipSource::Frames> given_;
  Timeline timeline_;
};

/// As sample_clip().
[[nodiscard]] SampledClip sample_given_frames(const ClipSource& source,
                                              const ClipSettings& settings,
                                              const CancellationToken& cancel, const Limits& limits,
                                              Parts parts = {});

}  // namespace vidclass::video

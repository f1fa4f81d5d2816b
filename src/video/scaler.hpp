// One swscale context, kept while the frames that come are alike.
#pragma once

#include <tuple>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// How YUV becomes RGB.
enum class ColourRule {
  /// By the frame's own matrix (BT.601 where it names none) and range, as FFmpeg's
  /// scale filter does.
  by_frame,
  /// swscale's defaults whatever the frame says: BT.601, and full range only for
  /// the yuvj formats. This is what OpenCV's VideoCapture gives.
  swscale_default,
};

/// Converts and resizes frames to RGB or grey. One thread at a time.
class Scaler {
public:
  /// `target`: AV_PIX_FMT_RGB24, AV_PIX_FMT_GBRP or AV_PIX_FMT_GRAY8; `flags`: SWS_...
  Scaler(AVPixelFormat target, int flags, ColourRule rule) noexcept
      : target_(target), flags_(flags), rule_(rule) {}

  /// The frame in the target format at width x height pixels, valid until the next call. Null
  /// if swscale cannot read the frame's pixel format.
  [[nodiscard]] const AVFrame* run(const AVFrame& frame, int width, int height);

private:
  /// All that a context depends on: source size, format, matrix and range, target size.
  using Key = std::tuple<int, int, int, int, int, int, int>;

  bool prepare(const Key& key, const AVFrame& frame, int width, int height);

  AVPixelFormat target_;
  int flags_;
  ColourRule rule_;
  Key key_{};
  Owned<SwsContext> context_;
  Owned<AVFrame> picture_;
};

}  // namespace vidclass::video

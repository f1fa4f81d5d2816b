// One frame as a tiny grey picture.
#pragma once

#include <array>
#include <cstdint>

#include "video/orientation.hpp"
#include "video/scaler.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {

using Thumbnail =
    std::array<std::uint8_t, static_cast<std::size_t>(thumbnail_side* thumbnail_side)>;

/// Frames may change their size and format from one to the next. One thread at a time.
class CellAverager {
public:
  /// Null if the frame's pixel format cannot be read; else valid until the next call.
  [[nodiscard]] const Thumbnail* run(const AVFrame& frame, Orientation orientation);

private:
  Scaler to_grey_{AV_PIX_FMT_GRAY8, SWS_POINT, ColourRule::by_frame};
  Thumbnail upright_{};
  Thumbnail turned_{};
};

}  // namespace vidclass::video

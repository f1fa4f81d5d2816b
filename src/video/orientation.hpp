// How a picture is turned before it is shown.
#pragma once

#include <cstddef>
#include <cstdint>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// A turn by a multiple of 90 degrees, with or without mirroring: first transpose
/// (rows become columns), then the flips.
struct Orientation {
  bool transpose = false;
  bool flip_horizontal = false;
  bool flip_vertical = false;

  bool operator==(const Orientation&) const = default;
  [[nodiscard]] bool upright() const noexcept { return *this == Orientation{}; }
  /// Degrees clockwise (0, 90, 180, 270), mirroring left aside.
  [[nodiscard]] int degrees() const noexcept;
};

/// From a display matrix (libavutil/display.h); other angles become the nearest
/// quarter turn. Null: upright.
[[nodiscard]] Orientation orientation_from(const std::int32_t* matrix) noexcept;

/// As the stream's side data says.
[[nodiscard]] Orientation orientation_of(const AVStream& stream) noexcept;
/// As the frame's own side data says, else `of_stream`.
[[nodiscard]] Orientation orientation_of(const AVFrame& frame, Orientation of_stream) noexcept;

/// Copies packed pixels of `channels` bytes as they are shown. `source` has width *
/// height pixels and `stride` bytes a row; `target` gets width * height pixels without
/// gaps (its rows are `height` pixels long when the orientation transposes).
void copy_oriented(const std::uint8_t* source, std::ptrdiff_t stride, int width, int height,
                   Orientation orientation, std::uint8_t* target, int channels = 3) noexcept;

}  // namespace vidclass::video

// Where a frame moves: a small map of its difference to an earlier one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "video/frame_plan.hpp"
#include "video/orientation.hpp"
#include "video/scaler.hpp"

namespace vidclass::video {

/// For each of `kept`, the time of the frame to compare it with: the last one shown
/// 0.06 s or more before (two frames back at 24 to 33 frames/s), else the first one
/// 0.06 s or more after, else the frame itself. Members of `timeline.times`.
[[nodiscard]] std::vector<std::int64_t> neighbours_of(const Timeline& timeline,
                                                      std::span<const std::int64_t> kept);

/// A frame's centre square, grey and small, as it is shown. One thread at a time.
class Thumbnailer {
public:
  /// `path` is named in errors; `grid`: side of the motion maps in cells.
  Thumbnailer(std::filesystem::path path, int grid, Orientation of_stream);

  /// (8 grid) * (8 grid) values of 0 to 255, row by row. Throws ClipError if the frame's
  /// pixel format cannot be converted.
  [[nodiscard]] std::vector<std::uint8_t> run(const AVFrame& frame);

private:
  std::filesystem::path path_;
  int side_;
  Orientation of_stream_;
  Scaler scaler_;
  Owned<AVFrame> cropped_ = make_frame();
};

/// Writes grid * grid weights that sum to 1: the mean absolute difference of the two
/// thumbnails in each cell, a movement of the whole picture (the camera's) taken out
/// where it explains much of it, smoothed with the 3 x 3 binomial filter, less its median,
/// not below 0. All are equal where no difference is left.
void motion_map(std::span<const std::uint8_t> frame, std::span<const std::uint8_t> neighbour,
                std::size_t grid, std::span<float> weights);

}  // namespace vidclass::video

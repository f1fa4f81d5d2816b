// Where a frame moves: a small map of its difference to an earlier one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "video/crop.hpp"
#include "video/frame_plan.hpp"
#include "video/orientation.hpp"
#include "video/scaler.hpp"

namespace vidclass::video {

/// For each of `kept`, the time of the frame to compare it with: the last one shown
/// 0.06 s or more before (two frames back at 24 to 33 frames/s), else the first one
/// 0.06 s or more after, else the frame itself. Members of `timeline.times`.
[[nodiscard]] std::vector<std::int64_t> neighbours_of(const Timeline& timeline,
                                                      std::span<const std::int64_t> kept);

/// A whole frame as (8 grid) * (8 grid) values of 0 to 255, row by row, whatever its shape.
/// `to_grey` scales to AV_PIX_FMT_GRAY8. Empty if it cannot convert the frame's pixel format.
[[nodiscard]] std::vector<std::uint8_t> grey_thumbnail(Scaler& to_grey, const AVFrame& frame,
                                                       std::size_t grid,
                                                       Orientation orientation = {});

/// A square of a frame, grey and small, as it is shown. One thread at a time.
class Thumbnailer {
public:
  /// `path` is named in errors; `grid`: side of the motion maps in cells.
  Thumbnailer(std::filesystem::path path, std::size_t grid, Orientation of_stream);

  /// (8 grid) * (8 grid) values of 0 to 255, row by row. Throws ClipError if the frame's
  /// pixel format cannot be converted.
  [[nodiscard]] std::vector<std::uint8_t> run(const AVFrame& frame, Square square = {});

private:
  std::filesystem::path path_;
  std::size_t grid_;
  Orientation of_stream_;
  Scaler scaler_;
  Owned<AVFrame> cropped_ = make_frame();
};

/// The mean absolute difference of two thumbnails in each of grid * grid cells, in grey
/// levels; a movement of the whole picture (the camera's) is taken out where it explains much
/// of it.
[[nodiscard]] std::vector<float> steadied_differences(std::span<const std::uint8_t> frame,
                                                      std::span<const std::uint8_t> neighbour,
                                                      std::size_t grid);

/// What lies above their median, as a share of all that does; zeros where nothing does.
[[nodiscard]] std::vector<float> movement_shares(std::vector<float> differences);

/// How much a frame moves in each of grid * grid cells, in grey levels: the steadied differences
/// smoothed with the 3 x 3 binomial filter, less their median, not below 0.
[[nodiscard]] std::vector<float> movement_of(std::span<const std::uint8_t> frame,
                                             std::span<const std::uint8_t> neighbour,
                                             std::size_t grid);

/// Writes weights that sum to 1: such a movement's shares. All are equal where nothing moves.
void motion_map(std::vector<float> movement, std::span<float> weights);

}  // namespace vidclass::video

#include "video/thumbnail.hpp"

#include <algorithm>
#include <cstddef>

namespace vidclass::video {
namespace {

/// Does plane 0 hold one byte of luma a pixel?
bool has_plain_luma(const AVFrame& frame) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  constexpr std::uint64_t other = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL |
                                  AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL;
  return layout != nullptr && (layout->flags & other) == 0 && layout->comp[0].plane == 0 &&
         layout->comp[0].depth == 8 && layout->comp[0].step == 1 && layout->comp[0].offset == 0;
}

/// The pixels that cell `i` of the grid takes part in along `length` pixels, and the shares of
/// the first and the last of them in sixteenths. Without shares a picture whose size is no
/// multiple of 16 would look shifted against its scaled copy.
struct Cell {
  int begin = 0, last = 0;
  std::uint32_t first_share = 0, last_share = 0;

  Cell(int i, int length) {
    const int from = i * length;  // sixteenths of a pixel
    const int to = from + length;
    begin = from / thumbnail_side;
    last = (to - 1) / thumbnail_side;
    first_share = static_cast<std::uint32_t>(std::min((begin + 1) * thumbnail_side, to) - from);
    last_share = static_cast<std::uint32_t>(to - std::max(last * thumbnail_side, from));
  }
  [[nodiscard]] std::uint32_t share(int pixel) const {
    if (pixel == begin) return first_share;
    return pixel == last ? last_share : thumbnail_side;
  }
};

void average_cells(const AVFrame& grey, Thumbnail& target) {
  const auto whole =
      static_cast<std::uint64_t>(grey.width) * static_cast<std::uint64_t>(grey.height);
  for (int row = 0; row < thumbnail_side; ++row) {
    const Cell rows(row, grey.height);
    for (int column = 0; column < thumbnail_side; ++column) {
      const Cell columns(column, grey.width);
      std::uint64_t sum = 0;
      for (int y = rows.begin; y <= rows.last; ++y) {
        const std::uint8_t* line = grey.data[0] + std::ptrdiff_t{y} * grey.linesize[0];
        std::uint32_t inner = 0;
        for (int x = columns.begin + 1; x < columns.last; ++x) inner += line[x];
        std::uint32_t of_line = inner * thumbnail_side + line[columns.begin] * columns.first_share;
        if (columns.last > columns.begin) of_line += line[columns.last] * columns.last_share;
        sum += std::uint64_t{of_line} * rows.share(y);
      }
      // The shares of a cell add up to width * height.
      target[static_cast<std::size_t>(row * thumbnail_side + column)] =
          static_cast<std::uint8_t>((sum + whole / 2) / whole);
    }
  }
}

/// A square turns within itself: first transpose, then the flips.
void turn(const Thumbnail& source, Orientation orientation, Thumbnail& target) {
  constexpr auto side = static_cast<std::size_t>(thumbnail_side);
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const std::size_t from_y = orientation.flip_vertical ? side - 1 - y : y;
      const std::size_t from_x = orientation.flip_horizontal ? side - 1 - x : x;
      target[y * side + x] =
          orientation.transpose ? source[from_x * side + from_y] : source[from_y * side + from_x];
    }
  }
}

}  // namespace

const Thumbnail* CellAverager::run(const AVFrame& frame, Orientation orientation) {
  const AVFrame* grey =
      has_plain_luma(frame) ? &frame : to_grey_.run(frame, frame.width, frame.height);
  if (grey == nullptr) return nullptr;
  average_cells(*grey, upright_);
  if (orientation.upright()) return &upright_;
  turn(upright_, orientation, turned_);
  return &turned_;
}

}  // namespace vidclass::video

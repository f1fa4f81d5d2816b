#include "video/crop.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace vidclass::video {
namespace {

struct Part {
  int left;
  int top;
  int width;
  int height;
};

/// In pixels of the frame as it is stored.
Part part_of(const AVFrame& frame, Square square) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const int across_grid = layout ? layout->log2_chroma_w : 0;
  const int down_grid = layout ? layout->log2_chroma_h : 0;
  const double aspect = pixel_aspect(frame);
  // Counted in heights of a pixel.
  const double shorter = std::min(frame.width * aspect, static_cast<double>(frame.height));
  const double side = square.side * shorter;
  const auto length = [aspect](double pixels, int most, int log2_grid) {
    const int whole = std::clamp(static_cast<int>(std::lround(pixels)), 1, most);
    if (aspect == 1) return whole;
    return std::max(whole >> log2_grid << log2_grid, std::min(most, 1 << log2_grid));
  };
  const auto place = [](double middle, int part, int whole, int log2_grid) {
    const int first = static_cast<int>(std::floor(middle * whole - part / 2.0));
    return std::clamp(first, 0, whole - part) >> log2_grid << log2_grid;
  };
  const int width = length(side / aspect, frame.width, across_grid);
  const int height = length(side, frame.height, down_grid);
  return {place(square.x, width, frame.width, across_grid),
          place(square.y, height, frame.height, down_grid), width, height};
}

}  // namespace

void crop_to_square(const AVFrame& frame, Square square, AVFrame& cropped) {
  const Part part = part_of(frame, square);
  av_frame_unref(&cropped);
  if (av_frame_ref(&cropped, &frame) < 0) throw std::bad_alloc();
  cropped.crop_left = static_cast<std::size_t>(part.left);
  cropped.crop_top = static_cast<std::size_t>(part.top);
  cropped.crop_right = static_cast<std::size_t>(frame.width - part.width - part.left);
  cropped.crop_bottom = static_cast<std::size_t>(frame.height - part.height - part.top);
  // swscale reads from any address, only more slowly.
  av_frame_apply_cropping(&cropped, AV_FRAME_CROP_UNALIGNED);
}

Window shown_window(const AVFrame& frame, Square square, Orientation orientation) {
  const Part part = part_of(frame, square);
  Window window{static_cast<double>(part.left) / frame.width,
                static_cast<double>(part.top) / frame.height,
                static_cast<double>(part.width) / frame.width,
                static_cast<double>(part.height) / frame.height};
  if (orientation.transpose) {
    std::swap(window.left, window.top);
    std::swap(window.width, window.height);
  }
  if (orientation.flip_horizontal) window.left = 1 - window.left - window.width;
  if (orientation.flip_vertical) window.top = 1 - window.top - window.height;
  return window;
}

}  // namespace vidclass::video

#include "video/crop.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace vidclass::video {
namespace {

struct Corner {
  int left;
  int top;
  int side;
};

/// In pixels of the frame as it is stored.
Corner corner_of(const AVFrame& frame, Square square) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const int shorter = std::min(frame.width, frame.height);
  const int side = std::clamp(static_cast<int>(std::lround(square.side * shorter)), 1, shorter);
  const auto place = [side](double middle, int length, int log2_grid) {
    const int first = static_cast<int>(std::floor(middle * length - side / 2.0));
    return std::clamp(first, 0, length - side) >> log2_grid << log2_grid;
  };
  return {place(square.x, frame.width, layout ? layout->log2_chroma_w : 0),
          place(square.y, frame.height, layout ? layout->log2_chroma_h : 0), side};
}

}  // namespace

void crop_to_square(const AVFrame& frame, Square square, AVFrame& cropped) {
  const Corner corner = corner_of(frame, square);
  av_frame_unref(&cropped);
  if (av_frame_ref(&cropped, &frame) < 0) throw std::bad_alloc();
  cropped.crop_left = static_cast<std::size_t>(corner.left);
  cropped.crop_top = static_cast<std::size_t>(corner.top);
  cropped.crop_right = static_cast<std::size_t>(frame.width - corner.side - corner.left);
  cropped.crop_bottom = static_cast<std::size_t>(frame.height - corner.side - corner.top);
  // swscale reads from any address, only more slowly.
  av_frame_apply_cropping(&cropped, AV_FRAME_CROP_UNALIGNED);
}

Window shown_window(const AVFrame& frame, Square square, Orientation orientation) {
  const Corner corner = corner_of(frame, square);
  Window window{static_cast<double>(corner.left) / frame.width,
                static_cast<double>(corner.top) / frame.height,
                static_cast<double>(corner.side) / frame.width,
                static_cast<double>(corner.side) / frame.height};
  if (orientation.transpose) {
    std::swap(window.left, window.top);
    std::swap(window.width, window.height);
  }
  if (orientation.flip_horizontal) window.left = 1 - window.left - window.width;
  if (orientation.flip_vertical) window.top = 1 - window.top - window.height;
  return window;
}

}  // namespace vidclass::video

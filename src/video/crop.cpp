#include "video/crop.hpp"

#include <algorithm>
#include <new>

namespace vidclass::video {

void crop_to_square(const AVFrame& frame, AVFrame& cropped) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const int side = std::min(frame.width, frame.height);
  const auto corner = [](int excess, int log2_grid) {
    return static_cast<std::size_t>(excess / 2) >> log2_grid << log2_grid;
  };
  av_frame_unref(&cropped);
  if (av_frame_ref(&cropped, &frame) < 0) throw std::bad_alloc();
  cropped.crop_left = corner(frame.width - side, layout ? layout->log2_chroma_w : 0);
  cropped.crop_top = corner(frame.height - side, layout ? layout->log2_chroma_h : 0);
  cropped.crop_right = static_cast<std::size_t>(frame.width - side) - cropped.crop_left;
  cropped.crop_bottom = static_cast<std::size_t>(frame.height - side) - cropped.crop_top;
  // swscale reads from any address, only more slowly.
  av_frame_apply_cropping(&cropped, AV_FRAME_CROP_UNALIGNED);
}

}  // namespace vidclass::video

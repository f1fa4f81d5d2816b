#include "video/ffmpeg.hpp"

#include <array>
#include <mutex>
#include <new>

namespace vidclass::video {

Owned<AVFrame> make_frame() {
  Owned<AVFrame> frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

Owned<AVPacket> make_packet() {
  Owned<AVPacket> packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

Owned<AVFrame> make_picture(int width, int height, AVPixelFormat format) {
  Owned<AVFrame> frame = make_frame();
  frame->width = width;
  frame->height = height;
  frame->format = format;
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  return frame;
}

void copy_rgb(const std::uint8_t* rgb, AVFrame& picture) noexcept {
  const int row = 3 * picture.width;
  av_image_copy_plane(picture.data[0], picture.linesize[0], rgb, row, row, picture.height);
}

std::string ffmpeg_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

void silence_ffmpeg() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_QUIET); });
}

}  // namespace vidclass::video

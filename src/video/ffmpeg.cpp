#include "video/ffmpeg.hpp"

#include <array>
#include <cstddef>
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

double pixel_aspect(const AVFrame& frame) noexcept {
  constexpr double most = 8;
  const AVRational aspect = frame.sample_aspect_ratio;
  if (aspect.num <= 0 || aspect.den <= 0) return 1;
  const double value = av_q2d(aspect);
  return value > most || value < 1 / most ? 1 : value;
}

std::span<const std::uint8_t> side_data_of(const AVStream& stream,
                                           AVPacketSideDataType type) noexcept {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)  // FFmpeg 6.1
  const AVPacketSideData* found = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
  if (!found) return {};
  return {found->data, found->size};
#else
  std::size_t bytes = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, type, &bytes);
  return {data, data ? bytes : 0};
#endif
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

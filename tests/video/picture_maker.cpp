#include "video/picture_maker.hpp"

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "video/ffmpeg.hpp"

namespace vidclass::testing {

void make_picture(const std::filesystem::path& path, const PictureShape& shape) {
  using namespace video;
  const bool png = path.extension() == ".png";
  const AVCodec* encoder = avcodec_find_encoder(png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG);
  const Owned<AVCodecContext> context(avcodec_alloc_context3(encoder));
  context->width = shape.width;
  context->height = shape.height;
  context->pix_fmt = png ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUVJ420P;
  context->time_base = {1, 25};
  context->thread_count = 1;
  if (avcodec_open2(context.get(), encoder, nullptr) < 0) throw std::runtime_error("no encoder");
  const Owned<AVFrame> frame = video::make_picture(shape.width, shape.height, context->pix_fmt);
  for (int plane = 0; plane < (png ? 1 : 3); ++plane) {
    const int rows = plane == 0 ? shape.height : (shape.height + 1) / 2;
    std::memset(frame->data[plane], plane == 0 ? shape.grey : 128,
                static_cast<std::size_t>(frame->linesize[plane]) * static_cast<std::size_t>(rows));
  }
  frame->pts = 0;
  const Owned<AVPacket> packet = make_packet();
  if (avcodec_send_frame(context.get(), frame.get()) < 0 ||
      avcodec_send_frame(context.get(), nullptr) < 0 ||
      avcodec_receive_packet(context.get(), packet.get()) < 0) {
    throw std::runtime_error("cannot encode " + path.string());
  }
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(packet->data), packet->size);
}

}  // namespace vidclass::testing

#include "video/image.hpp"

#include <new>
#include <string>

#include "vidclass/error.hpp"
#include "video/ffmpeg.hpp"

namespace vidclass::video {
namespace {

constexpr int jpeg_quantiser = 5;  // of 1 (best) to 31

void require(int code, const char* doing) {
  if (code < 0) throw Error(std::string(doing) + " failed (" + ffmpeg_text(code) + ")");
}

Owned<AVFrame> to_frame(const Tensor& picture) {
  const int height = static_cast<int>(picture.dim(0));
  const int width = static_cast<int>(picture.dim(1));
  Owned<AVFrame> frame = make_picture(width, height, AV_PIX_FMT_RGB24);
  copy_rgb(picture.data<std::uint8_t>().data(), *frame);
  return frame;
}

Owned<AVFrame> to_jpeg_colours(const AVFrame& rgb) {
  Owned<AVFrame> yuv = make_picture(rgb.width, rgb.height, AV_PIX_FMT_YUVJ420P);
  const Owned<SwsContext> context(sws_getContext(
      rgb.width, rgb.height, AV_PIX_FMT_RGB24, rgb.width, rgb.height, AV_PIX_FMT_YUVJ420P,
      SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
  if (!context) throw std::bad_alloc();
  // JFIF: BT.601, full range.
  const int* coefficients = sws_getCoefficients(SWS_CS_ITU601);
  sws_setColorspaceDetails(context.get(), coefficients, 1, coefficients, 1, 0, 1 << 16, 1 << 16);
  sws_scale(context.get(), rgb.data, rgb.linesize, 0, rgb.height, yuv->data, yuv->linesize);
  return yuv;
}

}  // namespace

std::string_view media_type(ImageKind kind) noexcept {
  return kind == ImageKind::jpeg ? "image/jpeg" : "image/png";
}

std::vector<std::byte> encode_image(const Tensor& picture, ImageKind kind) {
  if (picture.dtype() != DType::u8 || picture.rank() != 3 || picture.dim(2) != 3 ||
      picture.empty() || picture.dim(0) > 65535 || picture.dim(1) > 65535) {
    throw Error("a picture must be uint8 [height, width, 3] of up to 65535 pixels a side, not " +
                std::string(name_of(picture.dtype())) + " " + format_shape(picture.shape()));
  }
  silence_ffmpeg();
  const bool jpeg = kind == ImageKind::jpeg;
  const AVCodec* encoder = avcodec_find_encoder(jpeg ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_PNG);
  if (!encoder) {
    throw Error(std::string("this FFmpeg has no encoder for ") + std::string(media_type(kind)));
  }
  Owned<AVFrame> frame = to_frame(picture);
  if (jpeg) frame = to_jpeg_colours(*frame);
  frame->pts = 0;

  const Owned<AVCodecContext> codec(avcodec_alloc_context3(encoder));
  if (!codec) throw std::bad_alloc();
  codec->width = frame->width;
  codec->height = frame->height;
  codec->pix_fmt = static_cast<AVPixelFormat>(frame->format);
  codec->time_base = {1, 1};
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_BITEXACT;
  if (jpeg) {
    codec->color_range = AVCOL_RANGE_JPEG;
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = jpeg_quantiser * FF_QP2LAMBDA;
    frame->quality = codec->global_quality;
  }
  require(avcodec_open2(codec.get(), encoder, nullptr), "opening the encoder of a picture");
  require(avcodec_send_frame(codec.get(), frame.get()), "encoding a picture");
  require(avcodec_send_frame(codec.get(), nullptr), "encoding a picture");
  const Owned<AVPacket> packet = make_packet();
  require(avcodec_receive_packet(codec.get(), packet.get()), "encoding a picture");
  const auto* bytes = reinterpret_cast<const std::byte*>(packet->data);
  return {bytes, bytes + packet->size};
}

}  // namespace vidclass::video

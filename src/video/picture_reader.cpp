#include "video/picture_reader.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include "video/decoders.hpp"

namespace vidclass::video {
namespace {

/// A file of more bytes is no picture of a film.
constexpr std::uintmax_t largest_file = std::uintmax_t{1} << 30;

AVCodecID codec_of(const AVPacket& file) {
  constexpr std::array<std::uint8_t, 3> jpeg{0xFF, 0xD8, 0xFF};
  constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  const auto starts_with = [&](const auto& signature) {
    return file.size >= static_cast<int>(signature.size()) &&
           std::equal(signature.begin(), signature.end(), file.data);
  };
  if (starts_with(jpeg)) return AV_CODEC_ID_MJPEG;
  if (starts_with(png)) return AV_CODEC_ID_PNG;
  return AV_CODEC_ID_NONE;
}

}  // namespace

PictureReader::PictureReader(std::int64_t max_pixels) : max_pixels_(max_pixels) {
  silence_ffmpeg();
}

const AVFrame* PictureReader::read(const std::filesystem::path& picture) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(picture, error);
  if (error) return fail("cannot be opened (" + error.message() + ")");
  if (size == 0) return fail("empty file");
  if (size > largest_file) return fail("too large for a picture");
  const Owned<AVPacket> packet = make_packet();
  if (av_new_packet(packet.get(), static_cast<int>(size)) < 0) throw std::bad_alloc();
  // Without the flag FFmpeg's PNG decoder adds the picture to the one before.
  packet->flags |= AV_PKT_FLAG_KEY;
  std::ifstream file(picture, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(packet->data), static_cast<std::streamsize>(size))) {
    return fail("cannot be read");
  }
  const AVCodecID codec = codec_of(*packet);
  if (codec == AV_CODEC_ID_NONE) return fail("not a JPEG or PNG picture");

  AVCodecContext& context = decoder(codec);
  int code = avcodec_send_packet(&context, packet.get());
  if (code >= 0) code = avcodec_send_packet(&context, nullptr);
  if (code >= 0) code = avcodec_receive_frame(&context, frame_.get());
  avcodec_flush_buffers(&context);
  if (code < 0) return fail(ffmpeg_text(code));
  if (std::int64_t{frame_->width} * frame_->height > max_pixels_) {
    return fail("more pixels than the limit (max-pixels)");
  }
  // Density is for paper; viewers show pictures pixel by pixel.
  frame_->sample_aspect_ratio = {1, 1};
  return frame_.get();
}

const AVFrame* PictureReader::fail(std::string why) {
  complaint_ = std::move(why);
  return nullptr;
}

AVCodecContext& PictureReader::decoder(AVCodecID codec) {
  if (decoder_ && decoder_->codec_id == codec) return *decoder_;
  const AVCodec* implementation = avcodec_find_decoder(codec);
  decoder_.reset(implementation ? avcodec_alloc_context3(implementation) : nullptr);
  if (!decoder_) throw std::bad_alloc();
  decoder_->thread_count = 1;
  decoder_->max_pixels = with_padding(max_pixels_);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "codec_whitelist", DecoderList().names().c_str(), 0);
  const int code = avcodec_open2(decoder_.get(), implementation, &options);
  av_dict_free(&options);
  if (code < 0) throw std::bad_alloc();
  return *decoder_;
}

}  // namespace vidclass::video

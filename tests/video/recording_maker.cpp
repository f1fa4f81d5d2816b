#include "video/recording_maker.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/atomic_file.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/ffmpeg.hpp"

namespace vidclass::testing {
namespace {

constexpr int flv_header = 13;  // bytes

/// The one that the encoder names first.
AVPixelFormat pixel_format_of(const AVCodec& encoder) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  const void* formats = nullptr;
  avcodec_get_supported_config(nullptr, &encoder, AV_CODEC_CONFIG_PIX_FORMAT, 0, &formats, nullptr);
  const auto* first = static_cast<const AVPixelFormat*>(formats);
#else
  const AVPixelFormat* first = encoder.pix_fmts;
#endif
  return first ? *first : AV_PIX_FMT_YUV420P;
}

void open_encoder(AVCodecContext& codec, const AVCodec& encoder, const Recording& recording,
                  bool global_header) {
  codec.width = recording.width;
  codec.height = recording.height;
  codec.pix_fmt = pixel_format_of(encoder);
  codec.time_base = {1, recording.rate};
  codec.framerate = {recording.rate, 1};
  codec.gop_size = 10;
  codec.max_b_frames = recording.b_frames;
  codec.thread_count = 1;
  codec.sample_aspect_ratio = {recording.pixel_width, recording.pixel_height};
  codec.flags |= AV_CODEC_FLAG_BITEXACT;
  codec.bit_rate = 2'000'000;
  if (global_header) codec.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  if (recording.encoder == "libx264") av_dict_set(&options, "crf", "10", 0);
  const int code = avcodec_open2(&codec, &encoder, &options);
  av_dict_free(&options);
  if (code < 0) throw Error(recording.encoder + ": " + video::ffmpeg_text(code));
}

/// All of grey_of(number).
void paint(AVFrame& picture, int number) {
  const auto format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor& layout = *av_pix_fmt_desc_get(format);
  const bool rgb = (layout.flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const bool full_range = rgb || format == AV_PIX_FMT_YUVJ420P;
  const double grey = grey_of(number);
  const auto luma = static_cast<int>(std::lround(full_range ? grey : 16 + grey * 219 / 255));
  for (int plane = 0; plane < 4 && picture.data[plane]; ++plane) {
    const bool chroma = !rgb && plane > 0;
    const int rows = chroma ? AV_CEIL_RSHIFT(picture.height, layout.log2_chroma_h) : picture.height;
    std::memset(picture.data[plane], chroma ? 128 : luma,
                static_cast<std::size_t>(picture.linesize[plane]) * static_cast<std::size_t>(rows));
  }
}

struct EncodedStream {
  video::Owned<AVCodecContext> codec;
  std::vector<video::Owned<AVPacket>> packets;  // times in microseconds
};

EncodedStream encode(const Recording& recording, bool global_header) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(recording.encoder.c_str());
  if (!encoder) throw Error("this FFmpeg has no encoder " + recording.encoder);
  EncodedStream stream;
  stream.codec.reset(avcodec_alloc_context3(encoder));
  AVCodecContext* codec = stream.codec.get();
  open_encoder(*codec, *encoder, recording, global_header);
  int coded = 0;
  const auto encode_one = [&](const AVFrame* frame) {
    if (avcodec_send_frame(codec, frame) < 0) throw Error("cannot encode");
    for (auto packet = video::make_packet(); avcodec_receive_packet(codec, packet.get()) >= 0;
         packet = video::make_packet()) {
      const bool leapt = recording.leap_at >= 0 && coded++ >= recording.leap_at;
      packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec->time_base, AV_TIME_BASE_Q);
      const std::int64_t moved =
          std::llround((recording.start + (leapt ? recording.leap : 0)) * AV_TIME_BASE);
      packet->pts += moved;
      packet->dts += moved;
      stream.packets.push_back(std::move(packet));
    }
  };
  for (int i = 0; i < recording.frames; ++i) {
    const auto picture = video::make_picture(recording.width, recording.height, codec->pix_fmt);
    paint(*picture, recording.first + i);
    picture->pts = i;
    encode_one(picture.get());
  }
  encode_one(nullptr);
  return stream;
}

}  // namespace

void make_streams(const std::filesystem::path& path, std::span<const Recording> recordings,
                  const MuxerOptions& options) {
  video::silence_ffmpeg();
  const auto require = [&](int code) {
    if (code < 0) throw Error(path.string() + ": " + video::ffmpeg_text(code));
  };
  AVFormatContext* allocated = nullptr;
  require(avformat_alloc_output_context2(&allocated, nullptr, nullptr, path.c_str()));
  const std::unique_ptr<AVFormatContext, decltype(&avformat_free_context)> muxer(
      allocated, avformat_free_context);
  std::vector<EncodedStream> streams;
  for (const Recording& recording : recordings) {
    streams.push_back(encode(recording, (muxer->oformat->flags & AVFMT_GLOBALHEADER) != 0));
    AVStream* stream = avformat_new_stream(muxer.get(), nullptr);
    require(avcodec_parameters_from_context(stream->codecpar, streams.back().codec.get()));
    stream->time_base = {1, 90000};
    stream->avg_frame_rate = {recording.rate, 1};
    stream->sample_aspect_ratio = streams.back().codec->sample_aspect_ratio;
  }
  require(avio_open(&muxer->pb, path.c_str(), AVIO_FLAG_WRITE));
  AVDictionary* dictionary = nullptr;
  for (const auto& [name, value] : options) {
    av_dict_set(&dictionary, name.c_str(), value.c_str(), 0);
  }
  const int begun = avformat_write_header(muxer.get(), &dictionary);
  av_dict_free(&dictionary);
  require(begun);
  for (std::size_t i = 0; i < streams.size(); ++i) {
    for (const auto& packet : streams[i].packets) {
      packet->stream_index = static_cast<int>(i);
      av_packet_rescale_ts(packet.get(), AV_TIME_BASE_Q, muxer->streams[i]->time_base);
      require(av_interleaved_write_frame(muxer.get(), packet.get()));
    }
  }
  require(av_write_trailer(muxer.get()));
  require(avio_closep(&muxer->pb));
}

void make_recording(const std::filesystem::path& path, const Recording& recording,
                    const MuxerOptions& options) {
  make_streams(path, std::span(&recording, 1), options);
}

void join_files(std::span<const std::filesystem::path> parts, const std::filesystem::path& whole,
                std::size_t header) {
  std::string content;
  for (const std::filesystem::path& part : parts) {
    const std::string bytes = read_text_file(part);
    content += content.empty() ? bytes : bytes.substr(header);
  }
  std::ofstream(whole, std::ios::binary) << content;
}

void make_joined(const std::filesystem::path& whole, std::span<const Recording> recordings) {
  std::vector<std::filesystem::path> parts;
  for (const Recording& recording : recordings) {
    parts.push_back(whole.parent_path() /
                    ("part" + std::to_string(parts.size()) + whole.extension().string()));
    make_recording(parts.back(), recording);
  }
  join_files(parts, whole, whole.extension() == ".flv" ? flv_header : 0);
  for (const std::filesystem::path& part : parts) std::filesystem::remove(part);
}

}  // namespace vidclass::testing

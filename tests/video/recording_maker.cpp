#include "video/recording_maker.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "core/atomic_file.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/ffmpeg.hpp"
#include "video/output_file.hpp"

namespace vidclass::testing {
namespace {

constexpr int flv_header = 13;  // bytes

void open_encoder(AVCodecContext& codec, const AVCodec& encoder, const Recording& recording,
                  bool global_header) {
  codec.width = recording.width;
  codec.height = recording.height;
  codec.pix_fmt = encoder.pix_fmts ? encoder.pix_fmts[0] : AV_PIX_FMT_YUV420P;
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

/// Luma of grey_of(number), and no colour.
void paint(AVFrame& picture, int number, bool full_range) {
  const double grey = grey_of(number);
  const auto luma = static_cast<int>(std::lround(full_range ? grey : 16 + grey * 219 / 255));
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? picture.height : (picture.height + 1) / 2;
    std::memset(picture.data[plane], plane == 0 ? luma : 128,
                static_cast<std::size_t>(picture.linesize[plane] * rows));
  }
}

}  // namespace

void make_recording(const std::filesystem::path& path, const Recording& recording) {
  video::silence_ffmpeg();
  const AVCodec* encoder = avcodec_find_encoder_by_name(recording.encoder.c_str());
  if (!encoder) throw Error("this FFmpeg has no encoder " + recording.encoder);
  video::OutputFile file(path);
  const video::Owned<AVCodecContext> codec(avcodec_alloc_context3(encoder));
  open_encoder(*codec, *encoder, recording, (file.container().flags & AVFMT_GLOBALHEADER) != 0);
  file.begin(*codec);
  const auto packet = video::make_packet();
  const auto ticks = [&](double seconds) { return std::llround(seconds * AV_TIME_BASE); };
  int coded = 0;
  const auto encode = [&](const AVFrame* frame) {
    file.require(avcodec_send_frame(codec.get(), frame), "encoding");
    while (avcodec_receive_packet(codec.get(), packet.get()) >= 0) {
      const bool leapt = recording.leap_at >= 0 && coded++ >= recording.leap_at;
      packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec->time_base, AV_TIME_BASE_Q);
      const std::int64_t moved = ticks(recording.start + (leapt ? recording.leap : 0));
      packet->pts += moved;
      packet->dts += moved;
      file.write(*packet, AV_TIME_BASE_Q);
    }
  };
  const auto picture = video::make_picture(recording.width, recording.height, AV_PIX_FMT_YUV420P);
  for (int i = 0; i < recording.frames; ++i) {
    file.require(av_frame_make_writable(picture.get()), "making room for a frame");
    paint(*picture, recording.first + i, codec->pix_fmt == AV_PIX_FMT_YUVJ420P);
    picture->pts = i;
    encode(picture.get());
  }
  encode(nullptr);
  file.finish();
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

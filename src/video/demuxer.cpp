#include "video/demuxer.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vidclass/error.hpp"
#include "video/containers.hpp"
#include "video/stream_choice.hpp"

namespace vidclass::video {
namespace {

// Some demuxers open further files that the content names. None of ours needs to.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

std::string unreadable(int code) {
  return "not a video FFmpeg can read (" + ffmpeg_text(code) + ")";
}

/// Bytes of packets that tell the film from its thumbnails.
constexpr std::int64_t most_counted = std::int64_t{64} << 20;

bool begins_with(AVIOContext& input, std::string_view text) {
  std::string beginning(text.size(), '\0');
  if (avio_seek(&input, 0, SEEK_SET) < 0) return false;
  const int read = avio_read(&input, reinterpret_cast<unsigned char*>(beginning.data()),
                             static_cast<int>(beginning.size()));
  return read == static_cast<int>(text.size()) && beginning == text;
}

}  // namespace

Demuxer::Demuxer(ClipSource source, const StallGuard* guard, DecoderList decoders)
    : source_(std::move(source)),
      guard_(guard),
      decoders_(std::move(decoders)),
      input_(nullptr, nullptr) {
  silence_ffmpeg();
  input_ = open_input(source_, guard_);
  open_container();
  choose_stream();
}

void Demuxer::open_container() {
  const std::string name = name_for_ffmpeg(source_);
  const AVInputFormat* container = nullptr;
  int code = av_probe_input_buffer2(input_.get(), &container, name.c_str(), nullptr, 0, 0);
  const auto refuse_playlist = [&](const char* kind) {
    throw ClipError(path(), std::string("a playlist (") + kind +
                                "), which would open other files; only video files are read");
  };
  const auto fail = [&](int why) {
    // FFmpeg from 7.1 on knows no playlist under the name of another file.
    if (begins_with(*input_, "#EXTM3U")) refuse_playlist("hls");
    throw ClipError(path(), unreadable(why));
  };
  if (code < 0) fail(code);
  if (is_playlist(container->name)) refuse_playlist(container->name);
  if (!is_video_container(container->name)) {
    throw ClipError(path(),
                    std::string("not a video file (it looks like ") + container->name + ")");
  }

  AVFormatContext* format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  format->pb = input_.get();
  format->io_open = refuse_to_open;
  format->interrupt_callback = {is_interrupted, const_cast<StallGuard*>(guard_)};
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "format_whitelist", container_list().c_str(), 0);
  av_dict_set(&options, "codec_whitelist", decoders_.names().c_str(), 0);
  code = avformat_open_input(&format, name.c_str(), container, &options);
  av_dict_free(&options);
  if (code < 0) fail(code);
  format_.reset(format);
  // An error here leaves what the header told, which may be enough to decode.
  (void)avformat_find_stream_info(format_.get(), nullptr);
}

void Demuxer::choose_stream() {
  std::vector<int> candidates = decodable_streams();
  // Counting takes a pass over the file, which most need not make.
  stream_ = candidates.size() == 1 ? candidates.front() : most_watchable(candidates);
  decoder_ = avcodec_find_decoder(stream().codecpar->codec_id);
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    if (static_cast<int>(i) != stream_) format_->streams[i]->discard = AVDISCARD_ALL;
  }
}

std::vector<int> Demuxer::decodable_streams() const {
  constexpr int no_film = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  std::vector<int> streams;
  std::string trouble = "no video stream";
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    const AVStream& stream = *format_->streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
    if ((stream.disposition & no_film) != 0) continue;
    const AVCodecID codec = stream.codecpar->codec_id;
    const AVCodec* decoder = avcodec_find_decoder(codec);
    if (decoder && decoders_.holds(*decoder)) {
      streams.push_back(static_cast<int>(i));
    } else if (codec == AV_CODEC_ID_NONE) {
      trouble = "video of a codec that FFmpeg does not know";
    } else if (!decoder) {
      trouble = std::string("this FFmpeg has no decoder for ") + avcodec_get_name(codec) + " video";
    } else {
      trouble = std::string(avcodec_get_name(codec)) +
                " video, which is decoded only where it is allowed by name (allow-codec)";
    }
  }
  if (streams.empty()) throw ClipError(path(), trouble);
  return streams;
}

int Demuxer::most_watchable(const std::vector<int>& candidates) {
  std::vector<StreamExtent> extents(format_->nb_streams);
  std::vector<std::optional<std::int64_t>> begins(format_->nb_streams);
  const Owned<AVPacket> packet = make_packet();
  std::int64_t bytes = 0;
  while (bytes < most_counted && av_read_frame(format_.get(), packet.get()) >= 0) {
    const auto index = static_cast<std::size_t>(packet->stream_index);
    bytes += packet->size;
    if (index < extents.size()) {
      ++extents[index].frames;
      const std::int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
      if (time != AV_NOPTS_VALUE) {
        if (!begins[index]) begins[index] = time;
        const double tick = av_q2d(format_->streams[index]->time_base);
        extents[index].seconds =
            std::max(extents[index].seconds, static_cast<double>(time - *begins[index]) * tick);
      }
    }
    av_packet_unref(packet.get());
  }
  std::vector<StreamExtent> compared;
  for (const int candidate : candidates) {
    const AVStream& stream = *format_->streams[candidate];
    StreamExtent& extent = extents[static_cast<std::size_t>(candidate)];
    extent.pixels = std::int64_t{stream.codecpar->width} * stream.codecpar->height;
    extent.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    compared.push_back(extent);
  }
  format_.reset();
  input_ = open_input(source_, guard_);
  open_container();
  return candidates[video::choose_stream(compared)];
}

bool Demuxer::read(AVPacket& packet) {
  int retries = 100;
  for (;;) {
    av_packet_unref(&packet);
    const int code = av_read_frame(format_.get(), &packet);
    if (code == AVERROR(EAGAIN) && --retries > 0) continue;
    if (code < 0) return false;
    if (packet.stream_index == stream_) return true;
  }
}

bool Demuxer::seek(std::int64_t decoding_time) {
  return av_seek_frame(format_.get(), stream_, decoding_time, AVSEEK_FLAG_BACKWARD) >= 0;
}

AVRational Demuxer::frame_rate() const noexcept {
  const AVRational average = stream().avg_frame_rate;
  if (average.num > 0 && average.den > 0) return average;
  const AVRational guess = stream().r_frame_rate;
  return guess.num > 0 && guess.den > 0 ? guess : AVRational{0, 1};
}

}  // namespace vidclass::video

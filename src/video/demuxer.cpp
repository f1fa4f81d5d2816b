#include "video/demuxer.hpp"

#include <new>
#include <utility>

#include "vidclass/error.hpp"
#include "video/containers.hpp"

namespace vidclass::video {
namespace {

// Some demuxers open further files that the content names. None of ours needs to.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

std::string unreadable(int code) {
  return "not a video FFmpeg can read (" + ffmpeg_text(code) + ")";
}

}  // namespace

Demuxer::Demuxer(ClipSource source, const StallGuard* guard)
    : source_(std::move(source)), guard_(guard), input_(nullptr, nullptr) {
  silence_ffmpeg();
  input_ = open_input(source_, guard_);
  open_container();
  choose_stream();
}

void Demuxer::open_container() {
  const std::string name = name_for_ffmpeg(source_);
  const AVInputFormat* container = nullptr;
  int code = av_probe_input_buffer2(input_.get(), &container, name.c_str(), nullptr, 0, 0);
  if (code < 0) throw ClipError(path(), unreadable(code));
  if (is_playlist(container->name)) {
    throw ClipError(path(), std::string("a playlist (") + container->name +
                                "), which would open other files; only video files are read");
  }
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
  code = avformat_open_input(&format, name.c_str(), container, &options);
  av_dict_free(&options);
  if (code < 0) throw ClipError(path(), unreadable(code));
  format_.reset(format);
  // An error here leaves what the header told, which may be enough to decode.
  (void)avformat_find_stream_info(format_.get(), nullptr);
}

void Demuxer::choose_stream() {
  AVFormatContext& format = *format_;
  const auto is_cover = [&](int index) {
    return (format.streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
  };
  stream_ = av_find_best_stream(&format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder_, 0);
  if (stream_ == AVERROR_DECODER_NOT_FOUND) {
    const int any = av_find_best_stream(&format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    const AVCodecID codec = any < 0 ? AV_CODEC_ID_NONE : format.streams[any]->codecpar->codec_id;
    throw ClipError(path(), codec == AV_CODEC_ID_NONE
                                ? std::string("video of a codec that FFmpeg does not know")
                                : std::string("this FFmpeg has no decoder for ") +
                                      avcodec_get_name(codec) + " video");
  }
  for (int i = 0; stream_ >= 0 && is_cover(stream_) && i < static_cast<int>(format.nb_streams);
       ++i) {
    const AVCodecParameters& parameters = *format.streams[i]->codecpar;
    if (parameters.codec_type != AVMEDIA_TYPE_VIDEO || is_cover(i)) continue;
    const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
    if (!decoder) continue;
    stream_ = i;
    decoder_ = decoder;
  }
  if (stream_ < 0 || is_cover(stream_)) throw ClipError(path(), "no video stream");
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    if (static_cast<int>(i) != stream_) format.streams[i]->discard = AVDISCARD_ALL;
  }
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

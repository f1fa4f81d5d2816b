#include "video/demuxer.hpp"

#include <new>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "video/containers.hpp"

namespace vidclass::video {
namespace {

// Some demuxers open further files that the content names. None of ours needs to.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

int is_interrupted(void* guard) {
  return guard && static_cast<const StallGuard*>(guard)->interrupted() ? 1 : 0;
}

void require_content(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw ClipError(path, "file not found");
  }
  if (error) throw ClipError(path, "cannot be opened (" + error.message() + ")");
  if (std::filesystem::is_directory(status)) throw ClipError(path, "a folder, not a video file");
  if (!std::filesystem::is_regular_file(status)) throw ClipError(path, "not a regular file");
  if (std::filesystem::file_size(path, error) == 0 && !error) throw ClipError(path, "empty file");
}

std::string unreadable(int code) {
  return "not a video FFmpeg can read (" + ffmpeg_text(code) + ")";
}

}  // namespace

Demuxer::Demuxer(std::filesystem::path path, const StallGuard* guard)
    : path_(std::move(path)), guard_(guard) {
  silence_ffmpeg();
  require_content(path_);
  open_file();
  open_container();
  choose_stream();
}

void Demuxer::open_file() {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  AVIOContext* file = nullptr;
  // The explicit protocol keeps a name such as "http:x.avi" a file name.
  const std::string url = "file:" + path_.string();
  // FFmpeg takes the guard as a void*, and the callback only looks at it.
  const AVIOInterruptCB interrupt{is_interrupted, const_cast<StallGuard*>(guard_)};
  const int code = avio_open2(&file, url.c_str(), AVIO_FLAG_READ, &interrupt, &options);
  av_dict_free(&options);
  if (code < 0) throw ClipError(path_, "cannot be opened (" + ffmpeg_text(code) + ")");
  file_.reset(file);
}

void Demuxer::open_container() {
  const std::string name = path_.string();
  const AVInputFormat* container = nullptr;
  int code = av_probe_input_buffer2(file_.get(), &container, name.c_str(), nullptr, 0, 0);
  if (code < 0) throw ClipError(path_, unreadable(code));
  if (is_playlist(container->name)) {
    throw ClipError(path_, std::string("a playlist (") + container->name +
                               "), which would open other files; only video files are read");
  }
  if (!is_video_container(container->name)) {
    throw ClipError(path_, std::string("not a video file (it looks like ") + container->name + ")");
  }

  AVFormatContext* format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  format->pb = file_.get();
  format->io_open = refuse_to_open;
  format->interrupt_callback = {is_interrupted, const_cast<StallGuard*>(guard_)};
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  code = avformat_open_input(&format, name.c_str(), container, &options);
  av_dict_free(&options);
  if (code < 0) throw ClipError(path_, unreadable(code));
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
    throw ClipError(path_, codec == AV_CODEC_ID_NONE
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
  if (stream_ < 0 || is_cover(stream_)) throw ClipError(path_, "no video stream");
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

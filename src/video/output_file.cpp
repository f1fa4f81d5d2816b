#include "video/output_file.hpp"

#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "core/atomic_file.hpp"
#include "vidclass/error.hpp"

namespace vidclass::video {

OutputFile::OutputFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_name(target_)) {
  silence_ffmpeg();
  const AVOutputFormat* container =
      av_guess_format(nullptr, target_.filename().string().c_str(), nullptr);
  if (!container || container->video_codec == AV_CODEC_ID_NONE) {
    throw Error(target_.string() + ": no video can be written into a file of this kind");
  }
  AVFormatContext* format = nullptr;
  require(avformat_alloc_output_context2(&format, container, nullptr, nullptr),
          "choosing a container");
  format_.reset(format);
  // No version numbers, dates or random marks: the same frames give the same bytes.
  format_->flags |= AVFMT_FLAG_BITEXACT;
}

OutputFile::~OutputFile() {
  if (finished_) return;
  format_.reset();
  file_.reset();
  std::error_code ignored;
  if (begun_) std::filesystem::remove(temporary_, ignored);
}

bool OutputFile::can_hold(AVCodecID codec) const noexcept {
  // Below 0: the container does not say.
  return avformat_query_codec(format_->oformat, codec, FF_COMPLIANCE_NORMAL) != 0;
}

void OutputFile::require(int code, const char* doing) const {
  if (code >= 0) return;
  throw Error(target_.string() + ": " + doing + " failed (" + ffmpeg_text(code) + ")");
}

void OutputFile::begin(const AVCodecContext& codec, AVDictionary** options) {
  AVStream* stream = avformat_new_stream(format_.get(), nullptr);
  if (!stream) throw std::bad_alloc();
  require(avcodec_parameters_from_context(stream->codecpar, &codec), "describing the video stream");
  stream->time_base = codec.time_base;
  stream->avg_frame_rate = codec.framerate;
  if (!target_.parent_path().empty()) {
    std::error_code error;
    std::filesystem::create_directories(target_.parent_path(), error);
    if (error) {
      throw Error(target_.string() + ": its folder cannot be made (" + error.message() + ")");
    }
  }
  // Muxers that move the index to the front open the file a second time, by this name.
  const std::string name = "file:" + temporary_.string();
  format_->url = av_strdup(name.c_str());
  if (!format_->url) throw std::bad_alloc();
  AVIOContext* file = nullptr;
  begun_ = true;
  require(avio_open(&file, name.c_str(), AVIO_FLAG_WRITE), "opening the file for writing");
  file_.reset(file);
  format_->pb = file_.get();
  require(avformat_write_header(format_.get(), options), "writing the header");
}

void OutputFile::write(AVPacket& packet, AVRational time_base) {
  const AVStream& stream = *format_->streams[0];
  av_packet_rescale_ts(&packet, time_base, stream.time_base);
  packet.stream_index = stream.index;
  require(av_interleaved_write_frame(format_.get(), &packet), "writing a frame");
}

void OutputFile::finish() {
  require(av_write_trailer(format_.get()), "writing the end of the file");
  format_.reset();
  require(avio_close(file_.release()), "writing the file");
  std::error_code error;
  std::filesystem::rename(temporary_, target_, error);
  if (error) throw Error(target_.string() + ": cannot be written (" + error.message() + ")");
  finished_ = true;
}

}  // namespace vidclass::video

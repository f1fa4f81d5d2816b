#include "vidclass/video/clip_writer.hpp"

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "vidclass/core/error.hpp"
#include "video/ffmpeg.hpp"

namespace vidclass::video {
namespace {

constexpr int keyframe_distance = 12;
constexpr int quantiser = 3;  // of 1 (best) to 31

/// Unlike a demuxer's context, a muxer's leaves its file to its owner.
struct MuxerDeleter {
  void operator()(AVFormatContext* context) const noexcept { avformat_free_context(context); }
};

/// Beside the target, so that the last step is a rename within one file system.
std::filesystem::path temporary_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> counter{0};
  std::string name(1, '.');
  name += target.filename().string();
  name += '.' + std::to_string(::getpid()) + '-' + std::to_string(counter++) + ".part";
  return target.parent_path() / name;
}

}  // namespace

struct ClipWriter::Impl {
  Impl(std::filesystem::path target_path, int width, int height, int frames_per_second);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void write(std::span<const std::uint8_t> rgb);
  void finish();

private:
  void open_muxer();
  void open_encoder(int width, int height, int frames_per_second);
  void open_file();
  void encode(const AVFrame* frame);
  void require(int code, const char* doing) const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  Owned<AVIOContext> file_;  // outlives the format context that writes to it
  std::unique_ptr<AVFormatContext, MuxerDeleter> format_;
  Owned<AVCodecContext> codec_;
  Owned<SwsContext> to_yuv_;
  Owned<AVFrame> rgb_;
  Owned<AVFrame> yuv_;
  Owned<AVPacket> packet_ = make_packet();
  std::int64_t frames_ = 0;
  bool open_ = false;
  bool finished_ = false;
};

ClipWriter::Impl::Impl(std::filesystem::path target_path, int width, int height,
                       int frames_per_second)
    : target_(std::move(target_path)), temporary_(temporary_name(target_)) {
  if (width < 2 || height < 2 || width % 2 != 0 || height % 2 != 0) {
    throw Error(target_.string() + ": a video of " + std::to_string(width) + "x" +
                std::to_string(height) + " pixels cannot be written: both must be even");
  }
  // MPEG-4 part 2 counts a second in at most 65535 steps.
  if (frames_per_second < 1 || frames_per_second > std::numeric_limits<std::uint16_t>::max()) {
    throw Error(target_.string() + ": " + std::to_string(frames_per_second) +
                " frames per second cannot be written: 1 to 65535 can");
  }
  silence_ffmpeg();
  open_muxer();
  open_encoder(width, height, frames_per_second);
  rgb_ = make_picture(width, height, AV_PIX_FMT_RGB24);
  yuv_ = make_picture(width, height, AV_PIX_FMT_YUV420P);
  to_yuv_.reset(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
                               SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr,
                               nullptr));
  if (!to_yuv_) throw std::bad_alloc();
  try {
    open_file();
  } catch (...) {
    file_.reset();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
    throw;
  }
  open_ = true;
}

ClipWriter::Impl::~Impl() {
  if (!open_ || finished_) return;
  format_.reset();
  file_.reset();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void ClipWriter::Impl::require(int code, const char* doing) const {
  if (code >= 0) return;
  throw Error(target_.string() + ": " + doing + " failed (" + ffmpeg_text(code) + ")");
}

void ClipWriter::Impl::open_muxer() {
  const AVOutputFormat* container =
      av_guess_format(nullptr, target_.filename().string().c_str(), nullptr);
  if (!container || container->video_codec == AV_CODEC_ID_NONE ||
      avformat_query_codec(container, AV_CODEC_ID_MPEG4, FF_COMPLIANCE_NORMAL) == 0) {
    throw Error(target_.string() +
                ": MPEG-4 video cannot be written into a file of this kind; "
                ".avi, .mp4, .mov and .mkv can hold it");
  }
  AVFormatContext* format = nullptr;
  require(avformat_alloc_output_context2(&format, container, nullptr, nullptr),
          "choosing a container");
  format_.reset(format);
  // No version numbers, dates or random marks: the same frames give the same bytes.
  format_->flags |= AVFMT_FLAG_BITEXACT;
}

void ClipWriter::Impl::open_encoder(int width, int height, int frames_per_second) {
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  if (!encoder) throw Error(target_.string() + ": this FFmpeg has no MPEG-4 encoder");
  codec_.reset(avcodec_alloc_context3(encoder));
  AVStream* stream = avformat_new_stream(format_.get(), nullptr);
  if (!codec_ || !stream) throw std::bad_alloc();
  codec_->width = width;
  codec_->height = height;
  codec_->pix_fmt = AV_PIX_FMT_YUV420P;
  codec_->time_base = {1, frames_per_second};
  codec_->framerate = {frames_per_second, 1};
  codec_->gop_size = keyframe_distance;
  codec_->max_b_frames = 0;
  codec_->thread_count = 1;
  codec_->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_QSCALE;
  codec_->global_quality = quantiser * FF_QP2LAMBDA;
  if (std::string_view(format_->oformat->name) == "avi") {
    codec_->codec_tag = MKTAG('X', 'V', 'I', 'D');
  }
  if ((format_->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  }
  require(avcodec_open2(codec_.get(), encoder, nullptr), "opening the MPEG-4 encoder");
  require(avcodec_parameters_from_context(stream->codecpar, codec_.get()),
          "describing the video stream");
  stream->time_base = codec_->time_base;
  stream->avg_frame_rate = codec_->framerate;
}

void ClipWriter::Impl::open_file() {
  if (!target_.parent_path().empty()) {
    std::error_code error;
    std::filesystem::create_directories(target_.parent_path(), error);
    if (error) {
      throw Error(target_.string() + ": its folder cannot be made (" + error.message() + ")");
    }
  }
  AVIOContext* file = nullptr;
  require(avio_open(&file, ("file:" + temporary_.string()).c_str(), AVIO_FLAG_WRITE),
          "opening the file for writing");
  file_.reset(file);
  format_->pb = file_.get();
  require(avformat_write_header(format_.get(), nullptr), "writing the header");
}

void ClipWriter::Impl::write(std::span<const std::uint8_t> rgb) {
  const auto row = static_cast<std::size_t>(rgb_->width) * 3;
  const std::size_t bytes = row * static_cast<std::size_t>(rgb_->height);
  if (finished_) throw Error(target_.string() + ": a frame was given after the clip was finished");
  if (rgb.size() != bytes) {
    throw Error(target_.string() + ": a frame has " + std::to_string(rgb.size()) +
                " bytes; it must have " + std::to_string(bytes));
  }
  for (int y = 0; y < rgb_->height; ++y) {
    std::memcpy(rgb_->data[0] + std::ptrdiff_t{y} * rgb_->linesize[0],
                rgb.data() + static_cast<std::size_t>(y) * row, row);
  }
  // The encoder may still hold the last picture.
  require(av_frame_make_writable(yuv_.get()), "making room for a frame");
  sws_scale(to_yuv_.get(), rgb_->data, rgb_->linesize, 0, rgb_->height, yuv_->data, yuv_->linesize);
  yuv_->pts = frames_++;
  encode(yuv_.get());
}

void ClipWriter::Impl::encode(const AVFrame* frame) {
  require(avcodec_send_frame(codec_.get(), frame), "encoding a frame");
  for (;;) {
    const int code = avcodec_receive_packet(codec_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    require(code, "encoding a frame");
    const AVStream& stream = *format_->streams[0];
    packet_->duration = 1;
    av_packet_rescale_ts(packet_.get(), codec_->time_base, stream.time_base);
    packet_->stream_index = stream.index;
    require(av_interleaved_write_frame(format_.get(), packet_.get()), "writing a frame");
  }
}

void ClipWriter::Impl::finish() {
  if (finished_) return;
  if (frames_ == 0) throw Error(target_.string() + ": a video without frames cannot be written");
  encode(nullptr);
  require(av_write_trailer(format_.get()), "writing the end of the file");
  format_.reset();
  require(avio_close(file_.release()), "writing the file");
  std::error_code error;
  std::filesystem::rename(temporary_, target_, error);
  if (error) throw Error(target_.string() + ": cannot be written (" + error.message() + ")");
  finished_ = true;
}

ClipWriter::ClipWriter(const std::filesystem::path& path, int width, int height,
                       int frames_per_second)
    : impl_(std::make_unique<Impl>(path, width, height, frames_per_second)) {}

ClipWriter::~ClipWriter() = default;

void ClipWriter::write(std::span<const std::uint8_t> rgb) { impl_->write(rgb); }

void ClipWriter::finish() { impl_->finish(); }

}  // namespace vidclass::video

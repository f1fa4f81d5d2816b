#include "video/clip_writer.hpp"

#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "vidclass/error.hpp"
#include "video/output_file.hpp"

namespace vidclass::video {
namespace {

constexpr int keyframe_distance = 12;
constexpr int quantiser = 3;  // of 1 (best) to 31

}  // namespace

struct ClipWriter::Impl {
  Impl(std::filesystem::path target, int width, int height, int frames_per_second);

  void write(std::span<const std::uint8_t> rgb);
  void finish();

private:
  static void check(const std::filesystem::path& target, int width, int height,
                    int frames_per_second);
  void open_encoder(int width, int height, int frames_per_second);
  void encode(const AVFrame* frame);

  OutputFile file_;
  Owned<AVCodecContext> codec_;
  Owned<SwsContext> to_yuv_;
  Owned<AVFrame> rgb_;
  Owned<AVFrame> yuv_;
  Owned<AVPacket> packet_ = make_packet();
  std::int64_t frames_ = 0;
  bool finished_ = false;
};

ClipWriter::Impl::Impl(std::filesystem::path target, int width, int height, int frames_per_second)
    : file_((check(target, width, height, frames_per_second), std::move(target))) {
  if (!file_.can_hold(AV_CODEC_ID_MPEG4)) {
    throw Error(file_.target().string() +
                ": MPEG-4 video cannot be written into a file of this kind; "
                ".avi, .mp4, .mov and .mkv can hold it");
  }
  open_encoder(width, height, frames_per_second);
  rgb_ = make_picture(width, height, AV_PIX_FMT_RGB24);
  yuv_ = make_picture(width, height, AV_PIX_FMT_YUV420P);
  to_yuv_.reset(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
                               SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr,
                               nullptr));
  if (!to_yuv_) throw std::bad_alloc();
  file_.begin(*codec_);
}

void ClipWriter::Impl::check(const std::filesystem::path& target, int width, int height,
                             int frames_per_second) {
  if (width < 2 || height < 2 || width % 2 != 0 || height % 2 != 0) {
    throw Error(target.string() + ": a video of " + std::to_string(width) + "x" +
                std::to_string(height) + " pixels cannot be written: both must be even");
  }
  // MPEG-4 part 2 counts a second in at most 65535 steps.
  if (frames_per_second < 1 || frames_per_second > std::numeric_limits<std::uint16_t>::max()) {
    throw Error(target.string() + ": " + std::to_string(frames_per_second) +
                " frames per second cannot be written: 1 to 65535 can");
  }
}

void ClipWriter::Impl::open_encoder(int width, int height, int frames_per_second) {
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  if (!encoder) throw Error(file_.target().string() + ": this FFmpeg has no MPEG-4 encoder");
  codec_.reset(avcodec_alloc_context3(encoder));
  if (!codec_) throw std::bad_alloc();
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
  if (std::string_view(file_.container().name) == "avi") {
    codec_->codec_tag = MKTAG('X', 'V', 'I', 'D');
  }
  if ((file_.container().flags & AVFMT_GLOBALHEADER) != 0) {
    codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  }
  file_.require(avcodec_open2(codec_.get(), encoder, nullptr), "opening the MPEG-4 encoder");
}

void ClipWriter::Impl::write(std::span<const std::uint8_t> rgb) {
  const std::string target = file_.target().string();
  const std::size_t bytes = std::size_t{3} * static_cast<std::size_t>(rgb_->width) *
                            static_cast<std::size_t>(rgb_->height);
  if (finished_) throw Error(target + ": a frame was given after the clip was finished");
  if (rgb.size() != bytes) {
    throw Error(target + ": a frame has " + std::to_string(rgb.size()) + " bytes; it must have " +
                std::to_string(bytes));
  }
  copy_rgb(rgb.data(), *rgb_);
  // The encoder may still hold the last picture.
  file_.require(av_frame_make_writable(yuv_.get()), "making room for a frame");
  sws_scale(to_yuv_.get(), rgb_->data, rgb_->linesize, 0, rgb_->height, yuv_->data, yuv_->linesize);
  yuv_->pts = frames_++;
  encode(yuv_.get());
}

void ClipWriter::Impl::encode(const AVFrame* frame) {
  file_.require(avcodec_send_frame(codec_.get(), frame), "encoding a frame");
  for (;;) {
    const int code = avcodec_receive_packet(codec_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    file_.require(code, "encoding a frame");
    packet_->duration = 1;
    file_.write(*packet_, codec_->time_base);
  }
}

void ClipWriter::Impl::finish() {
  if (finished_) return;
  if (frames_ == 0) {
    throw Error(file_.target().string() + ": a video without frames cannot be written");
  }
  encode(nullptr);
  file_.finish();
  finished_ = true;
}

ClipWriter::ClipWriter(const std::filesystem::path& path, int width, int height,
                       int frames_per_second)
    : impl_(std::make_unique<Impl>(path, width, height, frames_per_second)) {}

ClipWriter::~ClipWriter() = default;

void ClipWriter::write(std::span<const std::uint8_t> rgb) { impl_->write(rgb); }

void ClipWriter::finish() { impl_->finish(); }

}  // namespace vidclass::video

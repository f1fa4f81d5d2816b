#include "video/video_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <new>
#include <optional>
#include <string>

#include "vidclass/error.hpp"
#include "video/output_file.hpp"
#include "video/palette.hpp"
#include "video/video_encoder.hpp"

namespace vidclass::video {
namespace {

const std::filesystem::path& checked(const std::filesystem::path& path) {
  if (is_writable_video(path)) return path;
  throw UsageError(path.string() +
                   ": a video is written as .mp4, .mov, .mkv, .webm, .gif or .webp");
}

int even(int side) { return side + side % 2; }

}  // namespace

struct VideoWriter::Impl {
  Impl(const std::filesystem::path& path, int width, int height, double frame_rate)
      : width_(width), height_(height), file_(checked(path)) {
    if (width < 1 || height < 1 || width > 16384 || height > 16384) {
      throw Error(path.string() + ": a video of " + std::to_string(width) + "x" +
                  std::to_string(height) + " pixels cannot be written: 1 to 16384 a side can");
    }
    const AVCodec* encoder = choose();
    open(*encoder, frame_rate);
    rgb_ = make_picture(padded_width(), padded_height(), AV_PIX_FMT_RGB24);
    if (choice_->pixels == AV_PIX_FMT_PAL8) {
      palette_.emplace(width_, height_, codec_->time_base);
    } else {
      open_converter();
    }
    AVDictionary* options = nullptr;
    // The index in front, so that a browser can begin before it has all.
    if (choice_->clock > 1000) av_dict_set(&options, "movflags", "+faststart", 0);
    if (choice_->pixels == AV_PIX_FMT_PAL8 || choice_->clock == 1000) {
      av_dict_set(&options, "loop", "0", 0);
    }
    try {
      file_.begin(*codec_, &options);
    } catch (...) {
      av_dict_free(&options);
      throw;
    }
    av_dict_free(&options);
  }

  [[nodiscard]] const std::string& codec() const noexcept { return name_; }

  void write(std::span<const std::uint8_t> rgb, double time, double duration) {
    const auto row = static_cast<std::size_t>(width_) * 3;
    if (rgb.size() != row * static_cast<std::size_t>(height_)) {
      throw Error(file_.target().string() + ": a frame has " + std::to_string(rgb.size()) +
                  " bytes; it must have " +
                  std::to_string(row * static_cast<std::size_t>(height_)));
    }
    const std::int64_t begin = ticks(time);
    const std::int64_t end = std::max(begin + 1, ticks(time + duration));
    const std::int64_t least = choice_->pixels == AV_PIX_FMT_PAL8 ? 2 : 1;
    if (last_ && begin < *last_ + least) return;
    last_ = begin;
    durations_[begin] = end - begin;

    file_.require(av_frame_make_writable(rgb_.get()), "making room for a frame");
    for (int y = 0; y < rgb_->height; ++y) {
      std::uint8_t* target = rgb_->data[0] + std::ptrdiff_t{y} * rgb_->linesize[0];
      const std::uint8_t* source =
          rgb.data() + static_cast<std::size_t>(std::min(y, height_ - 1)) * row;
      std::memcpy(target, source, row);
      // The column more repeats the last one.
      if (rgb_->width > width_) std::memcpy(target + row, source + row - 3, 3);
    }
    rgb_->pts = begin;
    if (palette_) {
      palette_->push(rgb_.get());
      drain_palette();
      return;
    }
    file_.require(av_frame_make_writable(yuv_.get()), "making room for a frame");
    sws_scale(converter_.get(), rgb_->data, rgb_->linesize, 0, rgb_->height, yuv_->data,
              yuv_->linesize);
    yuv_->pts = begin;
    encode(yuv_.get());
  }

  void finish() {
    if (finished_) return;
    if (!last_) {
      throw Error(file_.target().string() + ": a video without frames cannot be written");
    }
    if (palette_) {
      palette_->push(nullptr);
      drain_palette();
    }
    encode(nullptr);
    file_.finish();
    finished_ = true;
  }

private:
  [[nodiscard]] bool needs_even() const noexcept { return choice_->clock > 1000; }
  [[nodiscard]] int padded_width() const noexcept { return needs_even() ? even(width_) : width_; }
  [[nodiscard]] int padded_height() const noexcept {
    return needs_even() ? even(height_) : height_;
  }
  [[nodiscard]] std::int64_t ticks(double seconds) const {
    return std::llround(seconds * choice_->clock);
  }

  const AVCodec* choose() {
    for (const EncoderChoice& choice : encoders_for(file_.target())) {
      const AVCodec* encoder = avcodec_find_encoder_by_name(choice.name);
      if (!encoder || !file_.can_hold(encoder->id)) continue;
      choice_ = &choice;
      name_ = choice.codec;
      return encoder;
    }
    throw Error(file_.target().string() + ": this FFmpeg has no encoder for it");
  }

  void open(const AVCodec& encoder, double frame_rate) {
    codec_.reset(avcodec_alloc_context3(&encoder));
    if (!codec_) throw std::bad_alloc();
    codec_->width = padded_width();
    codec_->height = padded_height();
    codec_->pix_fmt = choice_->pixels;
    codec_->time_base = {1, choice_->clock};
    codec_->framerate = av_d2q(std::clamp(frame_rate, 1.0, 1000.0), 1'001'000);
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    // Without frames out of order, decoding and showing begin together, at zero.
    codec_->max_b_frames = 0;
    if (needs_even()) {
      codec_->colorspace = AVCOL_SPC_BT709;
      codec_->color_primaries = AVCOL_PRI_BT709;
      codec_->color_trc = AVCOL_TRC_BT709;
      codec_->color_range = AVCOL_RANGE_MPEG;
    }
    if (encoder.id == AV_CODEC_ID_MPEG4) {
      codec_->flags |= AV_CODEC_FLAG_QSCALE;
      codec_->global_quality = 3 * FF_QP2LAMBDA;
    }
    if ((file_.container().flags & AVFMT_GLOBALHEADER) != 0) {
      codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    AVDictionary* options = nullptr;
    for (const auto& [name, value] : choice_->options) av_dict_set(&options, name, value, 0);
    const int code = avcodec_open2(codec_.get(), &encoder, &options);
    av_dict_free(&options);
    file_.require(code, "opening the encoder");
  }

  void open_converter() {
    yuv_ = make_picture(padded_width(), padded_height(), choice_->pixels);
    converter_.reset(sws_getContext(padded_width(), padded_height(), AV_PIX_FMT_RGB24,
                                    padded_width(), padded_height(), choice_->pixels,
                                    SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (!converter_) throw std::bad_alloc();
    // WebP is BT.601 by its specification.
    const int* matrix = sws_getCoefficients(needs_even() ? SWS_CS_ITU709 : SWS_CS_ITU601);
    sws_setColorspaceDetails(converter_.get(), matrix, 1, matrix, 0, 0, 1 << 16, 1 << 16);
  }

  void drain_palette() {
    while (const AVFrame* ready = palette_->pull()) encode(ready);
  }

  void encode(const AVFrame* frame) {
    file_.require(avcodec_send_frame(codec_.get(), frame), "encoding a frame");
    for (;;) {
      const int code = avcodec_receive_packet(codec_.get(), packet_.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      file_.require(code, "encoding a frame");
      const auto found = durations_.find(packet_->pts);
      if (found != durations_.end()) {
        packet_->duration = found->second;
        durations_.erase(found);
      }
      file_.write(*packet_, codec_->time_base);
    }
  }

  int width_;
  int height_;
  OutputFile file_;
  const EncoderChoice* choice_ = nullptr;
  std::string name_;
  Owned<AVCodecContext> codec_;
  Owned<SwsContext> converter_;
  std::optional<PaletteFilter> palette_;
  Owned<AVFrame> rgb_;
  Owned<AVFrame> yuv_;
  Owned<AVPacket> packet_ = make_packet();
  std::optional<std::int64_t> last_;                // when the last frame begins
  std::map<std::int64_t, std::int64_t> durations_;  // of frames under way, by their times
  bool finished_ = false;
};

VideoWriter::VideoWriter(const std::filesystem::path& path, int width, int height,
                         double frame_rate)
    : impl_(std::make_unique<Impl>(path, width, height, frame_rate)) {}
VideoWriter::~VideoWriter() = default;

const std::string& VideoWriter::codec() const noexcept { return impl_->codec(); }

void VideoWriter::write(std::span<const std::uint8_t> rgb, double time, double duration) {
  impl_->write(rgb, time, duration);
}

void VideoWriter::finish() { impl_->finish(); }

bool is_writable_video(const std::filesystem::path& path) { return !encoders_for(path).empty(); }

}  // namespace vidclass::video

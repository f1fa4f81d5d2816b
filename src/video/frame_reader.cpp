#include "video/frame_reader.hpp"

#include <new>
#include <utility>

#include "vidclass/core/error.hpp"

namespace vidclass::video {
namespace {

/// A damaged header may ask for a picture of gigabytes: 16384 x 8192 pixels at most.
constexpr std::int64_t largest_picture = std::int64_t{1} << 27;

}  // namespace

FrameReader::FrameReader(const std::filesystem::path& path, std::vector<PacketUse> uses)
    : demuxer_(path), uses_(std::move(uses)) {
  open_decoder();
}

void FrameReader::open_decoder() {
  const AVStream& stream = demuxer_.stream();
  codec_.reset(avcodec_alloc_context3(&demuxer_.decoder()));
  if (!codec_) throw std::bad_alloc();
  int code = avcodec_parameters_to_context(codec_.get(), stream.codecpar);
  if (code >= 0) {
    codec_->pkt_timebase = stream.time_base;
    codec_->framerate = stream.avg_frame_rate;
    codec_->thread_count = 1;
    codec_->max_pixels = largest_picture;
    code = avcodec_open2(codec_.get(), &demuxer_.decoder(), nullptr);
  }
  if (code < 0) {
    throw ClipError(demuxer_.path(), std::string("the ") + demuxer_.decoder().name +
                                         " decoder cannot be opened (" + ffmpeg_text(code) + ")");
  }
}

const AVFrame* FrameReader::next() {
  for (;;) {
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code >= 0) {
      damaged_ = damaged_ || frame_->decode_error_flags != 0 ||
                 (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0;
      return frame_.get();
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) complain(code);
    // A decoder that fails while it drains may fail for ever.
    if (draining_) return nullptr;
    feed();
  }
}

void FrameReader::feed() {
  int code = 0;
  if (demuxer_.read(*packet_)) {
    const std::size_t index = packets_read_++;
    const PacketUse use = index < uses_.size() ? uses_[index] : PacketUse::decode;
    if (use == PacketUse::drop) return;
    codec_->skip_frame = use == PacketUse::decode ? AVDISCARD_DEFAULT : AVDISCARD_NONREF;
    code = avcodec_send_packet(codec_.get(), packet_.get());
    av_packet_unref(packet_.get());
  } else {
    draining_ = true;
    code = avcodec_send_packet(codec_.get(), nullptr);
  }
  if (code < 0) complain(code);
}

void FrameReader::complain(int code) {
  damaged_ = true;
  complaint_ = ffmpeg_text(code);
}

}  // namespace vidclass::video

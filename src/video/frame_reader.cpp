#include "video/frame_reader.hpp"

#include <new>
#include <utility>

#include "vidclass/error.hpp"
#include "video/limits.hpp"

namespace vidclass::video {

FrameReader::FrameReader(PacketSource& source, StallGuard& guard, std::int64_t max_pixels,
                         std::vector<PacketUse> uses)
    : source_(source), guard_(guard), max_pixels_(max_pixels), uses_(std::move(uses)) {
  open_decoder();
  guard_.progress();
}

void FrameReader::open_decoder() {
  const Demuxer& demuxer = source_.demuxer();
  const AVStream& stream = demuxer.stream();
  const AVCodecParameters& parameters = *stream.codecpar;
  require_pixels(demuxer.path(), parameters.width, parameters.height, max_pixels_);
  codec_.reset(avcodec_alloc_context3(&demuxer.decoder()));
  if (!codec_) throw std::bad_alloc();
  int code = avcodec_parameters_to_context(codec_.get(), &parameters);
  if (code >= 0) {
    codec_->pkt_timebase = stream.time_base;
    codec_->framerate = stream.avg_frame_rate;
    codec_->thread_count = 1;
    codec_->max_pixels = with_padding(max_pixels_);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "codec_whitelist", demuxer.decoders().names().c_str(), 0);
    code = avcodec_open2(codec_.get(), &demuxer.decoder(), &options);
    av_dict_free(&options);
  }
  if (code < 0) {
    throw ClipError(demuxer.path(), std::string("the ") + demuxer.decoder().name +
                                        " decoder cannot be opened (" + ffmpeg_text(code) + ")");
  }
}

const AVFrame* FrameReader::next() {
  for (;;) {
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code >= 0) {
      damaged_ = damaged_ || frame_->decode_error_flags != 0 ||
                 (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0;
      guard_.progress();
      // What the container says of the pixels' shape wins, as in players.
      const AVRational aspect = source_.demuxer().stream().sample_aspect_ratio;
      if (aspect.num > 0 && aspect.den > 0) frame_->sample_aspect_ratio = aspect;
      require_pixels(source_.demuxer().path(), frame_->width, frame_->height, max_pixels_);
      return frame_.get();
    }
    guard_.check(source_.demuxer().path());
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) complain(code);
    if (!draining_) {
      feed();
    } else if (restarts_) {
      restart();
    } else {
      // A decoder that fails while it drains may fail for ever.
      return nullptr;
    }
  }
}

void FrameReader::feed() {
  while (next_packet_ < uses_.size() && uses_[next_packet_] == PacketUse::drop) ++next_packet_;
  source_.go_to(next_packet_);
  packet_ = source_.read();
  if (!packet_) {
    drain();
    return;
  }
  const PacketUse use = next_packet_ < uses_.size() ? uses_[next_packet_] : PacketUse::decode;
  ++next_packet_;
  codec_->skip_frame = use == PacketUse::reference_only ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
  if (use == PacketUse::restart && fed_) {
    restarts_ = true;
    drain();
    return;
  }
  send(packet_);
}

void FrameReader::send(const AVPacket* packet) {
  fed_ = true;
  const int code = avcodec_send_packet(codec_.get(), packet);
  if (code < 0) complain(code);
}

void FrameReader::drain() {
  draining_ = true;
  send(nullptr);
}

void FrameReader::restart() {
  avcodec_flush_buffers(codec_.get());
  draining_ = false;
  restarts_ = false;
  send(packet_);
}

void FrameReader::complain(int code) {
  damaged_ = true;
  complaint_ = ffmpeg_text(code);
}

}  // namespace vidclass::video

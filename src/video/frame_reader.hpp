// From a clip's packets to its decoded frames, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "video/packet_plan.hpp"
#include "video/packet_source.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {

/// Decodes from the first packet on, with one codec thread. Packets that cannot be decoded
/// are passed over, as the ffmpeg program does.
class FrameReader {
public:
  /// `uses` speaks of the video packets in the order of the file; those beyond its
  /// end are decoded. `source` and `guard` must outlive the reader. Throws ClipError when
  /// the decoder does not open or the stream's pictures are larger than `max_pixels`.
  FrameReader(PacketSource& source, StallGuard& guard, std::int64_t max_pixels,
              std::vector<PacketUse> uses = {});

  /// The next frame in the order of output, with the shape of its pixels, valid until the next
  /// call; null at the end. Throws ClipError when none comes for too long, and Cancelled.
  [[nodiscard]] const AVFrame* next();

  /// Has the decoder met damage, or hidden some, so far?
  [[nodiscard]] bool damaged() const noexcept { return damaged_; }
  /// What the decoder last complained of; empty if it never did.
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

private:
  void open_decoder();
  /// Gives the decoder the next packet that it needs, or the end.
  void feed();
  void send(const AVPacket* packet);
  void drain();
  void restart();
  void complain(int code);

  PacketSource& source_;
  StallGuard& guard_;
  std::int64_t max_pixels_;
  std::vector<PacketUse> uses_;
  Owned<AVCodecContext> codec_;
  const AVPacket* packet_ = nullptr;  // the last one read
  Owned<AVFrame> frame_ = make_frame();
  std::size_t next_packet_ = 0;
  bool fed_ = false;       // since the decoder was opened or restarted
  bool draining_ = false;  // it gets no more packets
  bool restarts_ = false;  // after draining, with packet_
  bool damaged_ = false;
  std::string complaint_;
};

}  // namespace vidclass::video

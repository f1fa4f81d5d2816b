// From a video file to its decoded frames, one after the other.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "video/demuxer.hpp"
#include "video/packet_plan.hpp"

namespace vidclass::video {

/// Decodes from the start of the file, with one codec thread. Packets that cannot
/// be decoded are passed over, as the ffmpeg program does.
class FrameReader {
public:
  /// `uses` speaks of the video packets in the order of the file; those beyond its
  /// end are decoded. Throws ClipError when the file or its decoder does not open.
  explicit FrameReader(const std::filesystem::path& path, std::vector<PacketUse> uses = {});

  /// The next frame in the order of output, valid until the next call; null at the
  /// end.
  [[nodiscard]] const AVFrame* next();

  [[nodiscard]] const Demuxer& demuxer() const noexcept { return demuxer_; }
  /// Has the decoder met damage, or hidden some, so far?
  [[nodiscard]] bool damaged() const noexcept { return damaged_; }
  /// What the decoder last complained of; empty if it never did.
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

private:
  void open_decoder();
  void feed();
  void complain(int code);

  Demuxer demuxer_;
  std::vector<PacketUse> uses_;
  Owned<AVCodecContext> codec_;
  Owned<AVPacket> packet_ = make_packet();
  Owned<AVFrame> frame_ = make_frame();
  std::size_t packets_read_ = 0;
  bool draining_ = false;
  bool damaged_ = false;
  std::string complaint_;
};

}  // namespace vidclass::video

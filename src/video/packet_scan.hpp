// What the packets of a clip tell before anything is decoded.
#pragma once

#include <cstdint>
#include <vector>

#include "vidclass/core/cancellation.hpp"
#include "video/demuxer.hpp"
#include "video/frame_plan.hpp"

namespace vidclass::video {

struct ScannedPacket {
  /// Presentation time in ticks, AV_NOPTS_VALUE if the container has none.
  std::int64_t time = AV_NOPTS_VALUE;
  /// Does a picture that is shown come out of it?
  bool shown = true;
  /// An MPEG-4 part 2 intra picture: it refers to no other.
  bool intra = false;
};

struct PacketScan {
  /// Every packet of the video stream, in the order of the file.
  std::vector<ScannedPacket> packets;
  Timeline timeline;
  /// How a decoded frame finds its place in the timeline: by its timestamp, or,
  /// where the container has none (AVI with B-frames) or they repeat, by its
  /// number in the order of output.
  bool by_timestamp = true;
  AVCodecID codec = AV_CODEC_ID_NONE;
};

/// Reads all packets and decodes none. What headers say of duration and number of
/// frames is not looked at: it is often wrong. Throws Cancelled.
[[nodiscard]] PacketScan scan_packets(Demuxer& demuxer, const CancellationToken& cancel);

/// Is it present, and not so large that only damage explains it?
[[nodiscard]] bool is_usable(std::int64_t timestamp) noexcept;

/// The same times, each at least one tick after the one before.
[[nodiscard]] std::vector<std::int64_t> strictly_ascending(std::vector<std::int64_t> times);

}  // namespace vidclass::video

// What the packets of a clip tell before anything is decoded.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "video/demuxer.hpp"
#include "video/frame_plan.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {

struct ScannedPacket {
  /// Presentation time in ticks of one clock for the whole file (see find_stretches()),
  /// AV_NOPTS_VALUE if the container has none.
  std::int64_t time = AV_NOPTS_VALUE;
  /// Does a picture that is shown come out of it?
  bool shown = true;
  /// An MPEG-4 part 2 intra picture: it refers to no other.
  bool intra = false;
  /// Decoding may start here (RestartFinder; for MPEG-4 part 2 an intra picture with the
  /// headers of its layer, where earlier packets brought some).
  bool restart = false;
  /// The container's clock starts anew with it.
  bool starts_clock = false;
  /// To find it again after a seek: AVPacket::dts, pos and size.
  std::int64_t decoding_time = AV_NOPTS_VALUE;
  std::int64_t position = -1;
  int size = 0;
  /// For how many ticks its picture is shown; 0 if the container does not say.
  std::int64_t duration = 0;
};

struct PacketScan {
  /// Every packet of the video stream, in the order of the file.
  std::vector<ScannedPacket> packets;
  Timeline timeline;
  /// Frames that the file should have: those of its packets, and, of MP4 and its kin, those that
  /// its index names and that are not there.
  std::size_t promised = 0;
  /// How a decoded frame finds its place in the timeline: by its timestamp, or,
  /// where the container has none (AVI with B-frames) or they repeat, by its
  /// number in the order of output.
  bool by_timestamp = true;
  /// Does the container's clock go through the file without starting anew? Only then can a place
  /// be found by its time.
  bool one_clock = true;
  AVCodecID codec = AV_CODEC_ID_NONE;
};

/// Reads all packets, hands each to `keep`, which may move it away, and decodes none. What headers
/// say of duration and number of frames is not looked at: it is often wrong. Throws ClipError when
/// the timestamps span more than `max_duration` seconds or nothing comes for too long, and
/// Cancelled.
[[nodiscard]] PacketScan scan_packets(Demuxer& demuxer, double max_duration, StallGuard& guard,
                                      const std::function<void(AVPacket&)>& keep = {});

/// Seconds from the first frame to the end of the last.
[[nodiscard]] double duration_of(const Timeline& timeline);

/// Is it present, and not so large that only damage explains it?
[[nodiscard]] bool is_usable(std::int64_t timestamp) noexcept;

/// The same times, each at least one tick after the one before.
[[nodiscard]] std::vector<std::int64_t> strictly_ascending(std::vector<std::int64_t> times);

}  // namespace vidclass::video

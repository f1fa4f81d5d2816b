// Where in a stream decoding may start afresh.
#pragma once

#include <cstdint>
#include <span>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// Looks at the packets of one stream in the order of the file.
class RestartFinder {
public:
  explicit RestartFinder(const AVCodecParameters& stream);

  /// Does a decoder that starts at this packet give every picture shown from its own
  /// presentation time on as if it had decoded all before? True of H.264's IDR pictures
  /// (ISO/IEC 14496-10, 7.4.1.2.4), HEVC's IDR, BLA and CRA pictures (ISO/IEC 23008-2,
  /// 7.4.2.2), key frames of VP8, VP9 and AV1, and every picture of codecs that know no
  /// others; with H.264 and HEVC only if its parameter sets come with it, or none came in
  /// earlier packets.
  [[nodiscard]] bool may_restart_at(const AVPacket& packet);

private:
  [[nodiscard]] bool starts_with_random_access_picture(std::span<const std::uint8_t> data);

  AVCodecID codec_;
  bool every_packet_ = false;
  int length_bytes_ = 0;  // before each NAL unit; 0: start codes
  bool sets_seen_ = false;
};

}  // namespace vidclass::video

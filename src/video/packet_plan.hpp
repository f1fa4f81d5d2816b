// Which packets need not be decoded to get the wanted frames.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "video/packet_scan.hpp"

namespace vidclass::video {

enum class PacketUse : std::uint8_t {
  decode,
  /// Needed only if other pictures refer to it.
  reference_only,
  drop,
  /// As decode, after what the decoder still holds has come out: packets before it that it
  /// would need were dropped, and it needs none of them.
  restart,
};

/// What to do with each of `scan.packets` so that the frames at `wanted` (as
/// plan_frames() gives them) come out bit for bit as if all had been decoded, unless
/// FrameReader::damaged(): a decoder hides damage with whatever it decoded before.
/// Empty: decode all.
///
/// MPEG-4 part 2 without reordering: pictures after the last wanted one and before
/// the next intra picture are dropped, since a prediction reaches back to the
/// picture before and never past an intra picture; intra pictures stay where the stream's
/// headers may come with them and not with the next one decoded. Codecs that RestartFinder knows:
/// from one restart to the next, packets after the last wanted one are dropped. H.264: unwanted
/// pictures that no other refers to are left out. Other codecs: all are decoded.
[[nodiscard]] std::vector<PacketUse> plan_packets(const PacketScan& scan,
                                                  std::span<const std::int64_t> wanted);

}  // namespace vidclass::video

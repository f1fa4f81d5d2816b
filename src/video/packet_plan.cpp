#include "video/packet_plan.hpp"

#include <algorithm>
#include <cstddef>

namespace vidclass::video {
namespace {

bool in_order_of_presentation(std::span<const ScannedPacket> packets) {
  return std::all_of(packets.begin(), packets.end(), [](const auto& p) { return p.shown; }) &&
         std::is_sorted(packets.begin(), packets.end(),
                        [](const auto& a, const auto& b) { return a.time < b.time; });
}

}  // namespace

std::vector<PacketUse> plan_packets(const PacketScan& scan, std::span<const std::int64_t> wanted) {
  // Without timestamps the frames are counted, so all of them have to come out.
  if (!scan.by_timestamp) return {};
  const std::span<const ScannedPacket> packets = scan.packets;
  const auto is_wanted = [&](const ScannedPacket& packet) {
    return packet.shown && std::binary_search(wanted.begin(), wanted.end(), packet.time);
  };

  if (scan.codec == AV_CODEC_ID_H264) {
    std::vector<PacketUse> uses(packets.size(), PacketUse::reference_only);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (is_wanted(packets[i])) uses[i] = PacketUse::decode;
    }
    return uses;
  }
  if (scan.codec == AV_CODEC_ID_MPEG4 && in_order_of_presentation(packets)) {
    std::vector<PacketUse> uses(packets.size(), PacketUse::decode);
    bool needed = false;
    for (std::size_t i = packets.size(); i-- > 0;) {
      needed = needed || is_wanted(packets[i]);
      // Intra pictures stay: the stream's headers may come with them.
      if (!needed && !packets[i].intra) uses[i] = PacketUse::drop;
      if (packets[i].intra) needed = false;
    }
    return uses;
  }
  return {};
}

}  // namespace vidclass::video

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

/// From the last restart to the first: what is wanted of the pictures that follow it needs
/// all packets in between. A wanted picture that is shown before the restart it follows
/// (leading pictures, of open groups) needs what stands before that restart too.
template <typename IsWanted>
std::vector<PacketUse> plan_between_restarts(std::span<const ScannedPacket> packets,
                                             const IsWanted& is_wanted) {
  std::vector<PacketUse> uses(packets.size(), PacketUse::drop);
  bool needed = false;
  std::int64_t earliest = 0;  // time of the wanted pictures since the next restart
  for (std::size_t i = packets.size(); i-- > 0;) {
    if (is_wanted(packets[i])) {
      earliest = needed ? std::min(earliest, packets[i].time) : packets[i].time;
      needed = true;
    }
    if (!needed) continue;
    uses[i] = PacketUse::decode;
    if (i > 0 && packets[i].restart && packets[i].time != AV_NOPTS_VALUE &&
        packets[i].time <= earliest) {
      uses[i] = PacketUse::restart;
      needed = false;
    }
  }
  for (std::size_t i = 1; i < uses.size(); ++i) {
    if (uses[i] == PacketUse::restart && uses[i - 1] != PacketUse::drop) {
      uses[i] = PacketUse::decode;
    }
  }
  return uses;
}

}  // namespace

std::vector<PacketUse> plan_packets(const PacketScan& scan, std::span<const std::int64_t> wanted) {
  // Without timestamps the frames are counted, so all of them have to come out.
  if (!scan.by_timestamp) return {};
  const std::span<const ScannedPacket> packets = scan.packets;
  const auto is_wanted = [&](const ScannedPacket& packet) {
    return packet.shown && std::binary_search(wanted.begin(), wanted.end(), packet.time);
  };

  if (scan.codec == AV_CODEC_ID_MPEG4 && in_order_of_presentation(packets)) {
    std::vector<PacketUse> uses(packets.size(), PacketUse::decode);
    bool needed = false;
    bool headers_follow = true;  // what is decoded next brings its own, or nothing is
    for (std::size_t i = packets.size(); i-- > 0;) {
      needed = needed || is_wanted(packets[i]);
      if (!needed && (headers_follow || !packets[i].intra)) {
        uses[i] = PacketUse::drop;
      } else if (packets[i].intra) {
        headers_follow = packets[i].restart;
      }
      if (packets[i].intra) needed = false;
    }
    return uses;
  }
  if (scan.codec == AV_CODEC_ID_MPEG4) return {};
  const bool has_restarts =
      std::any_of(packets.begin(), packets.end(), [](const auto& p) { return p.restart; });
  if (!has_restarts && scan.codec != AV_CODEC_ID_H264) return {};
  std::vector<PacketUse> uses = plan_between_restarts(packets, is_wanted);
  if (scan.codec == AV_CODEC_ID_H264) {
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (uses[i] == PacketUse::decode && !is_wanted(packets[i])) {
        uses[i] = PacketUse::reference_only;
      }
    }
    return uses;
  }
  const bool all =
      std::all_of(uses.begin(), uses.end(), [](PacketUse use) { return use == PacketUse::decode; });
  return all ? std::vector<PacketUse>() : uses;
}

}  // namespace vidclass::video

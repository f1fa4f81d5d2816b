#include "video/packet_scan.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "vidclass/error.hpp"
#include "video/restart.hpp"
#include "video/stretch.hpp"

namespace vidclass::video {
namespace {

/// Timestamps beyond this are damage; the bound keeps differences from overflowing.
constexpr std::int64_t largest_timestamp = std::int64_t{1} << 60;

/// The first VOP in a packet. ISO/IEC 14496-2, 6.2.5: the VOP's start code
/// 00 00 01 B6 is followed by two bits of vop_coding_type, 00 for intra. Read from
/// the stream because an AVI's index may call any picture a key frame.
struct Mpeg4Picture {
  bool intra = false;
  /// A video object layer header stands before it (6.2.3: 00 00 01 20 to 2F).
  bool with_headers = false;
};
Mpeg4Picture look_at_mpeg4(std::span<const std::uint8_t> data) {
  Mpeg4Picture picture;
  for (std::size_t i = 0; i + 4 < data.size(); ++i) {
    if (data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 1) continue;
    if (data[i + 3] >> 4 == 2) picture.with_headers = true;
    if (data[i + 3] == 0xB6) {
      picture.intra = (data[i + 4] >> 6) == 0;
      break;
    }
  }
  return picture;
}

bool is_encrypted(const AVPacket& packet) {
  return av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr;
}

/// Encoders of MPEG-4 for AVI write packets of at most a byte for frames that
/// they dropped, and nothing comes out of those; packets flagged so are decoded
/// but, by an edit list, not shown. Joined Ogg files bring the headers of Theora once more, which
/// begin with a bit that is set (Theora specification, 6.1).
bool gives_picture(const AVPacket& packet, AVCodecID codec) {
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return false;
  if (codec == AV_CODEC_ID_THEORA && packet.size > 0) return (packet.data[0] & 0x80) == 0;
  return codec != AV_CODEC_ID_MPEG4 || packet.size > 1;
}

std::size_t shown_of(const PacketScan& scan) {
  return static_cast<std::size_t>(std::count_if(scan.packets.begin(), scan.packets.end(),
                                                [](const auto& packet) { return packet.shown; }));
}

/// Other containers' indices name only places to seek to, or are often wrong.
std::size_t missing_from_index(const Demuxer& demuxer, std::size_t packets) {
  if (!std::string_view(demuxer.format().iformat->name).starts_with("mov,")) return 0;
  const int entries = avformat_index_get_entries_count(&demuxer.stream());
  const auto named = static_cast<std::size_t>(std::max(entries, 0));
  return named > packets ? named - packets : 0;
}

/// The presentation times if all frames that are shown have one, else the decoding times.
std::optional<PacketClock> clock_of(const PacketScan& scan) {
  for (const PacketClock clock : {&ScannedPacket::time, &ScannedPacket::decoding_time}) {
    if (std::all_of(scan.packets.begin(), scan.packets.end(), [&](const ScannedPacket& packet) {
          return !packet.shown || is_usable(packet.*clock);
        })) {
      return clock;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_usable(std::int64_t timestamp) noexcept {
  return timestamp != AV_NOPTS_VALUE && timestamp > -largest_timestamp &&
         timestamp < largest_timestamp;
}

std::vector<std::int64_t> strictly_ascending(std::vector<std::int64_t> times) {
  for (std::size_t i = 1; i < times.size(); ++i) times[i] = std::max(times[i], times[i - 1] + 1);
  return times;
}

double duration_of(const Timeline& timeline) {
  if (timeline.times.empty()) return 0;
  return static_cast<double>(timeline.times.back() - timeline.times.front() +
                             timeline.last_duration) *
         timeline.tick;
}

PacketScan scan_packets(Demuxer& demuxer, double max_duration, StallGuard& guard,
                        const std::function<void(AVPacket&)>& keep) {
  PacketScan scan;
  scan.codec = demuxer.stream().codecpar->codec_id;
  const AVRational time_base = demuxer.stream().time_base;
  const AVRational rate = demuxer.frame_rate();
  const double tick = av_q2d(time_base);
  RestartFinder restarts(*demuxer.stream().codecpar);
  const bool clock_is_set = clock_may_be_set(*demuxer.format().iformat);
  std::int64_t earliest = largest_timestamp;
  std::int64_t latest = -largest_timestamp;
  bool mpeg4_headers_seen = false;

  const auto require_duration = [&](double seconds) {
    if (seconds <= max_duration) return;
    std::ostringstream text;
    text << "lasts " << seconds << " s or more, and " << max_duration
         << " s is the limit (max-duration)";
    throw ClipError(demuxer.path(), text.str());
  };

  const Owned<AVPacket> packet = make_packet();
  while (demuxer.read(*packet)) {
    guard.progress();
    if (is_encrypted(*packet)) throw ClipError(demuxer.path(), "it is encrypted");
    if (scan.packets.size() % 64 == 0) guard.check(demuxer.path());
    ScannedPacket entry;
    entry.shown = gives_picture(*packet, scan.codec);
    if (is_usable(packet->pts)) entry.time = packet->pts;
    if (scan.codec == AV_CODEC_ID_MPEG4) {
      const Mpeg4Picture picture =
          look_at_mpeg4({packet->data, static_cast<std::size_t>(packet->size)});
      entry.intra = picture.intra;
      entry.restart = picture.intra && (picture.with_headers || !mpeg4_headers_seen);
      mpeg4_headers_seen = mpeg4_headers_seen || picture.with_headers;
    } else {
      entry.restart = restarts.may_restart_at(*packet);
    }
    entry.decoding_time = packet->dts;
    entry.duration = packet->duration;
    entry.position = packet->pos;
    entry.size = packet->size;
    const std::int64_t time = entry.time != AV_NOPTS_VALUE ? entry.time : entry.decoding_time;
    if (entry.shown && is_usable(time) && !clock_is_set) {
      // Never more than it lasts: a clock that starts anew is behind for a while.
      if (latest < earliest) earliest = time;
      latest = std::max(latest, time);
      require_duration(static_cast<double>(latest - earliest) * tick);
    }
    scan.packets.push_back(entry);
    if (keep) keep(*packet);
  }
  // A read that was interrupted looks like the end.
  guard.check(demuxer.path());

  scan.promised = shown_of(scan) + missing_from_index(demuxer, scan.packets.size());
  Timeline& timeline = scan.timeline;
  scan.one_clock = find_stretches(scan.packets, scan.codec, clock_is_set, tick) == 1;
  const std::optional<PacketClock> clock = clock_of(scan);
  if (!clock) {
    scan.by_timestamp = false;
    timeline.times.resize(shown_of(scan));
    std::iota(timeline.times.begin(), timeline.times.end(), std::int64_t{0});
    timeline.tick = rate.num > 0 ? av_q2d(av_inv_q(rate)) : 1.0 / 25;
    require_duration(duration_of(timeline));
    return scan;
  }
  timeline.tick = tick;
  const std::int64_t frame = rate.num > 0 ? av_rescale_q(1, av_inv_q(rate), time_base) : 0;
  timeline.last_duration = join_stretches(scan.packets, *clock, std::max<std::int64_t>(1, frame));
  for (const ScannedPacket& entry : scan.packets) {
    if (entry.shown) timeline.times.push_back(entry.*(*clock));
  }
  std::sort(timeline.times.begin(), timeline.times.end());
  scan.by_timestamp =
      *clock == &ScannedPacket::time &&
      std::adjacent_find(timeline.times.begin(), timeline.times.end()) == timeline.times.end();
  timeline.times = strictly_ascending(std::move(timeline.times));
  if (!timeline.times.empty()) {
    require_duration(static_cast<double>(timeline.times.back() - timeline.times.front()) * tick);
  }
  return scan;
}

}  // namespace vidclass::video

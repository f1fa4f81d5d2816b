// The packets of a clip, as often as they are wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "video/demuxer.hpp"
#include "video/limits.hpp"
#include "video/packet_scan.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {

/// Reads a file, or its bytes, once for its scan. Packets of small files stay in memory; those of
/// large ones are read again, with a seek where many are passed over. One thread at a time.
class PacketSource {
public:
  /// How it saves time; none of it changes what is read.
  struct Tuning {
    std::int64_t most_kept = std::int64_t{16} << 20;     // bytes of packets kept in memory
    std::int64_t shortest_seek = std::int64_t{4} << 20;  // bytes: reading on is as quick
  };

  /// `guard` must outlive it. Throws ClipError when the file does not open, lasts longer than
  /// Limits::max_duration or stalls, and Cancelled.
  PacketSource(const ClipSource& source, const Limits& limits, StallGuard& guard,
               const Tuning& tuning);
  PacketSource(const ClipSource& source, const Limits& limits, StallGuard& guard)
      : PacketSource(source, limits, guard, Tuning{}) {}

  [[nodiscard]] const PacketScan& scan() const noexcept { return scan_; }
  [[nodiscard]] const Demuxer& demuxer() const noexcept { return *demuxer_; }

  /// The packet of this place in scan().packets comes next. Throws ClipError as the
  /// constructor does.
  void go_to(std::size_t index);
  /// The next packet, valid until the next call of read() or go_to(); null at the end, and
  /// where the file breaks off.
  [[nodiscard]] const AVPacket* read();

private:
  void reopen();
  [[nodiscard]] bool seek(std::size_t index);

  ClipSource source_;
  DecoderList decoders_;
  StallGuard& guard_;
  Tuning tuning_;
  std::optional<Demuxer> demuxer_;
  PacketScan scan_;
  std::vector<Owned<AVPacket>> kept_;
  bool all_kept_ = false;
  std::size_t next_ = 0;
  Owned<AVPacket> packet_ = make_packet();
  bool found_ = false;  // packet_ was found by seek() and is to be read next
};

}  // namespace vidclass::video

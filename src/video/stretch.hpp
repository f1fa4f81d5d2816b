// Recordings whose clock starts anew on the way.
#pragma once

#include <cstdint>
#include <span>

#include "video/ffmpeg.hpp"
#include "video/packet_scan.hpp"

namespace vidclass::video {

/// Containers of broadcasts and streams, whose clock may be set to another time anywhere.
[[nodiscard]] bool clock_may_be_set(const AVInputFormat& container) noexcept;

/// Cuts the packets of a stream into stretches of one clock each, marking those with
/// ScannedPacket::starts_clock that a stretch begins with: recordings joined end to end, and
/// streams whose clock was set or lost on the way. That is
/// - where decoding restarts at a picture that is shown before one that came earlier, as in no
///   stream of one clock;
/// - where more pictures that came earlier are shown later than a decoder puts into order;
/// - if the clock `may_be_set`, where decoding times go back by more than rounding explains, or
///   leap over more than a second and ten times the usual step.
/// `tick`: seconds. Returns the number of stretches.
std::size_t find_stretches(std::span<ScannedPacket> packets, AVCodecID codec, bool may_be_set,
                           double tick);

/// Which time of a packet tells when its picture is shown.
using PacketClock = std::int64_t ScannedPacket::*;

/// Moves the times of each stretch so that it begins where the one before it ends. `frame`: ticks,
/// how long a frame is shown whose packet does not say. Returns it of the last one.
std::int64_t join_stretches(std::span<ScannedPacket> packets, PacketClock clock,
                            std::int64_t frame);

}  // namespace vidclass::video

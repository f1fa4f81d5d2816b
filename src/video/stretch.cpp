#include "video/stretch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace vidclass::video {
namespace {

constexpr double longest_gap = 1.0;  // seconds
constexpr double steps_of_gap = 10;  // where frames come less often
/// Encoders that round each time by itself step back by a millisecond or two. The ffmpeg program
/// allows as much.
constexpr double rounding = 0.1;  // seconds
/// No decoder of FFmpeg holds more pictures to put them into order (ISO/IEC 14496-10, A.3.1:
/// MaxDpbFrames is 16).
constexpr std::size_t most_reordered = 16;

bool puts_in_order(AVCodecID codec) {
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
  return !descriptor || (descriptor->props & AV_CODEC_PROP_REORDER) != 0;
}

std::int64_t decoding_time_of(const ScannedPacket& packet) {
  return is_usable(packet.decoding_time) ? packet.decoding_time : packet.time;
}

/// The latest presentation times of a stretch, the last first.
class LatestTimes {
public:
  /// `reordered`: how many pictures may be shown later than one that comes after them.
  explicit LatestTimes(std::size_t reordered) : reordered_(reordered) {}

  [[nodiscard]] bool are_behind(const ScannedPacket& packet) const {
    if (!is_usable(packet.time) || count_ == 0) return false;
    if ((packet.restart || packet.intra) && packet.time < times_[0]) return true;
    return count_ > reordered_ && packet.time < times_[reordered_];
  }
  void add(std::int64_t time) {
    if (!is_usable(time)) return;
    std::size_t place = std::min(count_, times_.size() - 1);
    if (count_ == times_.size() && time <= times_[place]) return;
    for (; place > 0 && times_[place - 1] < time; --place) times_[place] = times_[place - 1];
    times_[place] = time;
    count_ = std::min(count_ + 1, times_.size());
  }
  void clear() { count_ = 0; }

private:
  std::size_t reordered_;
  std::size_t count_ = 0;
  std::array<std::int64_t, most_reordered + 1> times_{};
};

/// Ticks from a packet's decoding time to the next one's, as most have it.
std::int64_t usual_step(std::span<const ScannedPacket> packets) {
  std::vector<std::int64_t> steps;
  std::optional<std::int64_t> last;
  for (const ScannedPacket& packet : packets) {
    const std::int64_t time = decoding_time_of(packet);
    if (!packet.shown || !is_usable(time)) continue;
    if (last && time > *last) steps.push_back(time - *last);
    last = time;
  }
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Tells where decoding times are set to others, if they may be.
class SetClock {
public:
  SetClock(std::span<const ScannedPacket> packets, bool may_be_set, double tick)
      : may_be_set_(may_be_set),
        forward_(
            std::max(longest_gap / tick, steps_of_gap * static_cast<double>(usual_step(packets)))),
        back_(rounding / tick) {}

  [[nodiscard]] bool is_set_at(std::int64_t time) const {
    if (!may_be_set_ || !is_usable(time) || last_ == AV_NOPTS_VALUE) return false;
    const auto step = static_cast<double>(time - last_);
    return step < -back_ || step > forward_;
  }
  void add(std::int64_t time) {
    if (is_usable(time)) last_ = std::max(time, last_);  // AV_NOPTS_VALUE is the least
  }
  void clear() { last_ = AV_NOPTS_VALUE; }

private:
  bool may_be_set_;
  double forward_;  // ticks
  double back_;
  std::int64_t last_ = AV_NOPTS_VALUE;
};

/// The frames of one clock, from the first to the end of the last, in ticks.
struct Stretch {
  std::int64_t begin = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  std::int64_t last_duration = 0;  // 0: unknown

  void add(std::int64_t time, std::int64_t duration) {
    begin = std::min(begin, time);
    if (time < last) return;
    last = time;
    last_duration = is_usable(duration) ? duration : 0;
  }
};

}  // namespace

bool clock_may_be_set(const AVInputFormat& container) noexcept {
  // FLV carries streams too, and FFmpeg does not mark it.
  const std::string_view name = container.name;
  return (container.flags & AVFMT_TS_DISCONT) != 0 || name == "flv" || name == "live_flv";
}

std::size_t find_stretches(std::span<ScannedPacket> packets, AVCodecID codec, bool may_be_set,
                           double tick) {
  LatestTimes latest(puts_in_order(codec) ? most_reordered : 0);
  SetClock clock(packets, may_be_set, tick);
  std::size_t stretches = 1;
  for (ScannedPacket& packet : packets) {
    if (!packet.shown) continue;
    const std::int64_t decoding = decoding_time_of(packet);
    packet.starts_clock = latest.are_behind(packet) || clock.is_set_at(decoding);
    if (packet.starts_clock) {
      ++stretches;
      latest.clear();
      clock.clear();
    }
    latest.add(packet.time);
    clock.add(decoding);
  }
  return stretches;
}

std::int64_t join_stretches(std::span<ScannedPacket> packets, PacketClock clock,
                            std::int64_t frame) {
  std::int64_t duration = frame;
  std::optional<std::int64_t> end;
  for (std::size_t first = 0; first < packets.size();) {
    Stretch stretch;
    std::size_t last = first;
    do {
      const ScannedPacket& packet = packets[last++];
      if (packet.shown && is_usable(packet.*clock)) stretch.add(packet.*clock, packet.duration);
    } while (last < packets.size() && !packets[last].starts_clock);
    const bool empty = stretch.begin > stretch.last;
    const std::int64_t offset = end && !empty ? *end - stretch.begin : 0;
    for (; first < last; ++first) {
      if (is_usable(packets[first].*clock)) packets[first].*clock += offset;
    }
    if (empty) continue;
    duration = stretch.last_duration > 0 ? stretch.last_duration : frame;
    end = stretch.last + offset + duration;
  }
  return duration;
}

}  // namespace vidclass::video

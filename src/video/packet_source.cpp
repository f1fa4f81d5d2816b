#include "video/packet_source.hpp"

#include <utility>

#include "vidclass/error.hpp"

namespace vidclass::video {
namespace {

/// Where a seek ends short of the packet, it is at most this many packets short.
constexpr int most_passed_over = 2000;

}  // namespace

PacketSource::PacketSource(const ClipSource& source, const Limits& limits, StallGuard& guard,
                           const Tuning& tuning)
    : source_(source), decoders_(limits.allow_codecs), guard_(guard), tuning_(tuning) {
  demuxer_.emplace(source_, &guard_, decoders_);
  std::int64_t bytes = 0;
  scan_ = scan_packets(*demuxer_, limits.max_duration, guard_, [&](AVPacket& packet) {
    bytes += packet.size;
    if (bytes > tuning_.most_kept) {
      kept_.clear();
      return;
    }
    av_packet_move_ref(kept_.emplace_back(make_packet()).get(), &packet);
  });
  all_kept_ = bytes <= tuning_.most_kept;
  next_ = scan_.packets.size();
}

void PacketSource::go_to(std::size_t index) {
  if (index == next_) return;
  if (all_kept_) {
    next_ = index;
    return;
  }
  if (seek(index)) return;
  if (index < next_) reopen();
  while (next_ < index && read()) {
    guard_.progress();
    guard_.check(source_.path);
  }
}

const AVPacket* PacketSource::read() {
  const std::size_t index = next_++;
  AVPacket* packet = packet_.get();
  if (all_kept_) {
    if (index >= kept_.size()) return nullptr;
    packet = kept_[index].get();
  } else if (found_) {
    found_ = false;
  } else if (!demuxer_->read(*packet)) {
    return nullptr;
  }
  // After a seek, a demuxer may make up other times than it did on the first way through; and the
  // scan puts stretches of several clocks one after the other.
  if (scan_.by_timestamp && index < scan_.packets.size()) packet->pts = scan_.packets[index].time;
  return packet;
}

void PacketSource::reopen() {
  found_ = false;
  demuxer_.emplace(source_, &guard_, decoders_);
  next_ = 0;
}

bool PacketSource::seek(std::size_t index) {
  if (!scan_.one_clock || index == 0 || index >= scan_.packets.size()) return false;
  const ScannedPacket& target = scan_.packets[index];
  if (target.position < 0 || target.decoding_time == AV_NOPTS_VALUE) return false;
  const bool forward = next_ < index;
  if (forward) {
    const std::int64_t from = scan_.packets[next_].position;
    if (from < 0 || target.position - from < tuning_.shortest_seek) return false;
  }
  if (!demuxer_->seek(target.decoding_time)) {
    reopen();
    return false;
  }
  found_ = false;
  for (int passed = 0; passed < most_passed_over && demuxer_->read(*packet_); ++passed) {
    if (packet_->pos == target.position && packet_->size == target.size) {
      found_ = true;
      next_ = index;
      return true;
    }
  }
  reopen();
  return false;
}

}  // namespace vidclass::video

#include "video/packet_source.hpp"

#include <new>
#include <utility>

#include "vidclass/core/error.hpp"

namespace vidclass::video {
namespace {

/// Where a seek ends short of the packet, it is at most this many packets short.
constexpr int most_passed_over = 2000;

}  // namespace

PacketSource::PacketSource(const std::filesystem::path& path, double max_duration,
                           StallGuard& guard, const Tuning& tuning)
    : path_(path), guard_(guard), tuning_(tuning) {
  demuxer_.emplace(path_, &guard_);
  std::int64_t bytes = 0;
  scan_ = scan_packets(*demuxer_, max_duration, guard_, [&](AVPacket& packet) {
    bytes += packet.size;
    if (bytes > tuning_.most_kept) {
      kept_.clear();
      return;
    }
    Owned<AVPacket> copy(av_packet_clone(&packet));
    if (!copy) throw std::bad_alloc();
    kept_.push_back(std::move(copy));
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
  const Owned<AVPacket> passed = make_packet();
  while (next_ < index && read(*passed)) {
    guard_.progress();
    guard_.check(path_);
  }
}

bool PacketSource::read(AVPacket& packet) {
  const std::size_t index = next_++;
  if (all_kept_) {
    if (index >= kept_.size()) return false;
    if (av_packet_ref(&packet, kept_[index].get()) < 0) throw std::bad_alloc();
    return true;
  }
  if (found_) {
    av_packet_move_ref(&packet, found_.get());
    found_.reset();
  } else if (!demuxer_->read(packet)) {
    return false;
  }
  // After a seek, a demuxer may make up other times than it did on the first way through.
  if (scan_.by_timestamp && index < scan_.packets.size()) packet.pts = scan_.packets[index].time;
  return true;
}

void PacketSource::reopen() {
  found_.reset();
  demuxer_.emplace(path_, &guard_);
  next_ = 0;
}

bool PacketSource::seek(std::size_t index) {
  if (index == 0 || index >= scan_.packets.size()) return false;
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
  found_.reset();
  Owned<AVPacket> packet = make_packet();
  for (int passed = 0; passed < most_passed_over && demuxer_->read(*packet); ++passed) {
    if (packet->pos == target.position && packet->size == target.size) {
      found_ = std::move(packet);
      next_ = index;
      return true;
    }
  }
  reopen();
  return false;
}

}  // namespace vidclass::video

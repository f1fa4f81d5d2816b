#include "video/sample.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "vidclass/error.hpp"
#include "video/collector.hpp"
#include "video/decoded_share.hpp"
#include "video/frame_clock.hpp"
#include "video/frame_reader.hpp"
#include "video/given_frames.hpp"
#include "video/packet_plan.hpp"
#include "video/packet_scan.hpp"
#include "video/packet_source.hpp"
#include "video/sample_frame_folder.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {
namespace {

struct Decoded {
  /// Nothing if a wanted frame did not come out.
  std::optional<SampledClip> clip;
  /// The times of the frames that came out, in the order of output.
  std::vector<std::int64_t> times;
  bool damaged = false;
  /// Timestamps contradict the order of output, and it was given up.
  bool disordered = false;
  /// What the decoder last complained of.
  std::string complaint;
};

/// One clip, read as often as it takes.
class ClipSampler {
public:
  ClipSampler(const ClipSource& source, const ClipSettings& settings,
              const CancellationToken& cancel, const Limits& limits, Parts parts)
      : source_(source),
        settings_(settings),
        parts_(parts),
        limits_(limits),
        cancel_(cancel),
        guard_(limits.max_stall, cancel),
        packets_(source, limits, guard_),
        timeline_(packets_.scan().timeline),
        by_timestamp_(packets_.scan().by_timestamp) {}

  SampledClip run() {
    const PacketScan& scan = packets_.scan();
    note_ = judge_share(source_.path, {timeline_.times.size(), scan.promised}, "it breaks off");
    Wanted wanted = plan_clip(timeline_, source_, settings_, parts_);
    const std::vector<PacketUse> uses = plan_packets(scan, wanted.all);
    if (!uses.empty()) {
      Decoded decoded = decode(wanted, uses);
      if (decoded.clip) return *std::move(decoded.clip);
    }
    Decoded decoded = decode(wanted, {});
    if (decoded.disordered) {
      // The decoder knows the order, whatever the timestamps say.
      by_timestamp_ = false;
      decoded = decode(wanted, {});
    }
    if (decoded.clip) return *std::move(decoded.clip);
    if (decoded.times.empty()) {
      throw ClipError(source_.path,
                      "no frame could be decoded" +
                          (decoded.complaint.empty() ? "" : " (" + decoded.complaint + ")"));
    }

    if (decoded.damaged) {
      note_ = judge_share(source_.path, {decoded.times.size(), scan.promised}, decoded.complaint);
    }
    // The packets promised frames that did not come out: plan again with those that did.
    timeline_.times = strictly_ascending(std::move(decoded.times));
    by_timestamp_ = false;
    wanted = plan_clip(timeline_, source_, settings_, parts_);
    decoded = decode(wanted, {});
    if (decoded.clip) return *std::move(decoded.clip);
    throw ClipError(source_.path, "its frames do not decode twice alike; the file may be changing");
  }

private:
  /// Decodes until all of `wanted` are there. With packets left out (`uses`) it gives up
  /// where the clip turns out to be damaged.
  Decoded decode(const Wanted& wanted, const std::vector<PacketUse>& uses) {
    FrameReader reader(packets_, guard_, limits_.max_pixels, uses);
    Collector collector(wanted, settings_, source_.path,
                        orientation_of(packets_.demuxer().stream()));
    FrameClock clock(timeline_, by_timestamp_);
    Decoded decoded;
    while (wanted.all.empty() || !collector.complete()) {
      cancel_.check();
      const AVFrame* frame = reader.next();
      if (!frame || (reader.damaged() && !uses.empty())) {
        decoded.complaint = reader.complaint();
        decoded.damaged = reader.damaged();
        return decoded;
      }
      const std::optional<std::int64_t> time = clock.time_of(*frame);
      const std::int64_t last = decoded.times.empty() ? 0 : decoded.times.back();
      if (by_timestamp_ && time && !decoded.times.empty() && *time < last) {
        decoded.disordered = true;
        return decoded;
      }
      decoded.times.push_back(time ? *time : (decoded.times.empty() ? 0 : last + 1));
      if (time) collector.offer(*frame, *time);
    }
    decoded.clip = std::move(collector).take(timeline_);
    if (!note_.empty()) decoded.clip->note = note_;
    return decoded;
  }

  const ClipSource& source_;
  const ClipSettings& settings_;
  const Parts parts_;
  const Limits& limits_;
  const CancellationToken& cancel_;
  StallGuard guard_;
  PacketSource packets_;
  Timeline timeline_;
  bool by_timestamp_;
  std::string note_;
};

}  // namespace

SampledClip sample_clip(const ClipSource& source, const ClipSettings& settings,
                        const CancellationToken& cancel, const Limits& limits, Parts parts) {
  check(settings);
  cancel.check();
  if (source.frames()) return sample_given_frames(source, settings, cancel, limits, parts);
  if (is_folder(source)) return sample_frame_folder(source, settings, cancel, limits, parts);
  return ClipSampler(source, settings, cancel, limits, parts).run();
}

}  // namespace vidclass::video

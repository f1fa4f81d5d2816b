#include "vidclass/video/sample.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <utility>

#include "vidclass/core/error.hpp"
#include "video/frame_plan.hpp"
#include "video/frame_reader.hpp"
#include "video/packet_plan.hpp"
#include "video/packet_scan.hpp"
#include "video/preprocessor.hpp"

namespace vidclass::video {
namespace {

void check(const ClipSettings& settings) {
  if (settings.frames < 1) {
    throw UsageError("frames is " + std::to_string(settings.frames) + ": it must be at least 1");
  }
  if (settings.size < 1 || settings.size > 8192) {
    throw UsageError("size is " + std::to_string(settings.size) +
                     ": it must be from 1 to 8192 pixels");
  }
}

/// "5 s to 7.5 s"
std::string describe(const ClipSource& source) {
  std::ostringstream text;
  text << source.start << " s to ";
  if (source.end) {
    text << *source.end << " s";
  } else {
    text << "the end";
  }
  return text.str();
}

/// Tells where in a timeline each frame stands that comes out of the decoder.
class FrameClock {
public:
  FrameClock(const Timeline& timeline, bool by_timestamp)
      : timeline_(timeline), by_timestamp_(by_timestamp) {}

  /// Called for every frame in the order of output; nothing for a frame that the
  /// timeline does not have.
  std::optional<std::int64_t> time_of(const AVFrame& frame) {
    const std::size_t index = count_++;
    if (by_timestamp_) {
      const std::int64_t time =
          frame.pts != AV_NOPTS_VALUE ? frame.pts : frame.best_effort_timestamp;
      return is_usable(time) ? std::optional(time) : std::nullopt;
    }
    return index < timeline_.times.size() ? std::optional(timeline_.times[index]) : std::nullopt;
  }

private:
  const Timeline& timeline_;
  bool by_timestamp_;
  std::size_t count_ = 0;
};

/// The wanted frames of a clip, as far as they came out of the decoder.
class Collector {
public:
  Collector(std::vector<std::int64_t> wanted, int size)
      : wanted_(std::move(wanted)),
        missing_(wanted_.size()),
        have_(wanted_.size(), false),
        frames_(DType::u8, {wanted_.size(), static_cast<std::size_t>(size),
                            static_cast<std::size_t>(size), 3}) {}

  /// The place for the frame of this time; empty if it is not wanted or is there.
  std::span<std::uint8_t> place_for(std::int64_t time) {
    const auto found = std::lower_bound(wanted_.begin(), wanted_.end(), time);
    if (found == wanted_.end() || *found != time) return {};
    const auto slot = static_cast<std::size_t>(found - wanted_.begin());
    if (have_[slot]) return {};
    have_[slot] = true;
    --missing_;
    const std::size_t bytes = frames_.size() / wanted_.size();
    return frames_.data<std::uint8_t>().subspan(slot * bytes, bytes);
  }
  [[nodiscard]] bool complete() const noexcept { return missing_ == 0; }
  [[nodiscard]] Tensor take() && { return std::move(frames_); }

private:
  std::vector<std::int64_t> wanted_;
  std::size_t missing_;
  std::vector<bool> have_;
  Tensor frames_;
};

struct Decoded {
  /// Nothing if a wanted frame did not come out.
  std::optional<SampledClip> clip;
  /// The times of the frames that came out, in the order of output.
  std::vector<std::int64_t> times;
  /// What the decoder last complained of.
  std::string complaint;
};

/// Decodes until all of `wanted` are there. With packets left out (`uses`) it gives up
/// where the clip turns out to be damaged.
Decoded decode_wanted(const std::filesystem::path& path, const ClipSettings& settings,
                      const PacketScan& scan, const std::vector<std::int64_t>& wanted,
                      const std::vector<PacketUse>& uses, const CancellationToken& cancel) {
  FrameReader reader(path, uses);
  Preprocessor preprocessor(path, settings.preprocess, settings.size,
                            orientation_of(reader.demuxer().stream()));
  FrameClock clock(scan.timeline, scan.by_timestamp);
  Collector collector(wanted, settings.size);
  Decoded decoded;
  while (wanted.empty() || !collector.complete()) {
    cancel.check();
    const AVFrame* frame = reader.next();
    if (!frame || (reader.damaged() && !uses.empty())) {
      decoded.complaint = reader.complaint();
      return decoded;
    }
    const std::optional<std::int64_t> time = clock.time_of(*frame);
    decoded.times.push_back(time ? *time : (decoded.times.empty() ? 0 : decoded.times.back() + 1));
    if (!time) continue;
    const std::span<std::uint8_t> place = collector.place_for(*time);
    if (!place.empty()) preprocessor.run(*frame, place);
  }

  SampledClip& clip = decoded.clip.emplace();
  clip.frames = std::move(collector).take();
  for (const std::int64_t time : wanted) {
    clip.times.push_back(static_cast<double>(time - scan.timeline.times.front()) *
                         scan.timeline.tick);
  }
  return decoded;
}

}  // namespace

SampledClip sample_clip(const ClipSource& source, const ClipSettings& settings,
                        const CancellationToken& cancel) {
  const std::filesystem::path& path = source.path;
  check(settings);
  cancel.check();
  PacketScan scan;
  {
    Demuxer demuxer(path);
    scan = scan_packets(demuxer, cancel);
  }
  const auto plan = [&] {
    const Timeline span = span_of(scan.timeline, source.start, source.end);
    if (span.times.empty() && !scan.timeline.times.empty()) {
      throw ClipError(path, "no frame in its span from " + describe(source));
    }
    return plan_frames(span, settings.sampling, settings.frames);
  };
  std::vector<std::int64_t> wanted = plan();
  const std::vector<PacketUse> uses = plan_packets(scan, wanted);
  if (!uses.empty()) {
    Decoded decoded = decode_wanted(path, settings, scan, wanted, uses, cancel);
    if (decoded.clip) return *std::move(decoded.clip);
  }
  Decoded decoded = decode_wanted(path, settings, scan, wanted, {}, cancel);
  if (decoded.clip) return *std::move(decoded.clip);
  if (decoded.times.empty()) {
    throw ClipError(path, "no frame could be decoded" +
                              (decoded.complaint.empty() ? "" : " (" + decoded.complaint + ")"));
  }

  // The packets promised frames that did not come out: plan again with those that did.
  scan.timeline.times = strictly_ascending(std::move(decoded.times));
  scan.by_timestamp = false;
  wanted = plan();
  decoded = decode_wanted(path, settings, scan, wanted, {}, cancel);
  if (decoded.clip) return *std::move(decoded.clip);
  throw ClipError(path, "its frames do not decode twice alike; the file may be changing");
}

}  // namespace vidclass::video

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
#include "video/motion_map.hpp"
#include "video/packet_plan.hpp"
#include "video/packet_scan.hpp"
#include "video/preprocessor.hpp"

namespace vidclass::video {
namespace {

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

/// What is wanted of a clip.
struct Wanted {
  std::vector<std::int64_t> kept;               // times of the frames to keep
  std::vector<std::vector<std::size_t>> views;  // as FramePlan has them
  std::vector<std::int64_t> neighbours;         // one a kept frame, or none: no motion maps
  std::vector<std::int64_t> all;                // both, strictly ascending
};

Wanted plan(const Timeline& timeline, const ClipSettings& settings) {
  FramePlan plan = plan_frames(at_rate(timeline, settings.fps), settings);
  Wanted wanted{
      .kept = std::move(plan.times), .views = std::move(plan.views), .neighbours = {}, .all = {}};
  if (settings.motion_grid > 0) wanted.neighbours = neighbours_of(timeline, wanted.kept);
  wanted.all = wanted.kept;
  wanted.all.insert(wanted.all.end(), wanted.neighbours.begin(), wanted.neighbours.end());
  std::sort(wanted.all.begin(), wanted.all.end());
  wanted.all.erase(std::unique(wanted.all.begin(), wanted.all.end()), wanted.all.end());
  return wanted;
}

/// The place of `time` in ascending `times`; nothing if it is not there.
std::optional<std::size_t> place_of(std::int64_t time, const std::vector<std::int64_t>& times) {
  const auto found = std::lower_bound(times.begin(), times.end(), time);
  if (found == times.end() || *found != time) return std::nullopt;
  return static_cast<std::size_t>(found - times.begin());
}

/// The wanted frames of a clip, as far as they came out of the decoder.
class Collector {
public:
  Collector(const Wanted& wanted, const ClipSettings& settings, Preprocessor preprocessor,
            Thumbnailer thumbnailer)
      : wanted_(wanted),
        grid_(static_cast<std::size_t>(settings.motion_grid)),
        preprocessor_(std::move(preprocessor)),
        thumbnailer_(std::move(thumbnailer)),
        missing_(wanted.all.size()),
        have_(wanted.all.size(), false),
        frames_(DType::u8, {wanted.kept.size(), static_cast<std::size_t>(settings.size),
                            static_cast<std::size_t>(settings.size), 3}),
        thumbnails_(wanted.neighbours.empty() ? 0 : wanted.all.size()) {}

  /// Takes the frame of this time if it is wanted and not there yet.
  void offer(const AVFrame& frame, std::int64_t time) {
    const std::optional<std::size_t> place = place_of(time, wanted_.all);
    if (!place || have_[*place]) return;
    have_[*place] = true;
    --missing_;
    if (const auto slot = place_of(time, wanted_.kept)) {
      const std::size_t bytes = frames_.size() / wanted_.kept.size();
      preprocessor_.run(frame, frames_.data<std::uint8_t>().subspan(*slot * bytes, bytes));
    }
    if (!thumbnails_.empty()) thumbnails_[*place] = thumbnailer_.run(frame);
  }
  [[nodiscard]] bool complete() const noexcept { return missing_ == 0; }

  [[nodiscard]] SampledClip take(const Timeline& timeline) && {
    SampledClip clip;
    clip.frames = std::move(frames_);
    clip.views = wanted_.views;
    for (const std::int64_t time : wanted_.kept) {
      clip.times.push_back(static_cast<double>(time - timeline.times.front()) * timeline.tick);
    }
    if (!thumbnails_.empty()) clip.motion = motion_maps();
    return clip;
  }

private:
  [[nodiscard]] Tensor motion_maps() const {
    Tensor maps(DType::f32, {wanted_.kept.size(), grid_, grid_});
    const std::size_t cells = grid_ * grid_;
    for (std::size_t i = 0; i < wanted_.kept.size(); ++i) {
      motion_map(thumbnail_of(wanted_.kept[i]), thumbnail_of(wanted_.neighbours[i]), grid_,
                 maps.data<float>().subspan(i * cells, cells));
    }
    return maps;
  }
  [[nodiscard]] std::span<const std::uint8_t> thumbnail_of(std::int64_t time) const {
    return thumbnails_[place_of(time, wanted_.all).value()];
  }

  const Wanted& wanted_;
  std::size_t grid_;
  Preprocessor preprocessor_;
  Thumbnailer thumbnailer_;
  std::size_t missing_;
  std::vector<bool> have_;  // one each of Wanted::all
  Tensor frames_;
  std::vector<std::vector<std::uint8_t>> thumbnails_;  // one each of Wanted::all, or none
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
                      const PacketScan& scan, const Wanted& wanted,
                      const std::vector<PacketUse>& uses, const CancellationToken& cancel) {
  FrameReader reader(path, uses);
  const Orientation of_stream = orientation_of(reader.demuxer().stream());
  Collector collector(wanted, settings,
                      Preprocessor(path, settings.preprocess, settings.size, of_stream),
                      Thumbnailer(path, settings.motion_grid, of_stream));
  FrameClock clock(scan.timeline, scan.by_timestamp);
  Decoded decoded;
  while (wanted.all.empty() || !collector.complete()) {
    cancel.check();
    const AVFrame* frame = reader.next();
    if (!frame || (reader.damaged() && !uses.empty())) {
      decoded.complaint = reader.complaint();
      return decoded;
    }
    const std::optional<std::int64_t> time = clock.time_of(*frame);
    decoded.times.push_back(time ? *time : (decoded.times.empty() ? 0 : decoded.times.back() + 1));
    if (time) collector.offer(*frame, *time);
  }
  decoded.clip = std::move(collector).take(scan.timeline);
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
  const auto plan_span = [&] {
    const Timeline span = span_of(scan.timeline, source.start, source.end);
    if (span.times.empty() && !scan.timeline.times.empty()) {
      throw ClipError(path, "no frame in its span from " + describe(source));
    }
    return plan(span, settings);
  };
  Wanted wanted = plan_span();
  const std::vector<PacketUse> uses = plan_packets(scan, wanted.all);
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
  wanted = plan_span();
  decoded = decode_wanted(path, settings, scan, wanted, {}, cancel);
  if (decoded.clip) return *std::move(decoded.clip);
  throw ClipError(path, "its frames do not decode twice alike; the file may be changing");
}

}  // namespace vidclass::video

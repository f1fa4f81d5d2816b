#include "video/given_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "video/collector.hpp"
#include "video/frame_folder.hpp"
#include "video/packet_scan.hpp"

namespace vidclass::video {
namespace {

/// A multiple of all usual frame rates (24, 25, 30, 50, 60, these / 1.001, ...) and time bases, so
/// that frames at such a rate are exactly as far from each other as in a file.
constexpr double ticks_a_second = 1'411'200'000;

}  // namespace

GivenFrames::GivenFrames(const ClipSource& source, const Limits& limits) : given_(source.frames()) {
  silence_ffmpeg();
  const Shape& shape = given_->pixels.shape();
  require_pixels(source.path, static_cast<std::int64_t>(shape[2]),
                 static_cast<std::int64_t>(shape[1]), limits.max_pixels);
  timeline_.tick = 1 / ticks_a_second;
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < size(); ++i) times.push_back(std::llround(time(i) * ticks_a_second));
  timeline_.times = strictly_ascending(std::move(times));
  const auto& ticks = timeline_.times;
  timeline_.last_duration = ticks.size() > 1 ? ticks.back() - ticks[ticks.size() - 2]
                                             : std::llround(ticks_a_second / frame_folder_rate);
  require_duration(source.path, duration_of(timeline_), limits.max_duration);
}

Owned<AVFrame> GivenFrames::frame(std::size_t place) const {
  Owned<AVFrame> frame = make_picture(width(), height(), AV_PIX_FMT_RGB24);
  const std::size_t bytes = given_->pixels.size() / size();
  copy_rgb(given_->pixels.data<std::uint8_t>().subspan(place * bytes, bytes).data(), *frame);
  return frame;
}

SampledClip sample_given_frames(const ClipSource& source, const ClipSettings& settings,
                                const CancellationToken& cancel, const Limits& limits,
                                Parts parts) {
  const GivenFrames frames(source, limits);
  const std::vector<std::int64_t>& times = frames.timeline().times;
  const auto place_of = [&](std::int64_t time) {
    return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) -
                                    times.begin());
  };
  const Wanted wanted = plan_clip(frames.timeline(), source, settings, parts);
  Collector collector(wanted, settings, source.path, Orientation{});
  for (const std::int64_t time : wanted.all) {
    cancel.check();
    collector.offer(*frames.frame(place_of(time)), time);
  }
  SampledClip clip = std::move(collector).take(frames.timeline());
  // As they were given, rather than rounded to ticks.
  const auto given_time = [&](std::int64_t time) { return frames.time(place_of(time)); };
  std::transform(wanted.kept.begin(), wanted.kept.end(), clip.times.begin(), given_time);
  std::transform(wanted.greys.times.begin(), wanted.greys.times.end(), clip.greys.times.begin(),
                 given_time);
  return clip;
}

}  // namespace vidclass::video

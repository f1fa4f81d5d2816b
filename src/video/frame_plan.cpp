#include "video/frame_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "video/draw.hpp"

namespace vidclass::video {
namespace {

std::ptrdiff_t to_signed(std::size_t count) { return static_cast<std::ptrdiff_t>(count); }

std::vector<std::int64_t> shown_in_middles(const Timeline& timeline, std::size_t count) {
  const std::vector<std::int64_t>& times = timeline.times;
  if (times.size() <= count) return times;
  const std::int64_t span = times.back() - times.front() + timeline.last_duration;
  const auto wanted = static_cast<std::int64_t>(count);
  const std::int64_t parts = 2 * wanted;
  std::vector<std::int64_t> shown;
  shown.reserve(count);
  for (std::int64_t k = 0; k < wanted; ++k) {
    // span * (2k + 1) / parts, rounded down, without the product's overflow.
    const std::int64_t middle = span / parts * (2 * k + 1) + span % parts * (2 * k + 1) / parts;
    const auto after = std::upper_bound(times.begin(), times.end(), times.front() + middle);
    const std::int64_t time = *(after - 1);
    if (shown.empty() || shown.back() != time) shown.push_back(time);
  }
  return shown;
}

FramePlan plan_windows(const std::vector<std::int64_t>& times, std::size_t frames,
                       std::size_t stride, std::size_t windows) {
  const std::size_t count = std::min(frames, (times.size() - 1) / stride + 1);
  const std::size_t room = times.size() - ((count - 1) * stride + 1);
  std::vector<std::vector<std::int64_t>> shown(windows);
  FramePlan plan;
  for (std::size_t window = 0; window < windows; ++window) {
    const std::size_t start = windows == 1 ? room / 2 : room * window / (windows - 1);
    for (std::size_t i = 0; i < count; ++i) shown[window].push_back(times[start + i * stride]);
    plan.times.insert(plan.times.end(), shown[window].begin(), shown[window].end());
  }
  std::sort(plan.times.begin(), plan.times.end());
  plan.times.erase(std::unique(plan.times.begin(), plan.times.end()), plan.times.end());
  for (const std::vector<std::int64_t>& window : shown) {
    std::vector<std::size_t>& view = plan.views.emplace_back();
    for (const std::int64_t time : window) {
      const auto place = std::lower_bound(plan.times.begin(), plan.times.end(), time);
      view.push_back(static_cast<std::size_t>(place - plan.times.begin()));
    }
  }
  return plan;
}

}  // namespace

Timeline span_of(const Timeline& timeline, double start, std::optional<double> end) {
  constexpr double tolerance = 1e-6;  // seconds: what a decimal time may be off by
  const std::vector<std::int64_t>& times = timeline.times;
  const auto seconds = [&](std::int64_t time) {
    return static_cast<double>(time - times.front()) * timeline.tick;
  };
  const auto first_at = [&](double bound) {
    return std::partition_point(times.begin(), times.end(), [&](std::int64_t time) {
      return seconds(time) < bound - tolerance;
    });
  };
  const auto from = first_at(start);
  const auto to = end ? std::max(from, first_at(*end)) : times.end();
  Timeline span{{from, to}, timeline.last_duration, timeline.tick};
  if (span.times.empty() || !end) return span;
  if (to != times.end()) span.last_duration = *to - span.times.back();
  const double shown = (*end - seconds(span.times.back())) / timeline.tick;
  if (shown < static_cast<double>(span.last_duration)) {
    span.last_duration = std::max<std::int64_t>(1, std::llround(shown));
  }
  return span;
}

Timeline at_rate(const Timeline& timeline, double fps) {
  if (fps <= 0 || timeline.times.empty()) return timeline;
  constexpr double late = 1e-3;  // seconds: containers round times to milliseconds
  const std::vector<std::int64_t>& times = timeline.times;
  const std::int64_t end = times.back() + timeline.last_duration;
  const auto multiple = [&](std::int64_t time) {
    const double seconds = static_cast<double>(time - times.front()) * timeline.tick;
    return std::ceil(std::max(0.0, (seconds - late) * fps));
  };
  Timeline left{{}, 1, timeline.tick};
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t next = i + 1 < times.size() ? times[i + 1] : end;
    if (i == 0 || multiple(times[i]) < multiple(next)) left.times.push_back(times[i]);
  }
  left.last_duration = end - left.times.back();
  return left;
}

FramePlan plan_frames(const Timeline& timeline, const ClipSettings& settings) {
  const std::vector<std::int64_t>& times = timeline.times;
  const auto frames = static_cast<std::size_t>(settings.frames);
  const auto views = static_cast<std::size_t>(settings.clips);
  FramePlan plan;
  if (times.empty()) return plan;
  switch (settings.sampling) {
    case Sampling::first:
      plan.times = {times.begin(), times.begin() + to_signed(std::min(frames, times.size()))};
      break;
    case Sampling::uniform:
    case Sampling::segment:
      plan.times = shown_in_middles(timeline, most_frames(settings));
      break;
    case Sampling::dense:
      return plan_windows(times, frames, static_cast<std::size_t>(settings.stride), views);
  }
  plan.views = spread_views(plan.times.size(), frames, views);
  return plan;
}

}  // namespace vidclass::video

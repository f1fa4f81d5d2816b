#include "video/frame_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vidclass::video {

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

std::vector<std::int64_t> plan_frames(const Timeline& timeline, Sampling sampling, int frames) {
  const std::vector<std::int64_t>& times = timeline.times;
  const auto wanted = static_cast<std::size_t>(frames);
  if (times.size() <= wanted) return times;
  if (sampling == Sampling::first) return {times.begin(), times.begin() + frames};

  const std::int64_t span = times.back() - times.front() + timeline.last_duration;
  const std::int64_t parts = 2 * std::int64_t{frames};
  std::vector<std::int64_t> plan;
  plan.reserve(wanted);
  for (std::int64_t k = 0; k < frames; ++k) {
    // span * (2k + 1) / parts, rounded down, without the product's overflow.
    const std::int64_t middle = span / parts * (2 * k + 1) + span % parts * (2 * k + 1) / parts;
    const auto after = std::upper_bound(times.begin(), times.end(), times.front() + middle);
    const std::int64_t shown = *(after - 1);
    if (plan.empty() || plan.back() != shown) plan.push_back(shown);
  }
  return plan;
}

}  // namespace vidclass::video

#include "video/frame_plan.hpp"

#include <algorithm>
#include <cstddef>

namespace vidclass::video {

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

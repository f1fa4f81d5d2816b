#include "video/draw.hpp"

#include <algorithm>

namespace vidclass::video {
namespace {

/// The indices of `choose(size of part)` within each of the parts.
template <typename Choose>
std::vector<std::size_t> one_of_each(std::size_t available, std::size_t frames,
                                     const Choose& choose) {
  const std::size_t parts = std::min(frames, available);
  std::vector<std::size_t> indices;
  indices.reserve(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = part * available / parts;
    const std::size_t end = (part + 1) * available / parts;
    indices.push_back(begin + choose(end - begin));
  }
  return indices;
}

/// Evenly from [0, bound). The standard's distributions differ between libraries.
std::size_t below(std::size_t bound, std::mt19937_64& random) {
  const std::uint64_t wanted = bound;
  const std::uint64_t excess = (std::mt19937_64::max() % wanted + 1) % wanted;
  for (;;) {
    const std::uint64_t value = random();
    if (value <= std::mt19937_64::max() - excess) return value % wanted;
  }
}

}  // namespace

std::vector<std::size_t> middle_frames(std::size_t available, std::size_t frames) {
  return one_of_each(available, frames, [](std::size_t size) { return size / 2; });
}

std::vector<std::size_t> draw_frames(std::size_t available, std::size_t frames,
                                     std::mt19937_64& random) {
  return one_of_each(available, frames, [&](std::size_t size) { return below(size, random); });
}

std::vector<std::vector<std::size_t>> spread_views(std::size_t available, std::size_t frames,
                                                   std::size_t views) {
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t view = 0; view < views; ++view) {
    result.push_back(one_of_each(
        available, frames, [&](std::size_t size) { return (2 * view + 1) * size / (2 * views); }));
  }
  return result;
}

}  // namespace vidclass::video

#include "video/stream_choice.hpp"

#include <algorithm>
#include <tuple>

namespace vidclass::video {
namespace {

constexpr std::int64_t share_of_frames = 4;
constexpr double share_of_time = 2;

}  // namespace

std::size_t choose_stream(std::span<const StreamExtent> streams) {
  std::int64_t most = 0;
  double longest = 0;
  for (const StreamExtent& stream : streams) {
    most = std::max(most, stream.frames);
    longest = std::max(longest, stream.seconds);
  }
  const auto worth = [&](const StreamExtent& stream) {
    const bool is_film =
        stream.frames * share_of_frames >= most && stream.seconds * share_of_time >= longest;
    return std::tuple(is_film, stream.is_default, stream.pixels, stream.frames);
  };
  const auto best = std::max_element(
      streams.begin(), streams.end(),
      [&](const StreamExtent& a, const StreamExtent& b) { return worth(a) < worth(b); });
  return static_cast<std::size_t>(best - streams.begin());
}

}  // namespace vidclass::video

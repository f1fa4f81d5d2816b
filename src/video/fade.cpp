#include "video/fade.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace vidclass::video {
namespace {

// Tried on folds with other grounds behind the actors, see docs/training.md. All shares.
constexpr float least_contrast = 0.1F;
constexpr float grey = 127.5F;
constexpr double reach = 0.25;  // seconds

/// Each value to that of `to` where that is higher.
void raise(std::vector<float>& values, const std::vector<float>& to) {
  std::transform(values.begin(), values.end(), to.begin(), values.begin(),
                 [](float a, float b) { return std::max(a, b); });
}

/// What counts as the most that moves in a clip: all but the wildest 3 % of the cells are below.
float most_movement(const std::vector<std::vector<float>>& movement) {
  std::vector<float> most = movement.front();
  for (const std::vector<float>& map : movement) raise(most, map);
  const auto place =
      most.begin() + static_cast<std::ptrdiff_t>(0.97 * static_cast<double>(most.size()));
  std::nth_element(most.begin(), place, most.end());
  return *place;
}

/// The share of its contrast that each cell keeps. An eighth of the most movement and more is kept
/// nearly whole, a twentieth and less is faded.
std::vector<float> kept_contrast(const std::vector<float>& movement, float most) {
  std::vector<float> kept;
  for (const float value : movement) {
    const float moves = std::clamp(8 * value / most - 0.3F, 0.0F, 1.0F);
    kept.push_back(least_contrast + (1 - least_contrast) * moves);
  }
  return kept;
}

/// Where a pixel lies between the middles of two cells.
struct Between {
  std::size_t before;
  std::size_t after;
  float share;  // of `after`
};

std::vector<Between> places_of(std::size_t side, std::size_t grid) {
  std::vector<Between> places;
  for (std::size_t i = 0; i < side; ++i) {
    const float at = std::clamp(
        (static_cast<float>(i) + 0.5F) * static_cast<float>(grid) / static_cast<float>(side) - 0.5F,
        0.0F, static_cast<float>(grid - 1));
    const auto before = static_cast<std::size_t>(at);
    places.push_back({before, std::min(before + 1, grid - 1), at - static_cast<float>(before)});
  }
  return places;
}

void fade(std::span<std::uint8_t> frame, const std::vector<float>& contrast,
          const std::vector<Between>& places, std::size_t grid) {
  const std::size_t side = places.size();
  std::vector<float> row(grid);
  for (std::size_t y = 0; y < side; ++y) {
    const Between down = places[y];
    for (std::size_t x = 0; x < grid; ++x) {
      row[x] = (1 - down.share) * contrast[down.before * grid + x] +
               down.share * contrast[down.after * grid + x];
    }
    for (std::size_t x = 0; x < side; ++x) {
      const Between across = places[x];
      const float kept = (1 - across.share) * row[across.before] + across.share * row[across.after];
      for (std::uint8_t& value : frame.subspan((y * side + x) * 3, 3)) {
        value = static_cast<std::uint8_t>(
            std::lround(grey + (static_cast<float>(value) - grey) * kept));
      }
    }
  }
}

}  // namespace

void fade_what_rests(Tensor& frames, const std::vector<std::vector<float>>& movement,
                     std::span<const double> times, std::size_t grid) {
  const float most = most_movement(movement);
  if (!(most > 0)) return;
  const std::vector<Between> places = places_of(frames.dim(1), grid);
  const std::size_t bytes = frames.size() / frames.dim(0);
  for (std::size_t i = 0; i < movement.size(); ++i) {
    const auto first = std::partition_point(times.begin(), times.end(),
                                            [&](double time) { return times[i] - time > reach; });
    std::vector<float> near = movement[i];
    for (auto time = first; time != times.end() && *time - times[i] <= reach; ++time) {
      raise(near, movement[static_cast<std::size_t>(time - times.begin())]);
    }
    fade(frames.data<std::uint8_t>().subspan(i * bytes, bytes), kept_contrast(near, most), places,
         grid);
  }
}

}  // namespace vidclass::video

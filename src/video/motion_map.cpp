#include "video/motion_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "vidclass/core/error.hpp"
#include "video/crop.hpp"

namespace vidclass::video {
namespace {

// Enough to see a hand move in a cell, few enough to cost nothing.
constexpr int pixels_a_cell = 8;

/// Seconds to the neighbour at least. At 25 and 30 frames/s it is two frames away, at
/// 15 one, at 60 four: motion is compared over about the same time everywhere.
constexpr double least_gap = 0.06;

/// One row or column of the binomial filter [1 2 1] / 4; the border is repeated.
float smoothed(const std::vector<float>& map, std::size_t first, std::size_t step, std::size_t at,
               std::size_t count) {
  const auto value = [&](std::size_t i) { return map[first + i * step]; };
  const float before = value(at == 0 ? 0 : at - 1);
  const float after = value(std::min(at + 1, count - 1));
  return (before + 2 * value(at) + after) / 4;
}

void smooth(std::vector<float>& map, std::size_t grid) {
  std::vector<float> rows(map.size());
  for (std::size_t y = 0; y < grid; ++y) {
    for (std::size_t x = 0; x < grid; ++x) rows[y * grid + x] = smoothed(map, y * grid, 1, x, grid);
  }
  for (std::size_t y = 0; y < grid; ++y) {
    for (std::size_t x = 0; x < grid; ++x) map[y * grid + x] = smoothed(rows, x, grid, y, grid);
  }
}

/// Of an even number of values, the upper of the two in the middle.
float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::vector<std::int64_t> neighbours_of(const Timeline& timeline,
                                        std::span<const std::int64_t> kept) {
  const std::vector<std::int64_t>& times = timeline.times;
  const auto gap = static_cast<std::int64_t>(std::ceil(least_gap / timeline.tick));
  std::vector<std::int64_t> neighbours;
  neighbours.reserve(kept.size());
  for (const std::int64_t time : kept) {
    const auto after_earlier = std::upper_bound(times.begin(), times.end(), time - gap);
    if (after_earlier != times.begin()) {
      neighbours.push_back(*(after_earlier - 1));
      continue;
    }
    const auto later = std::lower_bound(times.begin(), times.end(), time + gap);
    neighbours.push_back(later != times.end() ? *later : time);
  }
  return neighbours;
}

Thumbnailer::Thumbnailer(std::filesystem::path path, int grid, Orientation of_stream)
    : path_(std::move(path)),
      side_(grid * pixels_a_cell),
      of_stream_(of_stream),
      scaler_(AV_PIX_FMT_GRAY8, SWS_AREA, ColourRule::by_frame) {}

std::vector<std::uint8_t> Thumbnailer::run(const AVFrame& frame) {
  crop_to_square(frame, *cropped_);
  const AVFrame* grey = scaler_.run(*cropped_, side_, side_);
  av_frame_unref(cropped_.get());
  if (!grey) throw ClipError(path_, "its pixel format cannot be converted to grey");
  std::vector<std::uint8_t> thumbnail(static_cast<std::size_t>(side_) *
                                      static_cast<std::size_t>(side_));
  copy_oriented(grey->data[0], grey->linesize[0], side_, side_, orientation_of(frame, of_stream_),
                thumbnail.data(), /*channels=*/1);
  return thumbnail;
}

void motion_map(std::span<const std::uint8_t> frame, std::span<const std::uint8_t> neighbour,
                std::size_t grid, std::span<float> weights) {
  const std::size_t side = grid * pixels_a_cell;
  std::vector<float> map(grid * grid, 0.0F);
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const std::size_t at = y * side + x;
      map[y / pixels_a_cell * grid + x / pixels_a_cell] +=
          static_cast<float>(std::abs(int{frame[at]} - int{neighbour[at]}));
    }
  }
  smooth(map, grid);
  const float floor = median(map);
  for (float& value : map) value = std::max(0.0F, value - floor);
  const float sum = std::accumulate(map.begin(), map.end(), 0.0F);
  const float even = 1.0F / static_cast<float>(map.size());
  std::transform(map.begin(), map.end(), weights.begin(),
                 [&](float value) { return sum > 0 ? value / sum : even; });
}

}  // namespace vidclass::video

#include "video/motion_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "vidclass/error.hpp"
#include "video/crop.hpp"

namespace vidclass::video {
namespace {

// Enough to see a hand move in a cell, few enough to cost nothing.
constexpr int pixels_a_cell = 8;

/// Seconds to the neighbour at least. At 25 and 30 frames/s it is two frames away, at
/// 15 one, at 60 four: motion is compared over about the same time everywhere.
constexpr double least_gap = 0.06;

using Thumbnail = std::span<const std::uint8_t>;

/// How far a picture lies from another, in half pixels.
struct Shift {
  int x = 0;
  int y = 0;
};

// The camera moves no further in 0.07 s than a tenth of the picture.
constexpr int farthest = 16;

/// Where a pixel's counterpart lies along one axis: between the pixels `near` and `far`
/// away, for those in [first, last).
struct Overlap {
  int near;
  int far;
  int first;
  int last;
};

Overlap overlap(int halves, int side) {
  const int near = halves >> 1;
  const int far = near + (halves & 1);
  return {near, far, std::max(0, -near), std::min(side, side - far)};
}

/// Calls `row(y, x_first, differences)` for each row of the pixels that both pictures
/// have, with four times the absolute differences (the counterpart is interpolated).
template <typename Row>
void for_each_row(Thumbnail frame, Thumbnail neighbour, int side, Shift shift, Row row) {
  const Overlap across = overlap(shift.x, side);
  const Overlap down = overlap(shift.y, side);
  std::vector<int> differences(static_cast<std::size_t>(std::max(0, across.last - across.first)));
  for (int y = down.first; y < down.last; ++y) {
    const std::uint8_t* here = frame.data() + y * side + across.first;
    const std::uint8_t* above = neighbour.data() + (y + down.near) * side + across.first;
    const std::uint8_t* below = neighbour.data() + (y + down.far) * side + across.first;
    for (int x = 0; x < static_cast<int>(differences.size()); ++x) {
      differences[static_cast<std::size_t>(x)] =
          std::abs(4 * here[x] - above[x + across.near] - above[x + across.far] -
                   below[x + across.near] - below[x + across.far]);
    }
    row(y, across.first, differences);
  }
}

/// Mean absolute difference over the pixels that both pictures have.
float mean_difference(Thumbnail frame, Thumbnail neighbour, int side, Shift shift) {
  std::int64_t sum = 0;
  std::size_t count = 0;
  for_each_row(frame, neighbour, side, shift, [&](int, int, const std::vector<int>& differences) {
    sum = std::accumulate(differences.begin(), differences.end(), sum);
    count += differences.size();
  });
  return count > 0 ? static_cast<float>(sum) / static_cast<float>(4 * count) : 0;
}

/// The same cell by cell: [grid, grid].
std::vector<float> cell_differences(Thumbnail frame, Thumbnail neighbour, std::size_t grid,
                                    Shift shift) {
  std::vector<int> sums(grid * grid, 0);
  std::vector<int> counts(grid * grid, 0);
  for_each_row(
      frame, neighbour, static_cast<int>(grid) * pixels_a_cell, shift,
      [&](int y, int x_first, const std::vector<int>& differences) {
        for (std::size_t i = 0; i < differences.size(); ++i) {
          const std::size_t column = (static_cast<std::size_t>(x_first) + i) / pixels_a_cell;
          const std::size_t cell = static_cast<std::size_t>(y / pixels_a_cell) * grid + column;
          sums[cell] += differences[i];
          ++counts[cell];
        }
      });
  std::vector<float> means;
  for (std::size_t cell = 0; cell < sums.size(); ++cell) {
    means.push_back(counts[cell] > 0
                        ? static_cast<float>(sums[cell]) / static_cast<float>(4 * counts[cell])
                        : 0.0F);
  }
  return means;
}

/// The shift of the whole picture that leaves the least difference: what the camera
/// did, if the picture is not flat but for what moves. Descends from no shift by steps
/// of 4, 2, 1 and half a pixel.
Shift best_shift(Thumbnail frame, Thumbnail neighbour, int side) {
  Shift best;
  float least = mean_difference(frame, neighbour, side, best);
  for (const int step : {8, 4, 2, 1}) {
    for (bool better = true; better;) {
      better = false;
      const Shift centre = best;
      for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        const Shift tried{centre.x + dx * step, centre.y + dy * step};
        if (std::abs(tried.x) > farthest || std::abs(tried.y) > farthest) continue;
        const float difference = mean_difference(frame, neighbour, side, tried);
        if (difference < least) {
          least = difference;
          best = tried;
          better = true;
        }
      }
    }
  }
  return best;
}

/// Whether a shift explains the difference in much of the picture, and not only that of
/// one thing before a plain ground: a quarter of the cells lose a third of it, and
/// they are three times as many as those that gain as much.
bool moves_the_ground(const std::vector<float>& unmoved, const std::vector<float>& moved) {
  std::size_t calmer = 0;
  std::size_t wilder = 0;
  for (std::size_t cell = 0; cell < unmoved.size(); ++cell) {
    constexpr float least = 1;  // grey levels; less is noise
    if (unmoved[cell] > least && moved[cell] < unmoved[cell] * 2 / 3) ++calmer;
    if (moved[cell] > least && unmoved[cell] < moved[cell] * 2 / 3) ++wilder;
  }
  return 4 * calmer >= unmoved.size() && calmer >= 3 * wilder;
}

}  // namespace

std::vector<float> steadied_differences(Thumbnail frame, Thumbnail neighbour, std::size_t grid) {
  const int side = static_cast<int>(grid) * pixels_a_cell;
  std::vector<float> unmoved = cell_differences(frame, neighbour, grid, {});
  const Shift shift = best_shift(frame, neighbour, side);
  if (shift.x == 0 && shift.y == 0) return unmoved;
  std::vector<float> moved = cell_differences(frame, neighbour, grid, shift);
  return moves_the_ground(unmoved, moved) ? moved : unmoved;
}

namespace {

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

std::vector<float> above_median(std::vector<float> values) {
  const float floor = median(values);
  for (float& value : values) value = std::max(0.0F, value - floor);
  return values;
}

/// Of their sum, if that is not 0.
std::vector<float> shares(std::vector<float> values) {
  const float sum = std::accumulate(values.begin(), values.end(), 0.0F);
  if (sum > 0) {
    for (float& value : values) value /= sum;
  }
  return values;
}

}  // namespace

std::vector<float> movement_shares(std::vector<float> differences) {
  return shares(above_median(std::move(differences)));
}

std::vector<float> movement_of(Thumbnail frame, Thumbnail neighbour, std::size_t grid) {
  std::vector<float> map = steadied_differences(frame, neighbour, grid);
  smooth(map, grid);
  return above_median(std::move(map));
}

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

Thumbnailer::Thumbnailer(std::filesystem::path path, std::size_t grid, Orientation of_stream)
    : path_(std::move(path)),
      grid_(grid),
      of_stream_(of_stream),
      scaler_(AV_PIX_FMT_GRAY8, SWS_AREA, ColourRule::by_frame) {}

std::vector<std::uint8_t> Thumbnailer::run(const AVFrame& frame, Square square) {
  crop_to_square(frame, square, *cropped_);
  std::vector<std::uint8_t> thumbnail =
      grey_thumbnail(scaler_, *cropped_, grid_, orientation_of(frame, of_stream_));
  av_frame_unref(cropped_.get());
  if (thumbnail.empty()) throw ClipError(path_, "its pixel format cannot be converted to grey");
  return thumbnail;
}

std::vector<std::uint8_t> grey_thumbnail(Scaler& to_grey, const AVFrame& frame, std::size_t grid,
                                         Orientation orientation) {
  const int side = static_cast<int>(grid) * pixels_a_cell;
  const AVFrame* grey = to_grey.run(frame, side, side);
  if (!grey) return {};
  std::vector<std::uint8_t> thumbnail(grid * grid * pixels_a_cell * pixels_a_cell);
  copy_oriented(grey->data[0], grey->linesize[0], side, side, orientation, thumbnail.data(),
                /*channels=*/1);
  return thumbnail;
}

void motion_map(std::vector<float> movement, std::span<float> weights) {
  std::vector<float> map = shares(std::move(movement));
  if (std::all_of(map.begin(), map.end(), [](float share) { return share == 0; })) {
    std::fill(map.begin(), map.end(), 1.0F / static_cast<float>(map.size()));
  }
  std::copy(map.begin(), map.end(), weights.begin());
}

}  // namespace vidclass::video

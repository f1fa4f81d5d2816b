#include "motion/describe.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <utility>

#include "core/random.hpp"
#include "motion/flow.hpp"
#include "video/moving_part.hpp"

namespace vidclass::motion {
namespace {

constexpr double step_seconds = 1.0 / 15;
constexpr std::size_t square_side = 160;  // pixels
constexpr std::size_t cell = 4;           // pixels of the flow, which has half the pictures' size
constexpr std::size_t cuboid_cells = 4;   // across and down
constexpr std::size_t cuboid_steps = 9;   // in time
constexpr std::size_t part_cells = 2;     // of cuboid_cells
constexpr std::size_t part_steps = 3;     // of cuboid_steps
constexpr std::size_t stride = 2;         // cells and steps from one cuboid to the next
constexpr std::size_t most_cuboids = 600;
constexpr std::size_t directions = 8;
constexpr std::size_t bins = 25;  // of all histograms of a cell

// Pixels a step. Slower flow counts as still, and weaker gradients as none.
constexpr float least_flow = 0.25F;
constexpr float least_gradient = 0.03F;
// Pixels a step and cell, the mean over a cuboid: where less moves there is no cuboid.
constexpr float least_movement = 0.6F;

/// Cells of a clip's steps, run after run.
struct Cells {
  std::size_t across = 0;
  std::size_t down = 0;
  struct Run {
    std::vector<std::vector<float>> planes;  // of each step: [down, across, bins]
    std::vector<double> times;               // one more than there are steps
  };
  std::vector<Run> runs;

  [[nodiscard]] const float* at(const Run& run, std::size_t step, std::size_t y,
                                std::size_t x) const {
    return run.planes[step].data() + (y * across + x) * bins;
  }
};

/// Adds a field's directions to histograms of cells of `plane`, from bin `first` on.
class DirectionCounter {
public:
  DirectionCounter(std::size_t width, std::size_t height) : width_(width), height_(height) {}

  void add(const std::vector<float>& across, const std::vector<float>& down, float least,
           std::size_t first, std::vector<float>& plane) {
    const auto field = [&](const std::vector<float>& values) {
      return cv::Mat(static_cast<int>(height_), static_cast<int>(width_), CV_32F,
                     const_cast<float*>(values.data()));
    };
    cv::cartToPolar(field(across), field(down), length_, angle_, /*angleInDegrees=*/true);
    const std::size_t cells_across = width_ / cell;
    for (std::size_t y = 0; y < height_ / cell * cell; ++y) {
      const auto* lengths = length_.ptr<float>(static_cast<int>(y));
      const auto* angles = angle_.ptr<float>(static_cast<int>(y));
      for (std::size_t x = 0; x < cells_across * cell; ++x) {
        if (lengths[x] < least) continue;
        float* target = plane.data() + ((y / cell) * cells_across + x / cell) * bins + first;
        const float position = angles[x] * (static_cast<float>(directions) / 360);
        const auto whole = static_cast<std::size_t>(position);
        const float part = position - static_cast<float>(whole);
        target[whole % directions] += lengths[x] * (1 - part);
        target[(whole + 1) % directions] += lengths[x] * part;
      }
    }
  }

  /// Of each cell, how many pixels are slower than `least`, times that.
  void add_still(float least, std::size_t bin, std::vector<float>& plane) const {
    const std::size_t cells_across = width_ / cell;
    for (std::size_t y = 0; y < height_ / cell * cell; ++y) {
      const auto* lengths = length_.ptr<float>(static_cast<int>(y));
      for (std::size_t x = 0; x < cells_across * cell; ++x) {
        if (lengths[x] >= least) continue;
        plane[((y / cell) * cells_across + x / cell) * bins + bin] += least;
      }
    }
  }

private:
  std::size_t width_, height_;
  cv::Mat length_, angle_;
};

/// Half the difference of each pixel's neighbours; none at the picture's edge.
void differentiate(const std::vector<float>& values, std::size_t width, std::size_t height,
                   std::vector<float>& by_x, std::vector<float>& by_y) {
  by_x.assign(values.size(), 0);
  by_y.assign(values.size(), 0);
  for (std::size_t y = 0; y < height; ++y) {
    const float* row = values.data() + y * width;
    for (std::size_t x = 1; x + 1 < width; ++x) by_x[y * width + x] = (row[x + 1] - row[x - 1]) / 2;
    if (y == 0 || y + 1 == height) continue;
    for (std::size_t x = 0; x < width; ++x) {
      by_y[y * width + x] = (row[x + width] - values[(y - 1) * width + x]) / 2;
    }
  }
}

std::vector<float> plane_of(const Flow& flow) {
  DirectionCounter counter(flow.width, flow.height);
  std::vector<float> plane((flow.width / cell) * (flow.height / cell) * bins);
  counter.add(flow.across, flow.down, least_flow, 0, plane);
  counter.add_still(least_flow, directions, plane);
  std::vector<float> by_x, by_y;
  differentiate(flow.across, flow.width, flow.height, by_x, by_y);
  counter.add(by_x, by_y, least_gradient, directions + 1, plane);
  differentiate(flow.down, flow.width, flow.height, by_x, by_y);
  counter.add(by_x, by_y, least_gradient, 2 * directions + 1, plane);
  return plane;
}

/// As if the movement between pictures `seconds` apart went on evenly.
void take_for_a_step(Flow& flow, double seconds) {
  if (seconds <= 0) return;
  const auto factor = static_cast<float>(step_seconds / seconds);
  for (float& value : flow.across) value *= factor;
  for (float& value : flow.down) value *= factor;
}

/// The pictures of one scale.
struct Pictures {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> values;  // one picture after the other

  [[nodiscard]] std::span<const std::uint8_t> at(std::size_t place) const {
    return std::span(values).subspan(place * width * height, width * height);
  }
};

/// A part of all pictures, made width x height pixels.
Pictures resized(const video::GreyRuns& greys, const video::Window& part, std::size_t width,
                 std::size_t height) {
  const auto rows = static_cast<int>(greys.pictures.dim(1));
  const auto columns = static_cast<int>(greys.pictures.dim(2));
  const auto pixels = [](double share, int length) {
    return static_cast<int>(std::lround(share * length));
  };
  cv::Rect from(pixels(part.left, columns), pixels(part.top, rows),
                std::max(1, pixels(part.width, columns)), std::max(1, pixels(part.height, rows)));
  from &= cv::Rect(0, 0, columns, rows);
  const bool shrinks = from.width > static_cast<int>(width);
  Pictures made{width, height, std::vector<std::uint8_t>(greys.times.size() * width * height)};
  for (std::size_t i = 0; i < greys.times.size(); ++i) {
    const std::size_t bytes = greys.pictures.size() / greys.times.size();
    // OpenCV's constructor takes no const; nothing writes to it.
    const cv::Mat whole(
        rows, columns, CV_8UC1,
        const_cast<std::uint8_t*>(greys.pictures.data<std::uint8_t>().data() + i * bytes));
    cv::Mat target(static_cast<int>(height), static_cast<int>(width), CV_8UC1,
                   made.values.data() + i * width * height);
    cv::resize(whole(from), target, target.size(), 0, 0,
               shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  }
  return made;
}

Cells cells_of(const Pictures& pictures, const video::GreyRuns& greys,
               const CancellationToken& cancel) {
  Cells cells{.across = pictures.width / 2 / cell, .down = pictures.height / 2 / cell, .runs = {}};
  for (const video::GreyRun& run : greys.runs) {
    if (run.count < 2) continue;
    Cells::Run& made = cells.runs.emplace_back();
    made.times.push_back(greys.times[run.first]);
    for (std::size_t i = run.first; i + 1 < run.first + run.count; ++i) {
      cancel.check();
      Flow flow = flow_between(pictures.at(i), pictures.at(i + 1), pictures.width, pictures.height);
      take_for_a_step(flow, greys.times[i + 1] - greys.times[i]);
      remove_camera(flow);
      made.planes.push_back(plane_of(flow));
      made.times.push_back(greys.times[i + 1]);
    }
    while (made.planes.size() < cuboid_steps) {
      made.planes.push_back(made.planes.back());
      made.times.push_back(made.times.back());
    }
  }
  return cells;
}

/// Where a cuboid begins.
struct Corner {
  std::size_t run, step, y, x;
};

/// How much each cell moves in the steps from `step` on that a cuboid has: [down, across].
std::vector<float> movement_of(const Cells& cells, const Cells::Run& run, std::size_t step) {
  std::vector<float> movement(cells.down * cells.across);
  for (std::size_t t = step; t < step + cuboid_steps; ++t) {
    for (std::size_t i = 0; i < movement.size(); ++i) {
      const float* histogram = run.planes[t].data() + i * bins;
      for (std::size_t k = 0; k < directions; ++k) movement[i] += histogram[k];
    }
  }
  return movement;
}

/// Of all cuboids in which something moves.
std::vector<Corner> corners_of(const Cells& cells) {
  std::vector<Corner> corners;
  if (cells.down < cuboid_cells || cells.across < cuboid_cells) return corners;
  constexpr float least = least_movement * cuboid_steps * cuboid_cells * cuboid_cells;
  for (std::size_t r = 0; r < cells.runs.size(); ++r) {
    const Cells::Run& run = cells.runs[r];
    for (std::size_t step = 0; step + cuboid_steps <= run.planes.size(); step += stride) {
      const std::vector<float> movement = movement_of(cells, run, step);
      for (std::size_t y = 0; y + cuboid_cells <= cells.down; y += stride) {
        for (std::size_t x = 0; x + cuboid_cells <= cells.across; x += stride) {
          float sum = 0;
          for (std::size_t i = 0; i < cuboid_cells * cuboid_cells; ++i) {
            sum += movement[(y + i / cuboid_cells) * cells.across + x + i % cuboid_cells];
          }
          if (sum > least) corners.push_back({r, step, y, x});
        }
      }
    }
  }
  return corners;
}

/// Sums over the cells and steps of each of its parts.
void sum_parts(const Cells& cells, const Corner& corner, std::span<float> cuboid) {
  const Cells::Run& run = cells.runs[corner.run];
  constexpr std::size_t across_parts = cuboid_cells / part_cells;
  for (std::size_t t = 0; t < cuboid_steps; ++t) {
    for (std::size_t y = 0; y < cuboid_cells; ++y) {
      for (std::size_t x = 0; x < cuboid_cells; ++x) {
        const std::size_t part =
            (t / part_steps * across_parts + y / part_cells) * across_parts + x / part_cells;
        const float* from = cells.at(run, corner.step + t, corner.y + y, corner.x + x);
        for (const Histogram& histogram : histograms) {
          float* to = cuboid.data() + histogram.first + part * histogram.bins;
          for (std::size_t k = 0; k < histogram.bins; ++k) to[k] += *from++;
        }
      }
    }
  }
}

void root_of_shares(std::span<float> histogram) {
  constexpr float nothing = 1e-6F;
  float sum = nothing;
  for (const float value : histogram) sum += value;
  for (float& value : histogram) value = rounded(std::sqrt(value / sum));
}

/// `start` and `length` of the clip in seconds.
Cuboids cuboids_of(const Cells& cells, double start, double length) {
  std::vector<Corner> corners = corners_of(cells);
  Random(1).choose(corners, most_cuboids);  // the same ones each time
  const std::size_t count = std::max<std::size_t>(1, corners.size());
  Cuboids cuboids{.histograms = Tensor(DType::f32, {count, cuboid_width}),
                  .places = Tensor(DType::f32, {count, 3}),
                  .times = std::vector<double>(count, start + length / 2)};
  auto place = cuboids.places.data<float>().begin();
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Corner& corner = corners[i];
    const auto values = cuboids.histograms.data<float>().subspan(i * cuboid_width, cuboid_width);
    sum_parts(cells, corner, values);
    for (const Histogram& histogram : histograms) {
      root_of_shares(values.subspan(histogram.first, width_of(histogram)));
    }
    const std::vector<double>& times = cells.runs[corner.run].times;
    cuboids.times[i] = (times[corner.step] + times[corner.step + cuboid_steps]) / 2;
    const auto middle = [](std::size_t first, std::size_t all) {
      return static_cast<float>(first + cuboid_cells / 2) / static_cast<float>(all) - 0.5F;
    };
    *place++ = middle(corner.x, cells.across);
    *place++ = middle(corner.y, cells.down);
    *place++ = length > 0 ? static_cast<float>((cuboids.times[i] - start) / length - 0.5) : 0.0F;
  }
  return cuboids;
}

}  // namespace

Description describe(const video::GreyRuns& greys, const CancellationToken& cancel) {
  Description description;
  if (greys.times.empty()) {
    for (Cuboids& cuboids : description) cuboids = cuboids_of({}, 0, 0);
    return description;
  }
  const double start = greys.times.front();
  const double length = greys.times.back() - start;
  const auto at = [&](const video::Window& part, std::size_t width, std::size_t height) {
    Cuboids cuboids =
        cuboids_of(cells_of(resized(greys, part, width, height), greys, cancel), start, length);
    cuboids.window = {static_cast<float>(part.left), static_cast<float>(part.top),
                      static_cast<float>(part.width), static_cast<float>(part.height)};
    return cuboids;
  };
  description[0] = at({}, greys.pictures.dim(2) / 2, greys.pictures.dim(1) / 2);
  description[1] = at(video::moving_part(greys), square_side, square_side);
  return description;
}

}  // namespace vidclass::motion

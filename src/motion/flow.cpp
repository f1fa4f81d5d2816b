#include "motion/flow.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "core/cpu_clones.hpp"
#include "motion/median.hpp"

namespace vidclass::motion {
namespace {

cv::Mat picture_of(std::span<const std::uint8_t> values, std::size_t width, std::size_t height) {
  // OpenCV's constructor takes no const; nothing writes to it.
  return {static_cast<int>(height), static_cast<int>(width), CV_8UC1,
          const_cast<std::uint8_t*>(values.data())};
}

/// x and y of a pixel from the picture's middle, in heights.
struct Grid {
  explicit Grid(const Flow& flow)
      : middle_x(static_cast<double>(flow.width) / 2),
        middle_y(static_cast<double>(flow.height) / 2),
        unit(1 / static_cast<double>(flow.height)) {}

  [[nodiscard]] double across(std::size_t x) const {
    return (static_cast<double>(x) - middle_x) * unit;
  }
  [[nodiscard]] double down(std::size_t y) const {
    return (static_cast<double>(y) - middle_y) * unit;
  }

  double middle_x, middle_y, unit;
};

/// constant + across x + down y.
using Plane = std::array<double, 3>;

double at(const Plane& plane, double across, double down) {
  return plane[0] + plane[1] * across + plane[2] * down;
}

/// Some of the picture's pixels, whose flow speaks for the whole.
struct FlowSample {
  double across, down;  // where
  double u, v;          // flow
};

constexpr std::size_t every = 3;  // pixel across and down is sampled

std::vector<FlowSample> sample_of(const Flow& flow) {
  const Grid grid(flow);
  std::vector<FlowSample> samples;
  for (std::size_t y = 1; y < flow.height; y += every) {
    for (std::size_t x = 1; x < flow.width; x += every) {
      const std::size_t i = y * flow.width + x;
      samples.push_back({grid.across(x), grid.down(y), static_cast<double>(flow.across[i]),
                         static_cast<double>(flow.down[i])});
    }
  }
  return samples;
}

/// Sums over the samples that follow the camera, of products of (1, across, down) with each other
/// and with the flow.
struct NormalEquations {
  std::array<std::array<double, 3>, 3> products{};
  Plane u{};
  Plane v{};
  std::size_t count = 0;

  void add(const FlowSample& sample) {
    const Plane row{1, sample.across, sample.down};
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) products[i][j] += row[i] * row[j];
      u[i] += row[i] * sample.u;
      v[i] += row[i] * sample.v;
    }
    ++count;
  }

  [[nodiscard]] Plane solve(const Plane& right) const {
    const cv::Matx33d matrix(products[0][0], products[0][1], products[0][2], products[1][0],
                             products[1][1], products[1][2], products[2][0], products[2][1],
                             products[2][2]);
    const cv::Vec3d found = matrix.solve(cv::Vec3d(right[0], right[1], right[2]), cv::DECOMP_SVD);
    return {found[0], found[1], found[2]};
  }
};

VIDCLASS_FOR_EACH_CPU
void subtract_row(float* values, std::size_t count, float first, float step) {
  for (std::size_t x = 0; x < count; ++x) values[x] -= first + step * static_cast<float>(x);
}

void subtract(const Plane& plane, const Flow& shape, std::vector<float>& values) {
  const Grid grid(shape);
  for (std::size_t y = 0; y < shape.height; ++y) {
    subtract_row(values.data() + y * shape.width, shape.width,
                 static_cast<float>(at(plane, grid.across(0), grid.down(y))),
                 static_cast<float>(plane[1] * grid.unit));
  }
}

}  // namespace

std::string flow_fingerprint() { return "DIS ultrafast, OpenCV " + cv::getVersionString(); }

Flow flow_between(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second,
                  std::size_t width, std::size_t height) {
  static std::once_flag once;
  std::call_once(once, [] { cv::setNumThreads(1); });
  // It keeps buffers, which cost more to make than to use.
  thread_local const cv::Ptr<cv::DISOpticalFlow> search =
      cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_ULTRAFAST);
  thread_local cv::Mat dense;
  thread_local cv::Mat half;
  // What it found before would be where it starts.
  dense.release();
  search->calc(picture_of(first, width, height), picture_of(second, width, height), dense);
  cv::resize(dense, half, {static_cast<int>(width / 2), static_cast<int>(height / 2)}, 0, 0,
             cv::INTER_AREA);
  Flow flow{.width = width / 2, .height = height / 2, .across = {}, .down = {}};
  const std::size_t count = flow.width * flow.height;
  flow.across.resize(count);
  flow.down.resize(count);
  const auto* values = half.ptr<float>();
  for (std::size_t i = 0; i < count; ++i) {
    flow.across[i] = values[2 * i];
    flow.down[i] = values[2 * i + 1];
  }
  return flow;
}

void remove_camera(Flow& flow) {
  constexpr int rounds = 4;
  // Pixels: flow below is not told from noise.
  constexpr double least_tolerance = 0.1;
  constexpr std::size_t least_samples = 20;
  const std::vector<FlowSample> samples = sample_of(flow);
  if (samples.empty()) return;
  std::vector<double> values(samples.size());
  const auto median = [&](auto value_of) {
    std::transform(samples.begin(), samples.end(), values.begin(), value_of);
    return median_of(values);
  };
  Plane u{median([](const FlowSample& sample) { return sample.u; }), 0, 0};
  Plane v{median([](const FlowSample& sample) { return sample.v; }), 0, 0};
  for (int round = 0; round < rounds; ++round) {
    const auto distance = [&](const FlowSample& sample) {
      return std::hypot(sample.u - at(u, sample.across, sample.down),
                        sample.v - at(v, sample.across, sample.down));
    };
    const double tolerance = std::max(least_tolerance, 1.5 * median(distance));
    NormalEquations following;
    for (const FlowSample& sample : samples) {
      if (distance(sample) <= tolerance) following.add(sample);
    }
    if (following.count < least_samples) break;
    u = following.solve(following.u);
    v = following.solve(following.v);
  }
  subtract(u, flow, flow.across);
  subtract(v, flow, flow.down);
}

}  // namespace vidclass::motion

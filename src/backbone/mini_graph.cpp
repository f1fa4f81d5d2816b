#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <openvino/op/adaptive_avg_pool.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/result.hpp>

#include "backbone/graph_input.hpp"
#include "backbone/known_network.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t kernel_side = 5;
constexpr std::size_t kernel_area = kernel_side * kernel_side;
constexpr std::size_t grid = 4;
constexpr std::size_t orientations = 4;
// Each pattern and its negative, since a ReLU follows.
constexpr std::size_t patterns = 4 + orientations;
constexpr std::size_t map_count = 2 * patterns;
constexpr std::size_t mini_features = map_count * grid * grid;

using Colour = std::array<double, 3>;
// ITU-R BT.601 luma, and two opponent-colour axes of zero sum.
constexpr Colour luma{0.299, 0.587, 0.114};
constexpr Colour red_green{0.5, -0.5, 0.0};
constexpr Colour blue_yellow{-0.25, -0.25, 0.5};

using Plane = std::array<double, kernel_area>;

template <typename Function>
Plane make_plane(Function value_at) {
  Plane plane{};
  constexpr int radius = kernel_side / 2;
  for (int y = -radius; y <= radius; ++y) {
    for (int x = -radius; x <= radius; ++x) {
      plane[static_cast<std::size_t>(y + radius) * kernel_side +
            static_cast<std::size_t>(x + radius)] =
          value_at(static_cast<double>(x), static_cast<double>(y));
    }
  }
  return plane;
}

double gaussian(double x, double y, double sigma) {
  return std::exp(-(x * x + y * y) / (2 * sigma * sigma));
}

/// Sum of the magnitudes 1, so that all maps have about the same scale.
Plane normalised(Plane plane) {
  double sum = 0;
  for (const double value : plane) sum += std::abs(value);
  for (double& value : plane) value /= sum;
  return plane;
}

/// Sum 0, so that the map ignores the brightness of flat areas.
Plane balanced(Plane plane) {
  double sum = 0;
  for (const double value : plane) sum += value;
  for (double& value : plane) value -= sum / static_cast<double>(kernel_area);
  return plane;
}

/// Kernels [maps, 3, 5, 5]: see docs/mini.md.
std::vector<float> make_kernels() {
  std::vector<float> kernels;
  kernels.reserve(map_count * 3 * kernel_area);
  const auto append = [&](const Plane& plane, const Colour& colour) {
    for (const double sign : {1.0, -1.0}) {
      for (const double channel : colour) {
        for (const double value : plane) {
          kernels.push_back(static_cast<float>(sign * channel * value));
        }
      }
    }
  };
  const Plane blob = normalised(make_plane([](double x, double y) { return gaussian(x, y, 1.5); }));
  append(blob, luma);
  append(blob, red_green);
  append(blob, blue_yellow);
  append(normalised(balanced(make_plane([](double x, double y) {
           return gaussian(x, y, 0.8) / (0.8 * 0.8) - gaussian(x, y, 1.6) / (1.6 * 1.6);
         }))),
         luma);
  for (std::size_t i = 0; i < orientations; ++i) {
    const double angle = std::numbers::pi * static_cast<double>(i) / orientations;
    append(normalised(make_plane([&](double x, double y) {
             // The sine phase of a Gabor wavelet: an edge across `angle`.
             const double along = x * std::cos(angle) + y * std::sin(angle);
             return gaussian(x, y, 1.5) * std::sin(std::numbers::pi / 2.5 * along);
           })),
           luma);
  }
  return kernels;
}

std::shared_ptr<ov::Model> build_mini(const NamedTensors& /*weights*/, std::size_t batch,
                                      std::size_t size, const GraphOutputs& wanted) {
  const GraphInput input = make_graph_input(batch, size);
  const std::vector<float> kernels = make_kernels();
  const auto conv = std::make_shared<ov::op::v1::Convolution>(
      normalise(input.pixels),
      constant_f32({map_count, 3, kernel_side, kernel_side}, kernels.data()), ov::Strides{2, 2},
      ov::CoordinateDiff{2, 2}, ov::CoordinateDiff{2, 2}, ov::Strides{1, 1});
  conv->set_friendly_name("filters");
  const auto relu = std::make_shared<ov::op::v0::Relu>(conv);
  const std::array<std::int64_t, 2> grid_shape{grid, grid};
  const auto pooled = std::make_shared<ov::op::v8::AdaptiveAvgPool>(
      relu,
      std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{2}, grid_shape.data()));
  const auto flattened = [&](const ov::Output<ov::Node>& cells_of_maps, const char* name) {
    const auto features = std::make_shared<ov::op::v1::Reshape>(
        cells_of_maps, constant_i64({0, mini_features}), /*special_zero=*/true);
    features->output(0).set_names({name});
    return std::make_shared<ov::op::v0::Result>(features);
  };
  ov::ResultVector results{flattened(pooled, "avg")};
  ov::ParameterVector parameters{input.frames};
  if (wanted.motion) {
    // Each cell by its own weight, not summed, since the cells are the features; an even
    // map gives the average again.
    const auto map = make_motion_map_input(batch, grid);
    const auto weights = std::make_shared<ov::op::v1::Reshape>(
        map, constant_i64({0, 1, grid, grid}), /*special_zero=*/true);
    constexpr float cell_count = grid * grid;
    const auto scaled =
        std::make_shared<ov::op::v1::Multiply>(weights, constant_f32({}, &cell_count));
    results.push_back(flattened(std::make_shared<ov::op::v1::Multiply>(pooled, scaled), "motion"));
    parameters.push_back(map);
  }
  if (wanted.cells) {
    pooled->output(0).set_names({"last_map"});
    results.push_back(std::make_shared<ov::op::v0::Result>(pooled));
  }
  return std::make_shared<ov::Model>(results, parameters, "mini");
}

}  // namespace

const KnownNetwork mini{.about = {.name = "mini",
                                  .description = "small fixed filter bank, built in, for tests",
                                  .feature_size = mini_features,
                                  .default_size = 64,
                                  .smallest_size = 32},
                        .map_size = [](std::size_t) { return grid; },
                        .build = build_mini};

}  // namespace vidclass::backbone

#include "backbone/balance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/parameter.hpp>

namespace vidclass::backbone {
namespace {

/// A 1 x 1 convolution with the weights [out][in].
WeightedConvolution pointwise(std::size_t out, const std::vector<float>& weights) {
  const std::size_t in = weights.size() / out;
  const auto input =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{1, in, 2, 2});
  return {.node = std::make_shared<ov::op::v1::Convolution>(
              input, ov::op::v0::Constant::create(ov::element::f32, {out, in, 1, 1}, weights),
              ov::Strides{1, 1}, ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
              ov::Strides{1, 1})};
}

std::vector<ChannelRange> ranges_of(const std::vector<float>& widths) {
  std::vector<ChannelRange> ranges;
  for (const float width : widths)
    ranges.push_back({.high = width, .variance = width * width / 12});
  return ranges;
}

/// The mean squared error of one output of values that are spread evenly over their ranges, rounded
/// as int8 rounds them.
double error_of(const std::vector<float>& weights, const std::vector<ChannelRange>& ranges,
                const std::vector<double>& widths) {
  double greatest = 0;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    greatest = std::max(greatest, std::abs(weights[c]) * widths[c]);
  }
  const double step = greatest / 127;
  constexpr int draws = 20'000;
  double sum = 0;
  unsigned seed = 1;
  for (int i = 0; i < draws; ++i) {
    double error = 0;
    for (std::size_t c = 0; c < weights.size(); ++c) {
      seed = seed * 1664525U + 1013904223U;
      const double value = (static_cast<double>(seed >> 8) / (1U << 24) - 0.5) * ranges[c].width();
      const double rounded = std::round(value / widths[c] * 255) / 255;
      error += std::round(weights[c] * widths[c] / step) * step * rounded - weights[c] * value;
    }
    sum += error * error;
  }
  return sum / draws;
}

TEST(BalancedWidths, LowerTheErrorWhereOneChannelDwarfsTheOthers) {
  std::vector<float> weights;
  std::vector<float> widths;
  for (int c = 0; c < 64; ++c) {
    weights.push_back(0.3F + 0.01F * static_cast<float>(c * 37 % 64));
    widths.push_back(c == 0 ? 100.0F : 1.0F);
  }
  const auto ranges = ranges_of(widths);
  const WeightedConvolution reader = pointwise(1, weights);
  const std::vector<ConvolutionWeights> readers{ConvolutionWeights(reader)};
  const auto balanced = balanced_widths(ranges, readers);
  const std::vector<double> plain(widths.begin(), widths.end());
  EXPECT_LT(error_of(weights, ranges, balanced), 0.7 * error_of(weights, ranges, plain));
  EXPECT_GT(balanced[1], 2);
}

TEST(BalancedWidths, NeverCutARange) {
  const auto ranges = ranges_of({0.01F, 5, 100, 1, 1e-6F});
  const WeightedConvolution reader = pointwise(2, {1, -2, 0.5F, 0, 3, 0.1F, 0.2F, 7, 0, 0});
  const std::vector<ConvolutionWeights> readers{ConvolutionWeights(reader)};
  const auto balanced = balanced_widths(ranges, readers);
  ASSERT_EQ(balanced.size(), ranges.size());
  for (std::size_t c = 0; c < ranges.size(); ++c) {
    EXPECT_GE(balanced[c], ranges[c].width());
    EXPECT_TRUE(std::isfinite(balanced[c]));
  }
}

TEST(BalancedWidths, LeaveEqualChannelsAlone) {
  const auto ranges = ranges_of(std::vector<float>(16, 3.0F));
  const WeightedConvolution reader = pointwise(1, std::vector<float>(16, 0.5F));
  const std::vector<ConvolutionWeights> readers{ConvolutionWeights(reader)};
  for (const double width : balanced_widths(ranges, readers)) EXPECT_LT(width, 3 * 1.5);
}

}  // namespace
}  // namespace vidclass::backbone

#include "video/bilinear.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

namespace vidclass::video {
namespace {

constexpr int channels = 3;
constexpr float one = 2048;  // weights have 11 bits

/// The source pixels `first` and `first` + 1 with their weights, for one target pixel.
struct Tap {
  int first = 0;
  int weight0 = 0;
  int weight1 = 0;
};

Tap tap_at(int position, double scale) {
  const auto centre = static_cast<float>((position + 0.5) * scale - 0.5);
  const int first = static_cast<int>(std::floor(centre));
  const float fraction = centre - static_cast<float>(first);
  return {first, static_cast<int>(std::lrint((1.0f - fraction) * one)),
          static_cast<int>(std::lrint(fraction * one))};
}

/// Source pixels a target pixel. OpenCV computes the inverse first, which rounds
/// differently from the plain quotient.
double scale_of(int source, int target) {
  return 1.0 / (static_cast<double>(target) / static_cast<double>(source));
}

std::vector<Tap> horizontal_taps(int source, int target) {
  const double scale = scale_of(source, target);
  std::vector<Tap> taps(static_cast<std::size_t>(target));
  for (int x = 0; x < target; ++x) {
    Tap tap = tap_at(x, scale);
    if (tap.first < 0) tap = {0, static_cast<int>(one), 0};
    if (tap.first >= source - 1) tap = {source - 1, static_cast<int>(one), 0};
    taps[static_cast<std::size_t>(x)] = tap;
  }
  return taps;
}

void blend_row(const std::uint8_t* row, const std::vector<Tap>& taps, int* out) {
  for (const Tap& tap : taps) {
    const std::uint8_t* left = row + std::ptrdiff_t{tap.first} * channels;
    // At the border the second weight is zero, and there may be no second pixel.
    const std::uint8_t* right = tap.weight1 == 0 ? left : left + channels;
    for (int c = 0; c < channels; ++c) {
      *out++ = left[c] * tap.weight0 + right[c] * tap.weight1;
    }
  }
}

void halve(const RgbView& source, int width, int height, std::uint8_t* target) {
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* upper = source.data + std::ptrdiff_t{2} * y * source.stride;
    const std::uint8_t* lower = upper + source.stride;
    for (int x = 0; x < width; ++x, upper += 2 * channels, lower += 2 * channels) {
      for (int c = 0; c < channels; ++c) {
        const int sum = upper[c] + upper[c + channels] + lower[c] + lower[c + channels];
        *target++ = static_cast<std::uint8_t>((sum + 2) >> 2);
      }
    }
  }
}

}  // namespace

void resize_bilinear(const RgbView& source, int width, int height, std::uint8_t* target) {
  const std::size_t row_bytes = static_cast<std::size_t>(width) * channels;
  if (source.width == width && source.height == height) {
    for (int y = 0; y < height; ++y) {
      std::memcpy(target + static_cast<std::size_t>(y) * row_bytes, source.data + y * source.stride,
                  row_bytes);
    }
    return;
  }
  if (source.width == 2 * width && source.height == 2 * height) {
    halve(source, width, height, target);
    return;
  }

  const std::vector<Tap> taps = horizontal_taps(source.width, width);
  const double scale = scale_of(source.height, height);
  std::vector<int> upper(row_bytes);
  std::vector<int> lower(row_bytes);
  int upper_row = -1;
  int lower_row = -1;
  for (int y = 0; y < height; ++y) {
    const Tap tap = tap_at(y, scale);
    const int first = std::clamp(tap.first, 0, source.height - 1);
    const int second = std::clamp(tap.first + 1, 0, source.height - 1);
    if (first == lower_row) {
      std::swap(upper, lower);
      std::swap(upper_row, lower_row);
    }
    if (first != upper_row) blend_row(source.data + first * source.stride, taps, upper.data());
    upper_row = first;
    if (second != lower_row) blend_row(source.data + second * source.stride, taps, lower.data());
    lower_row = second;
    // The two products are cut to 16 bits each before they are added: OpenCV's
    // vector code does so, and its scalar code follows.
    for (std::size_t i = 0; i < row_bytes; ++i) {
      const int sum =
          ((tap.weight0 * (upper[i] >> 4)) >> 16) + ((tap.weight1 * (lower[i] >> 4)) >> 16);
      *target++ = static_cast<std::uint8_t>((sum + 2) >> 2);
    }
  }
}

}  // namespace vidclass::video

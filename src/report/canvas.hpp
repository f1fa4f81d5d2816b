// Drawing onto a picture in memory.
#pragma once

#include <cstdint>
#include <span>

namespace vidclass::report {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  float alpha = 1;  // 0 leaves the picture as it is
};

/// RGB, row by row, in memory of somebody else. What lies outside is not drawn.
class Canvas {
public:
  Canvas(std::span<std::uint8_t> rgb, int width, int height)
      : rgb_(rgb), width_(width), height_(height) {}

  [[nodiscard]] int width() const noexcept { return width_; }
  [[nodiscard]] int height() const noexcept { return height_; }

  /// `coverage` of 0 to 1: how much of the pixel is drawn over.
  void blend(int x, int y, Colour colour, float coverage = 1) {
    if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
    const float share = colour.alpha * coverage;
    std::uint8_t* pixel = rgb_.data() + (static_cast<std::ptrdiff_t>(y) * width_ + x) * 3;
    pixel[0] = mix(pixel[0], colour.red, share);
    pixel[1] = mix(pixel[1], colour.green, share);
    pixel[2] = mix(pixel[2], colour.blue, share);
  }
  void fill(int x, int y, int width, int height, Colour colour) {
    for (int row = y; row < y + height; ++row) {
      for (int column = x; column < x + width; ++column) blend(column, row, colour);
    }
  }

private:
  static std::uint8_t mix(std::uint8_t from, std::uint8_t to, float share) {
    const float value =
        static_cast<float>(from) + (static_cast<float>(to) - static_cast<float>(from)) * share;
    return static_cast<std::uint8_t>(value + 0.5F);
  }

  std::span<std::uint8_t> rgb_;
  int width_;
  int height_;
};

}  // namespace vidclass::report

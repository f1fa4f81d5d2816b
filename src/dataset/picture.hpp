// Drawing simple shapes in software.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.hpp"

namespace vidclass::dataset {

/// Red, green and blue, 0 to 1.
struct Colour {
  float r = 0, g = 0, b = 0;
};

/// Hue in turns, saturation and value 0 to 1.
[[nodiscard]] Colour from_hsv(float hue, float saturation, float value);
[[nodiscard]] Colour mix(Colour a, Colour b, float share_of_b);
/// Rec. 601 luma, 0 to 1.
[[nodiscard]] float luma(Colour colour);

/// RGB floats, row by row.
class Picture {
public:
  Picture(int width, int height)
      : width_(width), height_(height), pixels_(static_cast<std::size_t>(width) * height) {}

  [[nodiscard]] int width() const noexcept { return width_; }
  [[nodiscard]] int height() const noexcept { return height_; }
  [[nodiscard]] Colour& at(int x, int y) {
    return pixels_[static_cast<std::size_t>(y) * width_ + x];
  }
  [[nodiscard]] const Colour& at(int x, int y) const {
    return pixels_[static_cast<std::size_t>(y) * width_ + x];
  }

private:
  int width_;
  int height_;
  std::vector<Colour> pixels_;
};

enum class ShapeKind { disc, square, triangle, cross, ring, star };
constexpr int shape_kinds = 6;

struct Shape {
  ShapeKind kind = ShapeKind::disc;
  float x = 0, y = 0;  // centre in pixels
  float radius = 1;    // pixels
  float angle = 0;     // radians
  Colour fill;
  Colour rim;  // the outer eighth
};

/// Draws with antialiased edges; what lies outside is cut off.
void paint(Picture& picture, const Shape& shape);

/// The part of `source` whose corner lies at (x, y), which may fall between
/// pixels (bilinear). The part must lie inside `source` with a pixel to spare.
[[nodiscard]] Picture cut_out(const Picture& source, float x, float y, int width, int height);

/// Bytes of 0 to 255, RGB, row by row, each pixel multiplied by `gain` and made
/// lighter or darker by up to `noise` (0 to 1) at random.
[[nodiscard]] std::vector<std::uint8_t> to_bytes(const Picture& picture, float gain, float noise,
                                                 Random& random);

}  // namespace vidclass::dataset

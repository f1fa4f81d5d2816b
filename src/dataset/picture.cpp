#include "dataset/picture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vidclass::dataset {
namespace {

constexpr float rim_width = 0.125F;  // of the radius

float box_distance(float x, float y, float half_width, float half_height) {
  const float dx = std::abs(x) - half_width;
  const float dy = std::abs(y) - half_height;
  return std::hypot(std::max(dx, 0.F), std::max(dy, 0.F)) + std::min(std::max(dx, dy), 0.F);
}

/// Regular polygon with its corners at distance 1, one pointing up.
float polygon_distance(float x, float y, int corners) {
  const float step = 2 * std::numbers::pi_v<float> / static_cast<float>(corners);
  const float turn = std::atan2(x, -y);
  const float to_edge = turn - (std::floor(turn / step) + 0.5F) * step;
  return std::hypot(x, y) * std::cos(to_edge) - std::cos(step / 2);
}

float star_distance(float x, float y) {
  constexpr float step = 2 * std::numbers::pi_v<float> / 5;
  constexpr float inner = 0.5F;
  const float turn = std::atan2(x, -y);
  const float off = std::abs(turn - std::round(turn / step) * step);
  // Signed distance to the line from the tip (1 at angle 0) to the notch (inner at half a step).
  const float along = std::hypot(x, y);
  const float px = along * std::sin(off), py = along * std::cos(off);
  const float nx = inner * std::sin(step / 2), ny = inner * std::cos(step / 2);
  const float ex = nx, ey = ny - 1;
  return (ex * (py - 1) - ey * px) / std::hypot(ex, ey);
}

/// Signed distance to the edge of the unit shape at the origin; below 0 inside.
float distance_to(ShapeKind kind, float x, float y) {
  switch (kind) {
    case ShapeKind::disc:
      return std::hypot(x, y) - 1;
    case ShapeKind::square:
      return box_distance(x, y, 0.8F, 0.8F);
    case ShapeKind::triangle:
      return polygon_distance(x, y, 3);
    case ShapeKind::cross:
      return std::min(box_distance(x, y, 0.95F, 0.38F), box_distance(x, y, 0.38F, 0.95F));
    case ShapeKind::ring:
      return std::abs(std::hypot(x, y) - 0.7F) - 0.3F;
    case ShapeKind::star:
      return star_distance(x, y);
  }
  return 1;
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.F, 1.F) * 255.F + 0.5F);
}

}  // namespace

Colour from_hsv(float hue, float saturation, float value) {
  const auto channel = [&](float offset) {
    const float k = std::fmod(offset + (hue - std::floor(hue)) * 6, 6.F);
    return value - value * saturation * std::clamp(std::min(k, 4 - k), 0.F, 1.F);
  };
  return {channel(5), channel(3), channel(1)};
}

Colour mix(Colour a, Colour b, float share_of_b) {
  const float share_of_a = 1 - share_of_b;
  return {a.r * share_of_a + b.r * share_of_b, a.g * share_of_a + b.g * share_of_b,
          a.b * share_of_a + b.b * share_of_b};
}

float luma(Colour colour) { return 0.299F * colour.r + 0.587F * colour.g + 0.114F * colour.b; }

void paint(Picture& picture, const Shape& shape) {
  const int left = std::max(0, static_cast<int>(std::floor(shape.x - shape.radius * 1.2F)) - 1);
  const int right =
      std::min(picture.width() - 1, static_cast<int>(std::ceil(shape.x + shape.radius * 1.2F)) + 1);
  const int top = std::max(0, static_cast<int>(std::floor(shape.y - shape.radius * 1.2F)) - 1);
  const int bottom = std::min(picture.height() - 1,
                              static_cast<int>(std::ceil(shape.y + shape.radius * 1.2F)) + 1);
  const float cosine = std::cos(shape.angle) / shape.radius;
  const float sine = std::sin(shape.angle) / shape.radius;
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const float dx = static_cast<float>(x) - shape.x;
      const float dy = static_cast<float>(y) - shape.y;
      const float distance =
          distance_to(shape.kind, dx * cosine + dy * sine, dy * cosine - dx * sine);
      const float cover = std::clamp(0.5F - distance * shape.radius, 0.F, 1.F);
      if (cover <= 0) continue;
      const float inside = std::clamp(0.5F - (distance + rim_width) * shape.radius, 0.F, 1.F);
      Colour& pixel = picture.at(x, y);
      pixel = mix(pixel, mix(shape.rim, shape.fill, inside), cover);
    }
  }
}

Picture cut_out(const Picture& source, float x, float y, int width, int height) {
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const float right_share = x - static_cast<float>(left);
  const float lower_share = y - static_cast<float>(top);
  Picture part(width, height);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const int sx = left + column, sy = top + row;
      part.at(column, row) =
          mix(mix(source.at(sx, sy), source.at(sx + 1, sy), right_share),
              mix(source.at(sx, sy + 1), source.at(sx + 1, sy + 1), right_share), lower_share);
    }
  }
  return part;
}

std::vector<std::uint8_t> to_bytes(const Picture& picture, float gain, float noise,
                                   Random& random) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(static_cast<std::size_t>(picture.width()) * picture.height() * 3);
  std::uint64_t bits = 0;
  int left = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (left == 0) {
        bits = random.next();
        left = 8;
      }
      const float offset = noise * (static_cast<float>(bits & 0xFF) / 127.5F - 1);
      bits >>= 8;
      --left;
      const Colour& pixel = picture.at(x, y);
      for (const float channel : {pixel.r, pixel.g, pixel.b})
        bytes.push_back(to_byte(channel * gain + offset));
    }
  }
  return bytes;
}

}  // namespace vidclass::dataset

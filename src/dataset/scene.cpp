#include "dataset/scene.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace vidclass::dataset {
namespace {

/// Smooth random hills, 0 to 1, with a period of 16 cells.
class Hills {
public:
  explicit Hills(Random& random) {
    for (float& height : heights_) height = static_cast<float>(random.unit());
  }

  [[nodiscard]] float at(float x, float y) const {
    const float left = std::floor(x), top = std::floor(y);
    const float right_share = smooth(x - left), lower_share = smooth(y - top);
    const int column = static_cast<int>(left), row = static_cast<int>(top);
    const float upper = std::lerp(height(column, row), height(column + 1, row), right_share);
    const float lower =
        std::lerp(height(column, row + 1), height(column + 1, row + 1), right_share);
    return std::lerp(upper, lower, lower_share);
  }

private:
  static float smooth(float t) { return t * t * (3 - 2 * t); }
  [[nodiscard]] float height(int column, int row) const {
    return heights_[static_cast<std::size_t>((row & 15) * 16 + (column & 15))];
  }

  std::array<float, 256> heights_{};
};

Picture make_background(Random& random, Colour one, Colour other, int width, int height) {
  enum Texture { hills, stripes, tiles };
  const auto texture = static_cast<Texture>(random.below(3));
  const float side = static_cast<float>(std::min(width, height));
  const float period = side * random.between(0.12F, 0.3F);
  const float angle = random.between(0, std::numbers::pi_v<float>);
  const float cosine = std::cos(angle), sine = std::sin(angle);
  const Hills coarse(random), fine(random);

  const auto pattern = [&](float x, float y) {
    const float u = (x * cosine + y * sine) / period;
    const float v = (y * cosine - x * sine) / period;
    constexpr float turn = 2 * std::numbers::pi_v<float>;
    switch (texture) {
      case hills:
        return coarse.at(u + 8, v + 8);
      case stripes:
        return 0.5F + 0.5F * std::sin(u * turn);
      case tiles:
        return 0.5F + 0.5F * std::sin(u * turn) * std::sin(v * turn);
    }
    return 0.5F;
  };

  Picture background(width, height);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const float x = static_cast<float>(column), y = static_cast<float>(row);
      const float grain = fine.at(x * 40 / side, y * 40 / side);
      background.at(column, row) =
          mix(one, other, std::clamp(0.75F * pattern(x, y) + 0.25F * grain, 0.F, 1.F));
    }
  }
  return background;
}

/// A strong colour that stands out against one of brightness `behind`.
Colour standing_out(Random& random, float hue, float behind) {
  constexpr float least_difference = 0.3F;
  Colour best;
  float best_difference = -1;
  for (int attempt = 0; attempt < 32 && best_difference < least_difference; ++attempt) {
    const Colour colour =
        from_hsv(hue + random.between(-0.2F, 0.2F), random.between(0.5F, 1.F),
                 behind < 0.45F ? random.between(0.85F, 1.F) : random.between(0.15F, 0.45F));
    const float difference = std::abs(luma(colour) - behind);
    if (difference > best_difference) {
      best = colour;
      best_difference = difference;
    }
  }
  return best;
}

ShapeKind any_kind(Random& random) { return static_cast<ShapeKind>(random.below(shape_kinds)); }

/// Beside the middle of the picture, where it seldom is in the way.
void put_in_a_corner(Shape& shape, Random& random, int width, int height) {
  const float side = static_cast<float>(std::min(width, height));
  const auto beside = [&](int length) {
    const float off = side * random.between(0.28F, 0.38F);
    return static_cast<float>(length) / 2 + (random.below(2) == 0 ? off : -off);
  };
  shape.x = beside(width);
  shape.y = beside(height);
}

}  // namespace

Scene make_scene(Random random, int width, int height) {
  const float hue = static_cast<float>(random.unit());
  const float saturation = random.between(0.15F, 0.5F);
  const float value =
      random.below(2) == 0 ? random.between(0.25F, 0.4F) : random.between(0.6F, 0.75F);
  const Colour one = from_hsv(hue, saturation, value);
  const Colour other = from_hsv(hue + random.between(-0.1F, 0.1F), saturation,
                                value + (value > 0.55F ? -1.F : 1.F) * random.between(0.1F, 0.2F));
  Scene scene{
      make_background(random, one, other, width + 2 * scene_margin, height + 2 * scene_margin),
      {},
      {}};

  const float behind = luma(mix(one, other, 0.5F));
  scene.object.kind = any_kind(random);
  scene.object.fill = standing_out(random, hue + random.between(0.3F, 0.7F), behind);
  scene.object.rim =
      mix(scene.object.fill, luma(scene.object.fill) > behind ? Colour{1, 1, 1} : Colour{0, 0, 0},
          0.6F);

  scene.bystander.kind = any_kind(random);
  scene.bystander.fill =
      mix(one, from_hsv(static_cast<float>(random.unit()), 0.7F, random.between(0.2F, 0.9F)), 0.6F);
  scene.bystander.rim = mix(scene.bystander.fill, one, 0.5F);
  scene.bystander.radius =
      static_cast<float>(std::min(width, height)) * random.between(0.06F, 0.1F);
  scene.bystander.angle = random.between(0, std::numbers::pi_v<float>);
  put_in_a_corner(scene.bystander, random, width, height);
  return scene;
}

}  // namespace vidclass::dataset

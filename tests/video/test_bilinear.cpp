#include <gtest/gtest.h>

#include <vector>

#include "video/bilinear.hpp"
#include "video/preprocessor.hpp"

namespace vidclass::video {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A picture of grey pixels.
struct Picture {
  Picture(int width_, int height_, const Bytes& grey) : width(width_), height(height_) {
    for (const std::uint8_t value : grey) pixels.insert(pixels.end(), 3, value);
  }
  [[nodiscard]] RgbView view() const { return {pixels.data(), 3 * width, width, height}; }

  int width;
  int height;
  Bytes pixels;
};

Bytes resized(const Picture& picture, int width, int height) {
  Bytes rgb(static_cast<std::size_t>(width * height * 3));
  resize_bilinear(picture.view(), width, height, rgb.data());
  Bytes grey;
  for (std::size_t i = 0; i < rgb.size(); i += 3) grey.push_back(rgb[i]);
  return grey;
}

TEST(Bilinear, InterpolatesBetweenPixelCentres) {
  EXPECT_EQ(resized(Picture(2, 1, {0, 100}), 4, 1), (Bytes{0, 25, 75, 100}));
  EXPECT_EQ(resized(Picture(1, 2, {0, 100}), 1, 4), (Bytes{0, 25, 75, 100}));
}

TEST(Bilinear, LeavesAPictureOfTheWantedSizeAsItIs) {
  EXPECT_EQ(resized(Picture(2, 2, {1, 2, 3, 4}), 2, 2), (Bytes{1, 2, 3, 4}));
}

TEST(Bilinear, TakesTheMeanWhenBothSidesHalve) {
  EXPECT_EQ(resized(Picture(4, 2, {0, 1, 10, 20, 1, 1, 30, 40}), 2, 1), (Bytes{1, 25}));
}

TEST(Bilinear, DoesNotAverageWhenItShrinksFurther) {
  // The centre of the only target pixel is that of source pixel 2.
  EXPECT_EQ(resized(Picture(5, 1, {255, 255, 7, 255, 255}), 1, 1), (Bytes{7}));
}

TEST(Bilinear, KeepsAConstantPictureConstant) {
  for (const int value : {0, 1, 127, 254, 255}) {
    const Bytes grey(7 * 5, static_cast<std::uint8_t>(value));
    EXPECT_EQ(resized(Picture(7, 5, grey), 11, 13),
              Bytes(11 * 13, static_cast<std::uint8_t>(value)));
  }
}

TEST(CropCenterSquare, FollowsTheKerasExampleOnOddSizes) {
  const Bytes pixels(3 * 9 * 4);
  const RgbView crop = crop_center_square({pixels.data(), 27, 9, 4});
  EXPECT_EQ(crop.width, 4);
  EXPECT_EQ(crop.height, 4);
  EXPECT_EQ(crop.data - pixels.data(), 3 * (9 / 2 - 4 / 2));
}

}  // namespace
}  // namespace vidclass::video

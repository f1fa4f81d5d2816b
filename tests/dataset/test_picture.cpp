#include "dataset/picture.hpp"

#include <gtest/gtest.h>

namespace vidclass::dataset {
namespace {

class ShapeKinds : public ::testing::TestWithParam<int> {};

TEST_P(ShapeKinds, FillsSomeOfItsCircleAndNothingElse) {
  Picture picture(60, 60);
  Shape shape;
  shape.kind = static_cast<ShapeKind>(GetParam());
  shape.x = shape.y = 30;
  shape.radius = 20;
  shape.angle = 0.3F;
  shape.fill = shape.rim = {1, 1, 1};
  paint(picture, shape);
  double inside = 0, outside = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) {
      const bool near = (x - 30) * (x - 30) + (y - 30) * (y - 30) <= 23 * 23;
      (near ? inside : outside) += static_cast<double>(picture.at(x, y).r);
    }
  }
  EXPECT_GT(inside, 0.3 * 3.14 * 20 * 20);
  EXPECT_EQ(outside, 0);
}

INSTANTIATE_TEST_SUITE_P(All, ShapeKinds, ::testing::Range(0, shape_kinds));

TEST(Paint, CutsOffWhatLiesOutside) {
  Picture picture(10, 10);
  Shape shape;
  shape.x = -3;
  shape.y = 12;
  shape.radius = 8;
  shape.fill = shape.rim = {1, 1, 1};
  paint(picture, shape);
  EXPECT_EQ(picture.at(0, 9).r, 1);
  EXPECT_EQ(picture.at(9, 0).r, 0);
}

TEST(CutOut, FallsBetweenPixels) {
  Picture source(3, 3);
  source.at(1, 1) = {1, 1, 1};
  EXPECT_FLOAT_EQ(cut_out(source, 0.5F, 1, 1, 1).at(0, 0).g, 0.5F);
}

TEST(ToBytes, ClampsAndRounds) {
  Picture picture(1, 1);
  picture.at(0, 0) = {2, 0.5F, -1};
  Random random(1);
  EXPECT_EQ(to_bytes(picture, 1, 0, random), (std::vector<std::uint8_t>{255, 128, 0}));
}

TEST(FromHsv, GivesThePrimaryColours) {
  const Colour green = from_hsv(1 / 3.F, 1, 1);
  EXPECT_NEAR(green.r, 0, 1e-5);
  EXPECT_NEAR(green.g, 1, 1e-5);
  EXPECT_NEAR(green.b, 0, 1e-5);
}

}  // namespace
}  // namespace vidclass::dataset

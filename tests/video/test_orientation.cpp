#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "video/orientation.hpp"

namespace vidclass::video {
namespace {

using Matrix = std::array<std::int32_t, 9>;

Matrix turned(double degrees_clockwise) {
  Matrix matrix{};
  av_display_rotation_set(matrix.data(), degrees_clockwise);
  return matrix;
}

/// The picture `1 2 3 / 4 5 6` as it is shown.
std::vector<int> shown(const Orientation& orientation) {
  std::vector<std::uint8_t> source;
  for (std::uint8_t value = 1; value <= 6; ++value) source.insert(source.end(), 3, value);
  std::vector<std::uint8_t> target(source.size());
  copy_oriented(source.data(), 9, 3, 2, orientation, target.data());
  std::vector<int> result;
  for (std::size_t i = 0; i < target.size(); i += 3) result.push_back(target[i]);
  return result;
}

TEST(Orientation, IsUprightWithoutAMatrix) { EXPECT_TRUE(orientation_from(nullptr).upright()); }

TEST(Orientation, TurnsClockwiseByNinety) {
  const Orientation orientation = orientation_from(turned(90).data());
  EXPECT_EQ(orientation.degrees(), 90);
  EXPECT_EQ(shown(orientation), (std::vector<int>{4, 1, 5, 2, 6, 3}));
}

TEST(Orientation, TurnsUpsideDown) {
  const Orientation orientation = orientation_from(turned(180).data());
  EXPECT_EQ(orientation.degrees(), 180);
  EXPECT_EQ(shown(orientation), (std::vector<int>{6, 5, 4, 3, 2, 1}));
}

TEST(Orientation, TurnsClockwiseByTwoHundredAndSeventy) {
  const Orientation orientation = orientation_from(turned(270).data());
  EXPECT_EQ(orientation.degrees(), 270);
  EXPECT_EQ(shown(orientation), (std::vector<int>{3, 6, 2, 5, 1, 4}));
}

TEST(Orientation, MirrorsWhenTheMatrixDoes) {
  Matrix matrix = turned(0);
  av_display_matrix_flip(matrix.data(), 1, 0);
  EXPECT_EQ(shown(orientation_from(matrix.data())), (std::vector<int>{3, 2, 1, 6, 5, 4}));
}

TEST(Orientation, TakesTheNearestQuarterTurn) {
  EXPECT_EQ(orientation_from(turned(85).data()).degrees(), 90);
  EXPECT_EQ(orientation_from(turned(-10).data()).degrees(), 0);
}

}  // namespace
}  // namespace vidclass::video

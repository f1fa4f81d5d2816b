// Clips that show little for want of light or contrast.
#include "dataset/light.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vidclass::dataset {
namespace {

/// Of one frame whose cells are `rest`, but for the given share of them.
Light light_with(std::uint8_t rest, double share, std::uint8_t other) {
  Fingerprint clip{.pictures = std::vector<std::uint8_t>(fingerprint_pixels, rest), .times = {0}};
  std::fill_n(clip.pictures.begin(), static_cast<int>(share * fingerprint_pixels), other);
  return light_of(clip);
}

TEST(LightOfClips, IsCountedFromBlackToWhiteOfLimitedRange) {
  EXPECT_EQ(light_with(16, 0, 0).bright, 0);
  EXPECT_EQ(light_with(235, 0, 0).bright, 255);
  EXPECT_EQ(light_with(16, 0.5, 235).contrast, 255);
}

TEST(LightOfClips, IsThatOfNineTenths) {
  EXPECT_TRUE(is_very_dark(light_with(60, 0.05, 235)));
  EXPECT_FALSE(is_very_dark(light_with(60, 0.2, 235)));
}

TEST(LightOfClips, IsFlatWhereNothingStandsOut) {
  EXPECT_TRUE(is_very_flat(light_with(120, 0.5, 130)));
  EXPECT_FALSE(is_very_flat(light_with(120, 0.5, 160)));
}

TEST(LightOfClips, CountsAsFlatWhateverTakesLessThanAFiftieth) {
  EXPECT_TRUE(is_very_flat(light_with(120, 0.01, 235)));
}

}  // namespace
}  // namespace vidclass::dataset

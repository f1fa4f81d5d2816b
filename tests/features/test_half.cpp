#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "features/half.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

NamedTensors entry(const std::vector<float>& values) {
  return {{"avg", Tensor::from<float>({1, values.size()}, values)},
          {"times", Tensor::from<double>({1}, std::vector<double>{0.1})}};
}

TEST(HalfSize, KeepsFeaturesToThreeDigits) {
  const std::vector<float> values{0.0F, 0.123456F, 3.14159F, 1000.5F, 1e-3F};
  const NamedTensors back = widened(narrowed(entry(values)));
  const auto found = back.at("avg").data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_LE(std::abs(found[i] - values[i]), 0.0005F * values[i]) << values[i];
  }
}

TEST(HalfSize, TakesHalfTheRoomAndLeavesTimesAsTheyAre) {
  const NamedTensors small = narrowed(entry({1, 2, 3}));
  EXPECT_EQ(small.at("avg").bytes().size(), 6U);
  EXPECT_EQ(small.at("times").dtype(), DType::f64);
}

TEST(HalfSize, RoundedTwiceIsRoundedOnce) {
  const NamedTensors once = narrowed(entry({0.1F, 0.7F}));
  EXPECT_EQ(narrowed(widened(once)).at("avg").bytes()[0], once.at("avg").bytes()[0]);
}

TEST(HalfSize, RefusesWhatDoesNotFit) { EXPECT_THROW((void)narrowed(entry({70'000.0F})), Error); }

}  // namespace
}  // namespace vidclass::features

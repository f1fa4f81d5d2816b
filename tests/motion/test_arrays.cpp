// Descriptions as arrays of cache entries.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "core/random.hpp"
#include "motion/cuboids.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

Cuboids random_cuboids(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Cuboids cuboids{.histograms = Tensor(DType::f32, {count, cuboid_width}),
                  .places = Tensor(DType::f32, {count, 3}),
                  .times = std::vector<double>(count, 1.5),
                  .window = {0.25F, 0.5F, 0.5F, 0.25F}};
  for (float& value : cuboids.histograms.data<float>()) value = random.between(0, 1);
  for (float& value : cuboids.places.data<float>()) value = random.between(-0.5F, 0.5F);
  return cuboids;
}

Description random_description() { return {random_cuboids(3, 1), random_cuboids(5, 2)}; }

TEST(MotionArrays, BringPlacesTimesAndWindowsBackAsTheyWere) {
  const Description description = random_description();
  const Description back = description_from(to_arrays(description));
  for (std::size_t i = 0; i < description.size(); ++i) {
    EXPECT_TRUE(testing::same_bytes(back[i].places, description[i].places));
    EXPECT_EQ(back[i].times, description[i].times);
    EXPECT_EQ(back[i].window, description[i].window);
  }
}

TEST(MotionArrays, BringHistogramsBackToHalfAPartIn255) {
  const Description description = random_description();
  const Description back = description_from(to_arrays(description));
  for (std::size_t i = 0; i < description.size(); ++i) {
    const auto expected = description[i].histograms.data<float>();
    const auto found = back[i].histograms.data<float>();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
      EXPECT_NEAR(found[k], expected[k], 0.5 / 255 + 1e-6);
    }
  }
}

TEST(MotionArrays, AreTheSameWhenMadeOfThemselves) {
  const NamedTensors arrays = to_arrays(random_description());
  EXPECT_TRUE(testing::same_bytes(to_arrays(description_from(arrays)).at("square/cuboids"),
                                  arrays.at("square/cuboids")));
}

TEST(MotionArrays, AreRefusedWhereOneIsMissing) {
  for (const std::string scale : {"whole", "square"}) {
    for (const std::string name : {"/cuboids", "/places", "/times", "/window"}) {
      NamedTensors arrays = to_arrays(random_description());
      ASSERT_EQ(arrays.erase(scale + name), 1U);
      EXPECT_THROW((void)description_from(arrays), Error) << scale << name;
    }
  }
}

TEST(MotionArrays, AreRefusedWithoutCuboids) {
  EXPECT_THROW((void)description_from(to_arrays({random_cuboids(0, 1), random_cuboids(1, 1)})),
               Error);
}

TEST(MotionArrays, AreRefusedWithAnotherNumberOfCuboidsThanTimes) {
  for (const char* name : {"whole/cuboids", "whole/places"}) {
    NamedTensors arrays = to_arrays(random_description());
    arrays[name] = arrays.at("square" + std::string(name).substr(5));
    EXPECT_THROW((void)description_from(arrays), Error) << name;
  }
}

TEST(MotionArrays, AreRefusedInAnotherType) {
  NamedTensors arrays = to_arrays(random_description());
  arrays["whole/places"] = Tensor(DType::f64, {3, 3});
  EXPECT_THROW((void)description_from(arrays), Error);
}

TEST(MotionArrays, AreRefusedWhereTheyAreNotFinite) {
  Description description = random_description();
  description[1].times[1] = std::numeric_limits<double>::infinity();
  EXPECT_THROW((void)description_from(to_arrays(description)), Error);
}

TEST(DescriptionUntil, KeepsWhatWasShownByThen) {
  Description description = random_description();
  description[0].times = {0.5, 2.5, 1.0};
  const Cuboids kept = until(description, 1.0)[0];
  EXPECT_EQ(kept.times, (std::vector<double>{0.5, 1.0}));
  EXPECT_EQ(kept.places.data<float>()[3], description[0].places.data<float>()[6]);
}

TEST(DescriptionUntil, IsThatOfAStillClipBeforeAnythingMoved) {
  const Cuboids kept = until(random_description(), 0)[1];
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(testing::same_bytes(kept.histograms, Tensor(DType::f32, {1, cuboid_width})));
}

}  // namespace
}  // namespace vidclass::motion

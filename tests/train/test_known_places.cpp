// Telling places unlike those that were trained in.
#include "train/known_places.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

Tensor matrix(const Shape& shape, const std::vector<float>& values) {
  return Tensor::from<float>(shape, values);
}

/// Two known places at right angles; others lay 0.1 to 0.2 from them.
KnownPlaces two_places() {
  return known_places(matrix({2, 2}, {1, 0, 0, 1}),
                      {0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.2});
}

TEST(LookOfAClip, IsTheMeanOfItsFramesAtLengthOne) {
  const std::vector<float> look = look_of(matrix({2, 3}, {2, 0, 9, 4, 8, 9}), 2);
  EXPECT_NEAR(look.at(0), 0.6, 1e-6);
  EXPECT_NEAR(look.at(1), 0.8, 1e-6);
}

TEST(LookOfAClip, OfNoFeaturesIsZero) {
  EXPECT_EQ(look_of(matrix({1, 2}, {0, 0}), 2), (std::vector<float>{0, 0}));
}

TEST(LookOfAClip, WiderThanItsFeaturesIsRefused) {
  EXPECT_THROW((void)look_of(matrix({1, 2}, {1, 1}), 3), Error);
}

TEST(Novelty, IsNoneOfAPlaceThatIsKnown) {
  EXPECT_EQ(novelty_of(two_places(), matrix({1, 2}, {0, 5})), 0);
}

TEST(Novelty, IsNoneAsFarAwayAsMostThatWereLeftOut) {
  EXPECT_EQ(novelty_at(two_places(), 0.19), 0);
}

TEST(Novelty, IsFullAsFarBeyondAgainAsTheMiddleOneLies) {
  EXPECT_NEAR(novelty_at(two_places(), 0.21), 0.5, 1e-6);
  EXPECT_NEAR(novelty_at(two_places(), 0.23), 1, 1e-6);
}

TEST(Novelty, IsFullOfAPlaceUnlikeAll) {
  EXPECT_EQ(novelty_of(two_places(), matrix({1, 2}, {-1, -1})), 1);
}

TEST(Novelty, OfFeaturesThatAreAllZeroIsFull) {
  EXPECT_EQ(novelty_of(two_places(), matrix({1, 2}, {0, 0})), 1);
}

TEST(Novelty, IsNoneWhereNothingWasLeftOut) {
  EXPECT_EQ(novelty_of(known_places(matrix({1, 2}, {1, 0}), {}), matrix({1, 2}, {0, 1})), 0);
}

TEST(Novelty, IsFiniteWhereAllThatWereLeftOutLayAlike) {
  const KnownPlaces places = known_places(matrix({1, 2}, {1, 0}), {0.1, 0.1, 0.1});
  EXPECT_EQ(novelty_at(places, 0.1), 0);
  EXPECT_EQ(novelty_at(places, 0.2), 1);
}

TEST(DistancesToKnown, AreToTheNearest) {
  const std::vector<double> found =
      distances_to_known(matrix({1, 2}, {0.6F, 0.8F}), matrix({2, 2}, {1, 0, 0, 1}));
  EXPECT_NEAR(found.at(0), 0.2, 1e-6);
}

TEST(KeptLooks, AreAllOfFewClips) {
  const std::vector<std::size_t> clips{4, 8, 15};
  EXPECT_EQ(kept_looks(clips), clips);
}

TEST(KeptLooks, AreAThousandOfMany) {
  std::vector<std::size_t> clips(9'500);
  std::iota(clips.begin(), clips.end(), std::size_t{0});
  const std::vector<std::size_t> kept = kept_looks(clips);
  ASSERT_EQ(kept.size(), 1'000U);
  EXPECT_EQ(kept.at(1), 9U);
  EXPECT_EQ(kept.back(), 9'490U);
}

TEST(KnownPlaces, ThatAreNotFiniteAreRefused) {
  EXPECT_THROW(check({.looks = matrix({1, 1}, {NAN}), .usual = 0.1, .far = 0.2}), Error);
}

TEST(KnownPlaces, WhoseDistancesAreOutOfOrderAreRefused) {
  EXPECT_THROW(check({.looks = matrix({1, 1}, {1}), .usual = 0.2, .far = 0.1}), Error);
}

}  // namespace
}  // namespace vidclass::train

#include "backbone/overlaps.hpp"

#include <gtest/gtest.h>

namespace vidclass::backbone {
namespace {

TEST(Overlaps, AreShareOfEachPart) {
  // Thirds of a line in its halves: the middle third lies in both.
  EXPECT_EQ(overlaps(3, 2), (std::vector<float>{1, 0.5F, 0, 0, 0.5F, 1}));
}

TEST(Overlaps, OfEqualGridsAreTheParts) {
  EXPECT_EQ(overlaps(2, 2), (std::vector<float>{1, 0, 0, 1}));
}

TEST(Overlaps, LoseNothing) {
  const auto shares = overlaps(19, 10);
  for (std::size_t from = 0; from < 19; ++from) {
    float sum = 0;
    for (std::size_t to = 0; to < 10; ++to) sum += shares[to * 19 + from];
    EXPECT_NEAR(sum, 1, 1e-6) << "part " << from;
  }
}

}  // namespace
}  // namespace vidclass::backbone

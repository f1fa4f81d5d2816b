#include <gtest/gtest.h>

#include "features/in_flight.hpp"

namespace vidclass::features {
namespace {

TEST(InFlight, GivesAKeyToTheFirstWhoClaimsIt) {
  InFlight<> in_flight;
  EXPECT_TRUE(in_flight.claim("key", 0));
  EXPECT_FALSE(in_flight.claim("key", 1));
}

TEST(InFlight, ReleaseNamesThoseWhoWaited) {
  InFlight<> in_flight;
  in_flight.claim("key", 0);
  in_flight.claim("key", 1);
  in_flight.claim("key", 2);
  EXPECT_EQ(in_flight.release("key"), (std::vector<std::size_t>{1, 2}));
}

TEST(InFlight, AReleasedKeyIsFreeAgain) {
  InFlight<> in_flight;
  in_flight.claim("key", 0);
  (void)in_flight.release("key");
  EXPECT_TRUE(in_flight.claim("key", 1));
}

TEST(InFlight, AHandedOverKeyStaysClaimed) {
  InFlight<> in_flight;
  in_flight.claim("key", 0);
  in_flight.claim("key", 1);
  EXPECT_EQ(in_flight.hand_over("key"), 1U);
  EXPECT_FALSE(in_flight.claim("key", 2));
}

TEST(InFlight, AKeyThatNobodyTakesOverIsFreeAgain) {
  InFlight<> in_flight;
  in_flight.claim("key", 0);
  EXPECT_EQ(in_flight.hand_over("key"), std::nullopt);
  EXPECT_TRUE(in_flight.claim("key", 1));
}

}  // namespace
}  // namespace vidclass::features

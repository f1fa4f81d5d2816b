#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace vidclass {
namespace {

TEST(Random, GivesThePublishedSequence) {
  // The first numbers of the reference splitmix64.c for seed 1234567.
  Random random(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U,
        16408922859458223821U}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(Random, IsEvenBelowABound) {
  Random random(1);
  std::array<int, 5> counts{};
  for (int i = 0; i < 10000; ++i) ++counts.at(random.below(5));
  for (const int count : counts) EXPECT_NEAR(count, 2000, 200);
}

TEST(Random, ShufflesWithoutLoss) {
  Random random(1);
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  random.shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

TEST(Random, DiffersWithTheOrderOfItsSeeds) {
  EXPECT_NE((Random{1, 2}.next()), (Random{2, 1}.next()));
}

}  // namespace
}  // namespace vidclass

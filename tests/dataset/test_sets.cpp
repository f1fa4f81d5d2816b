#include "dataset/sets.hpp"

#include <gtest/gtest.h>

namespace vidclass::dataset {
namespace {

using Numbers = std::vector<std::size_t>;

TEST(Sets, HoldEachByItselfAtFirst) { EXPECT_EQ(Sets(3).numbered(), (Numbers{0, 1, 2})); }

TEST(Sets, AreNumberedByTheirFirstMembers) {
  Sets sets(5);
  sets.join(4, 2);
  sets.join(3, 1);
  EXPECT_EQ(sets.numbered(), (Numbers{0, 1, 2, 1, 2}));
}

TEST(Sets, BecomeOneThroughAMemberOfBoth) {
  Sets sets(4);
  sets.join(0, 3);
  sets.join(1, 2);
  sets.join(3, 2);
  EXPECT_EQ(sets.numbered(), (Numbers{0, 0, 0, 0}));
}

TEST(Sets, HoldThoseOfOneNumberTogether) {
  Sets sets(4);
  sets.join_equal(Numbers{7, 5, 7, 6});
  EXPECT_EQ(sets.numbered(), (Numbers{0, 1, 0, 2}));
}

}  // namespace
}  // namespace vidclass::dataset

#include <gtest/gtest.h>

#include "core/launcher.hpp"
#include "support/environment.hpp"

namespace vidclass {
namespace {

using testing::Variable;

TEST(RankFromEnvironment, IsEmptyWithoutALauncher) {
  EXPECT_FALSE(rank_from_environment().has_value());
}

TEST(RankFromEnvironment, ReadsOpenMpi) {
  const Variable rank("OMPI_COMM_WORLD_RANK", "3");
  const Variable count("OMPI_COMM_WORLD_SIZE", "8");
  const Variable local("OMPI_COMM_WORLD_LOCAL_SIZE", "4");
  const auto found = rank_from_environment();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->rank, 3);
  EXPECT_EQ(found->count, 8);
  EXPECT_EQ(found->local_count, 4);
}

TEST(RankFromEnvironment, ReadsTheNumberOnThisMachine) {
  const Variable rank("RANK", "5");
  const Variable count("WORLD_SIZE", "8");
  EXPECT_EQ(rank_from_environment().value_or(Rank{}).local_rank, 5) << "nothing is said of it";
  const Variable local("LOCAL_RANK", "1");
  EXPECT_EQ(rank_from_environment().value_or(Rank{}).local_rank, 1);
}

TEST(RankFromEnvironment, ReadsTorchrun) {
  const Variable rank("RANK", "1");
  const Variable count("WORLD_SIZE", "2");
  EXPECT_EQ(rank_from_environment().value_or(Rank{}).rank, 1);
}

TEST(RankFromEnvironment, ReadsSrun) {
  const Variable rank("SLURM_PROCID", "1");
  const Variable count("SLURM_NTASKS", "2");
  EXPECT_EQ(rank_from_environment().value_or(Rank{}).count, 2);
}

TEST(RankFromEnvironment, TakesAllRanksForLocalWhereTheLauncherDoesNotSay) {
  const Variable rank("PMI_RANK", "0");
  const Variable count("PMI_SIZE", "4");
  EXPECT_EQ(rank_from_environment().value_or(Rank{}).local_count, 4);
}

TEST(RankFromEnvironment, PassesOverNumbersThatMakeNoSense) {
  const Variable rank("RANK", "2");
  const Variable count("WORLD_SIZE", "2");
  EXPECT_FALSE(rank_from_environment().has_value());
}

}  // namespace
}  // namespace vidclass

#include <gtest/gtest.h>

#include <list>

#include "support/environment.hpp"
#include "torch/ranks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

/// An environment with these variables and no other that a launcher sets.
class Launched {
public:
  explicit Launched(const std::vector<std::pair<const char*, const char*>>& set) {
    for (const char* name :
         {"RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT",
          "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE",
          "PMIX_NAMESPACE", "PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS", "SLURM_PROCID",
          "SLURM_STEP_NUM_TASKS", "SLURM_STEP_NUM_NODES", "SLURM_STEP_NODELIST", "SLURM_JOB_ID",
          "SLURM_STEP_ID", "VIDCLASS_RANK_TIMEOUT"}) {
      variables_.emplace_back(name, static_cast<const char*>(nullptr));
    }
    for (const auto& [name, value] : set) variables_.emplace_back(name, value);
  }
  ~Launched() {
    while (!variables_.empty()) variables_.pop_back();
  }

private:
  std::list<vidclass::testing::Variable> variables_;
};

std::string refusal(const std::vector<std::pair<const char*, const char*>>& set) {
  const Launched launched(set);
  try {
    (void)ranks_from_environment();
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

TEST(RanksFromEnvironment, ReadsMpich) {
  const Launched launched({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"MPI_LOCALNRANKS", "2"}});
  const RankSettings settings = ranks_from_environment();
  EXPECT_EQ(settings.rank, 1);
  EXPECT_EQ(settings.size, 2);
  EXPECT_EQ(settings.local_size, 2);
}

TEST(RanksFromEnvironment, IsOneRankWithoutALauncher) {
  const Launched launched({});
  const RankSettings settings = ranks_from_environment();
  EXPECT_EQ(settings.rank, 0);
  EXPECT_EQ(settings.size, 1);
}

TEST(RanksFromEnvironment, ReadsTorchrun) {
  const Launched launched({{"RANK", "3"},
                           {"WORLD_SIZE", "8"},
                           {"LOCAL_WORLD_SIZE", "4"},
                           {"MASTER_ADDR", "head"},
                           {"MASTER_PORT", "1234"}});
  const RankSettings settings = ranks_from_environment();
  EXPECT_EQ(settings.rank, 3);
  EXPECT_EQ(settings.size, 8);
  EXPECT_EQ(settings.local_size, 4);
  EXPECT_EQ(settings.address, "head");
  EXPECT_EQ(settings.port, 1234);
}

TEST(RanksFromEnvironment, ReadsMpirunOnOneMachine) {
  const Launched launched({{"OMPI_COMM_WORLD_RANK", "1"},
                           {"OMPI_COMM_WORLD_SIZE", "2"},
                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                           {"PMIX_NAMESPACE", "4711"}});
  const RankSettings settings = ranks_from_environment();
  EXPECT_EQ(settings.rank, 1);
  EXPECT_EQ(settings.size, 2);
  EXPECT_EQ(settings.address, "127.0.0.1");
  EXPECT_GE(settings.port, 20'000);
  EXPECT_LT(settings.port, 30'000);
}

TEST(RanksFromEnvironment, FindsTheFirstHostOfSrun) {
  const Launched launched({{"SLURM_PROCID", "0"},
                           {"SLURM_STEP_NUM_TASKS", "4"},
                           {"SLURM_STEP_NUM_NODES", "2"},
                           {"SLURM_STEP_NODELIST", "gpu[03-05,9]-a,other"}});
  const RankSettings settings = ranks_from_environment();
  EXPECT_EQ(settings.address, "gpu03-a");
  EXPECT_EQ(settings.local_size, 2);
}

TEST(RanksFromEnvironment, IgnoresABatchScriptOfSlurm) {
  const Launched launched({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}});
  EXPECT_EQ(ranks_from_environment().size, 1);
}

TEST(RanksFromEnvironment, RefusesWhatIsNoNumber) {
  EXPECT_NE(refusal({{"WORLD_SIZE", "two"}, {"RANK", "0"}}).find("WORLD_SIZE=\"two\""),
            std::string::npos);
}

TEST(RanksFromEnvironment, RefusesARankBeyondTheSize) {
  EXPECT_NE(refusal({{"WORLD_SIZE", "2"}, {"RANK", "2"}, {"MASTER_ADDR", "x"}}).find("rank 2 of 2"),
            std::string::npos);
}

TEST(RanksFromEnvironment, NamesTheMissingRank) {
  EXPECT_NE(refusal({{"WORLD_SIZE", "2"}}).find("RANK"), std::string::npos);
}

TEST(RanksFromEnvironment, WantsTheAddressOfSeveralMachines) {
  EXPECT_NE(refusal({{"OMPI_COMM_WORLD_RANK", "0"},
                     {"OMPI_COMM_WORLD_SIZE", "4"},
                     {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}})
                .find("MASTER_ADDR"),
            std::string::npos);
}

}  // namespace
}  // namespace vidclass::torch

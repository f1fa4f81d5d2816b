#include "core/launcher.hpp"

#include <gtest/gtest.h>

#include <list>
#include <string>
#include <utility>
#include <vector>

#include "support/environment.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using Variables = std::vector<std::pair<const char*, const char*>>;

/// An environment with these variables and no other that a launcher sets.
class Launched {
public:
  explicit Launched(const Variables& set) {
    for (const char* name : {"RANK",
                             "WORLD_SIZE",
                             "LOCAL_RANK",
                             "LOCAL_WORLD_SIZE",
                             "MASTER_ADDR",
                             "MASTER_PORT",
                             "OMPI_COMM_WORLD_RANK",
                             "OMPI_COMM_WORLD_SIZE",
                             "OMPI_COMM_WORLD_LOCAL_RANK",
                             "OMPI_COMM_WORLD_LOCAL_SIZE",
                             "PMIX_NAMESPACE",
                             "PMI_RANK",
                             "PMI_SIZE",
                             "MPI_LOCALNRANKS",
                             "MPI_LOCALRANKID",
                             "SLURM_PROCID",
                             "SLURM_LOCALID",
                             "SLURM_NTASKS",
                             "SLURM_STEP_NUM_TASKS",
                             "SLURM_STEP_NUM_NODES",
                             "SLURM_STEP_NODELIST",
                             "SLURM_JOB_ID",
                             "SLURM_STEP_ID",
                             "VIDCLASS_RANK_TIMEOUT"}) {
      variables_.emplace_back(name, static_cast<const char*>(nullptr));
    }
    for (const auto& [name, value] : set) variables_.emplace_back(name, value);
  }
  ~Launched() {
    while (!variables_.empty()) variables_.pop_back();
  }

private:
  std::list<testing::Variable> variables_;
};

std::optional<Rank> found(const Variables& set) {
  const Launched launched(set);
  return rank_from_environment();
}

Rank rank_of(const Variables& set) {
  const auto rank = found(set);
  EXPECT_TRUE(rank.has_value());
  return rank.value_or(Rank{});
}

/// What the refusal says; "" where nothing is refused.
std::string refusal(const Variables& set) {
  try {
    static_cast<void>(found(set));
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

Variables with(Variables set, const Variables& more) {
  set.insert(set.end(), more.begin(), more.end());
  return set;
}

/// A launcher's own names, and rank 1 of 4, two of them here, number 1 on this machine.
struct Names {
  const char* what;
  const char* count;
  const char* rank;
  const char* local_count;
  const char* local_rank;
  const char* local_value;  // of local_count
};

void PrintTo(const Names& names, std::ostream* stream) { *stream << names.what; }

class RankOfEachLauncher : public ::testing::TestWithParam<Names> {
protected:
  [[nodiscard]] static Variables all() {
    const Names& names = GetParam();
    return {{names.count, "4"},
            {names.rank, "1"},
            {names.local_count, names.local_value},
            {names.local_rank, "1"}};
  }
  /// All variables, with another value of one.
  [[nodiscard]] static std::string refusal_of(const char* name, const char* value) {
    return refusal(with(all(), {{name, value}}));
  }
  static void expect_names(const std::string& refusal, const char* name, const char* value) {
    EXPECT_NE(refusal.find(std::string(name) + "=\"" + value + "\""), std::string::npos) << refusal;
  }
};

TEST_P(RankOfEachLauncher, IsRead) {
  const Rank rank = rank_of(all());
  EXPECT_EQ(rank.rank, 1);
  EXPECT_EQ(rank.count, 4);
  EXPECT_EQ(rank.local_count, 2);
  EXPECT_EQ(rank.local_rank, 1);
}

TEST_P(RankOfEachLauncher, CanBeTheOnlyOne) {
  const Rank rank = rank_of({{GetParam().count, "1"}, {GetParam().rank, "0"}});
  EXPECT_EQ(rank.rank, 0);
  EXPECT_EQ(rank.count, 1);
}

TEST_P(RankOfEachLauncher, DoesNotSayWhatIsLocalWithoutItsVariables) {
  const Rank rank = rank_of({{GetParam().count, "4"}, {GetParam().rank, "3"}});
  EXPECT_EQ(rank.local_count, std::nullopt);
  EXPECT_EQ(rank.local_rank, 3);
  EXPECT_EQ(rank.address, "");
}

TEST_P(RankOfEachLauncher, IsRefusedWhereItIsMissing) {
  EXPECT_NE(refusal({{GetParam().count, "4"}}).find(GetParam().rank), std::string::npos);
}

TEST_P(RankOfEachLauncher, IsRefusedBeyondTheLast) {
  expect_names(refusal_of(GetParam().rank, "4"), GetParam().rank, "4");
}

TEST_P(RankOfEachLauncher, IsRefusedWhereItIsNoNumberFrom0On) {
  for (const char* value : {"-1", "", "one", "1.5", " 1", "99999999999"}) {
    expect_names(refusal_of(GetParam().rank, value), GetParam().rank, value);
  }
}

TEST_P(RankOfEachLauncher, IsRefusedWhereTheSizeIsNoNumberFrom1On) {
  for (const char* value : {"0", "-4", "", "four", "4x"}) {
    expect_names(refusal_of(GetParam().count, value), GetParam().count, value);
  }
}

TEST_P(RankOfEachLauncher, IsRefusedWithMorePlacesThanRanks) {
  expect_names(refusal_of(GetParam().local_count, "5"), GetParam().local_count, "5");
}

TEST_P(RankOfEachLauncher, IsRefusedWithALocalNumberBeyondTheRanks) {
  expect_names(refusal_of(GetParam().local_rank, "4"), GetParam().local_rank, "4");
}

INSTANTIATE_TEST_SUITE_P(
    All, RankOfEachLauncher,
    ::testing::Values(
        Names{"Torchrun", "WORLD_SIZE", "RANK", "LOCAL_WORLD_SIZE", "LOCAL_RANK", "2"},
        Names{"OpenMpi", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK",
              "OMPI_COMM_WORLD_LOCAL_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "2"},
        Names{"Mpich", "PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS", "MPI_LOCALRANKID", "2"},
        // Two machines; Slurm says no more.
        Names{"Slurm", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_STEP_NUM_NODES",
              "SLURM_LOCALID", "2"}),
    [](const auto& launcher) { return std::string(launcher.param.what); });

TEST(RankFromEnvironment, IsEmptyWithoutALauncher) { EXPECT_FALSE(found({}).has_value()); }

TEST(RankFromEnvironment, IsEmptyWithARankOfNobody) {
  EXPECT_FALSE(found({{"RANK", "3"}}).has_value());
}

TEST(RankFromEnvironment, RefusesALocalNumberBeyondThoseOnThisMachine) {
  EXPECT_NE(
      refusal({{"WORLD_SIZE", "4"}, {"RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}, {"LOCAL_RANK", "2"}})
          .find("LOCAL_RANK=\"2\""),
      std::string::npos);
}

TEST(RankFromEnvironment, IsEmptyInABatchScriptOfSlurm) {
  EXPECT_FALSE(found({{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}));
}

TEST(RankFromEnvironment, IsOneAloneInAnInteractiveShellOfSlurm) {
  const Rank rank = rank_of({{"SLURM_JOB_ID", "7"},
                             {"SLURM_NTASKS", "4"},
                             {"SLURM_PROCID", "0"},
                             {"SLURM_STEP_NUM_TASKS", "1"},
                             {"SLURM_STEP_NUM_NODES", "1"}});
  EXPECT_EQ(rank.count, 1);
}

/// What mpirun's daemons, one a machine, pass on of the step that they run in.
const Variables daemons_step{{"SLURM_PROCID", "1"},
                             {"SLURM_LOCALID", "0"},
                             {"SLURM_STEP_NUM_TASKS", "2"},
                             {"SLURM_STEP_NUM_NODES", "2"}};

TEST(RankFromEnvironment, BelievesOpenMpiWithinAStepOfSlurm) {
  const Rank rank =
      rank_of(with(daemons_step, {{"OMPI_COMM_WORLD_SIZE", "8"}, {"OMPI_COMM_WORLD_RANK", "5"}}));
  EXPECT_EQ(rank.rank, 5);
  EXPECT_EQ(rank.count, 8);
}

TEST(RankFromEnvironment, BelievesMpichWithinAStepOfSlurm) {
  const Rank rank =
      rank_of(with(daemons_step, {{"PMI_SIZE", "8"}, {"PMI_RANK", "5"}, {"MPI_LOCALNRANKS", "4"}}));
  EXPECT_EQ(rank.rank, 5);
  EXPECT_EQ(rank.count, 8);
}

TEST(RankFromEnvironment, BelievesSrunAndNotTheShellThatItWasStartedFrom) {
  const Rank rank = rank_of({{"PMI_SIZE", "1"},
                             {"PMI_RANK", "0"},
                             {"SLURM_PROCID", "2"},
                             {"SLURM_STEP_NUM_TASKS", "4"},
                             {"SLURM_STEP_NUM_NODES", "1"}});
  EXPECT_EQ(rank.rank, 2);
  EXPECT_EQ(rank.count, 4);
}

TEST(RankFromEnvironment, BelievesTorchrunStartedByOthers) {
  const Rank rank = rank_of(with(daemons_step, {{"OMPI_COMM_WORLD_SIZE", "2"},
                                                {"OMPI_COMM_WORLD_RANK", "1"},
                                                {"WORLD_SIZE", "8"},
                                                {"RANK", "6"}}));
  EXPECT_EQ(rank.rank, 6);
  EXPECT_EQ(rank.count, 8);
}

TEST(RankFromEnvironment, CountsTheFullestMachineOfSrun) {
  const Rank rank = rank_of({{"SLURM_PROCID", "2"},
                             {"SLURM_LOCALID", "2"},
                             {"SLURM_STEP_NUM_TASKS", "4"},
                             {"SLURM_STEP_NUM_NODES", "2"},
                             {"SLURM_STEP_NODELIST", "a,b"}});
  EXPECT_EQ(rank.local_count, 3) << "three tasks on one machine and one on another";
}

TEST(RankFromEnvironment, MeetsOnThisMachineWhereAllAreOnIt) {
  const Rank rank = rank_of({{"OMPI_COMM_WORLD_RANK", "1"},
                             {"OMPI_COMM_WORLD_SIZE", "2"},
                             {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                             {"PMIX_NAMESPACE", "4711"}});
  EXPECT_EQ(rank.address, "127.0.0.1");
  EXPECT_GE(rank.port, 20'000);
  EXPECT_LT(rank.port, 30'000);
}

TEST(RankFromEnvironment, MeetsWhereTorchrunSays) {
  const Rank rank = rank_of({{"RANK", "3"},
                             {"WORLD_SIZE", "8"},
                             {"LOCAL_WORLD_SIZE", "4"},
                             {"MASTER_ADDR", "head"},
                             {"MASTER_PORT", "1234"}});
  EXPECT_EQ(rank.address, "head");
  EXPECT_EQ(rank.port, 1234);
}

TEST(RankFromEnvironment, MeetsOnTheFirstHostOfSrun) {
  for (const auto& [list, first] : Variables{
           {"gpu[03-05,9]-a,other", "gpu03-a"}, {"n1,n2", "n1"}, {"n1", "n1"}, {"n[7]", "n7"}}) {
    EXPECT_EQ(rank_of(with(daemons_step, {{"SLURM_STEP_NODELIST", list}})).address, first);
  }
}

TEST(RankFromEnvironment, RefusesAHostListThatNamesNone) {
  EXPECT_NE(refusal(with(daemons_step, {{"SLURM_STEP_NODELIST", "n[1"}}))
                .find("SLURM_STEP_NODELIST=\"n[1\""),
            std::string::npos);
}

TEST(RankFromEnvironment, RefusesAPortThatIsNone) {
  EXPECT_NE(refusal({{"WORLD_SIZE", "2"}, {"RANK", "0"}, {"MASTER_PORT", "65536"}})
                .find("MASTER_PORT=\"65536\""),
            std::string::npos);
}

TEST(RankFromEnvironment, TakesTheTimeOut) {
  const Variables two{{"WORLD_SIZE", "2"}, {"RANK", "0"}};
  EXPECT_EQ(rank_of(with(two, {{"VIDCLASS_RANK_TIMEOUT", "12"}})).timeout_seconds, 12);
  EXPECT_NE(refusal(with(two, {{"VIDCLASS_RANK_TIMEOUT", "0"}})).find("VIDCLASS_RANK_TIMEOUT"),
            std::string::npos);
}

}  // namespace
}  // namespace vidclass

// The same seed gives the same model, and a model the same score wherever it is
// asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "core/atomic_file.hpp"
#include "core/safetensors.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

class TwoTrainings : public ::testing::Test {
protected:
  fs::path train(const std::string& name, const std::string& seed, const Arguments& more = {}) {
    Arguments words{"train",  demo_clips(), "-o",      dir_ / name,   "--backbone",
                    "mini",   "--epochs",   "2",       "--members",   "2",
                    "--seed", seed,         "--cache", dir_ / "cache"};
    words.insert(words.end(), more.begin(), more.end());
    const Result result = run(words);
    EXPECT_EQ(result.status, 0) << result.err;
    return dir_ / name;
  }

private:
  TempDir dir_;
};

TEST_F(TwoTrainings, OfTheSameSeedAreTheSameByteForByte) {
  EXPECT_TRUE(same_tensors(train("a", "3"), train("b", "3")));
}

TEST_F(TwoTrainings, OfTheSameSeedAreTheSameOnAnotherNumberOfThreads) {
  EXPECT_TRUE(
      same_tensors(train("a", "3", {"--threads", "1"}), train("b", "3", {"--threads", "3"})));
}

TEST_F(TwoTrainings, OfOtherSeedsDiffer) {
  EXPECT_FALSE(same_tensors(train("a", "3"), train("b", "4")));
}

using Clips = std::set<std::string>;

/// The paths in a CSV's first column, made absolute; with `split`, of the lines that
/// name it.
Clips clips_in(const fs::path& csv, const std::string& split = "") {
  Clips clips;
  std::istringstream lines(read_text_file(csv));
  std::string line;
  std::getline(lines, line);  // names the columns
  while (std::getline(lines, line)) {
    if (!split.empty() && line.find("," + split + ",") == std::string::npos) continue;
    const fs::path path = line.substr(0, line.find(','));
    clips.insert(fs::weakly_canonical(csv.parent_path() / path));
  }
  return clips;
}

/// `run` on classes in folders, which brings its own split, and `evaluate` of what
/// it made.
class ModelOfFolders : public ::testing::Test {
protected:
  void SetUp() override {
    copy_classes(dir_ / "data", {"MoveLeft", "MoveRight", "Rise", "Fall"});
    const Result run_result =
        run({"run", dir_ / "data", "-o", dir_ / "out", "--backbone", "mini", "--epochs", "4",
             "--members", "1", "--seed", "11", "--no-compare", "--json"});
    ASSERT_EQ(run_result.status, 0) << run_result.err;
    run_ = run_result.json();
    const Result result = run({"evaluate", dir_ / "out/model.safetensors", dir_ / "data",
                               "--predictions", dir_ / "again.csv", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    evaluate_ = result.json();
  }

  TempDir dir_;
  Json run_;
  Json evaluate_;
};

TEST_F(ModelOfFolders, IsEvaluatedOnTheTestClipsOfItsTraining) {
  const Clips test = clips_in(dir_ / "out/manifest.csv", "test");
  EXPECT_GE(test.size(), 4U);
  EXPECT_EQ(clips_in(dir_ / "again.csv"), test);
}

TEST_F(ModelOfFolders, ScoresInEvaluateWhatItScoredInRun) {
  const Json& first = run_.at("evaluate");
  EXPECT_EQ(evaluate_.at("top1"), first.at("top1"));
  EXPECT_EQ(evaluate_.at("confusion"), first.at("confusion"));
  EXPECT_NEAR(evaluate_.at("loss").get<double>(), first.at("loss").get<double>(), 1e-3);
  EXPECT_EQ(evaluate_.at("baseline").at("top1"), first.at("baseline").at("top1"));
}

TEST_F(ModelOfFolders, GivesAgainThePredictionsOfRun) {
  EXPECT_EQ(clips_in(dir_ / "again.csv"), clips_in(dir_ / "out/predictions.csv"));
}

TEST_F(ModelOfFolders, ScoresTheManifestOfRunLikeTheFolders) {
  const Result result =
      run({"evaluate", dir_ / "out/model.safetensors", dir_ / "out/manifest.csv", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("confusion"), evaluate_.at("confusion"));
}

TEST(ModelOfGivenSplits, ScoresInEvaluateWhatItScoredInRun) {
  const TempDir dir;
  const Result first = run({"run", demo_clips(), "-o", dir / "out", "--backbone", "mini",
                            "--epochs", "4", "--members", "1", "--no-compare", "--json"});
  const Result second = run({"evaluate", dir / "out/model.safetensors", demo_clips(), "--json"});
  ASSERT_EQ(first.status, 0) << first.err;
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(second.json().at("confusion"), first.json().at("evaluate").at("confusion"));
}

}  // namespace
}  // namespace vidclass::cli::testing

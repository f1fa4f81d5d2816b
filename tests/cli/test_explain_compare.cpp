#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

TEST(Explain, WritesPicturesAVideoAndADocument) {
  const TempDir dir;
  const Result result =
      run({"explain", "--json", demo_model(), demo_clip("Rise"), "-o", dir / "why"});
  EXPECT_EQ(result.status, 0) << result.err;
  std::vector<std::string> names;
  for (const auto& file : files_below(dir.path())) names.push_back(file.filename());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{".vidclass-outputs", "annotated.mp4",
                                             "explanation.json", "frames.png", "motion.mp4"}));
}

TEST(Explain, GivesFramesThatSumToTheDifferenceOfLogOdds) {
  const Json clip = run({"explain", "--json", demo_model(), demo_clip("Rise"), "--steps", "16"})
                        .json()
                        .at("clips")
                        .at(0);
  double frames = 0;
  double places = 0;
  for (const Json& frame : clip.at("frames")) {
    frames += frame.at("adds").get<double>();
    ASSERT_EQ(frame.at("places").size(), 4U);
    for (const Json& row : frame.at("places")) {
      for (const Json& place : row) places += place.get<double>();
    }
  }
  const double difference =
      clip.at("log_odds").get<double>() - clip.at("log_odds_of_mean").get<double>();
  EXPECT_NEAR(frames, difference, 0.05 * std::abs(difference) + 0.02);
  EXPECT_NEAR(places, difference, 0.05 * std::abs(difference) + 0.02);
}

TEST(Explain, OfAnUnknownLabelIsWrongUse) {
  expect_wrong_use(run({"explain", demo_model(), demo_clip("Rise"), "--label", "Jump"}),
                   {"Jump", "8 labels"});
}

TEST(Explain, NamesAnUnusableClip) {
  const TempDir dir;
  write_text(dir / "bad.avi", "no video");
  expect_failure(run({"explain", demo_model(), dir / "bad.avi"}), 1, {"bad.avi"});
}

/// Two evaluations of the demo's clips, on disk.
class Compare : public ::testing::Test {
protected:
  void SetUp() override {
    for (const std::string split : {"test", "all"}) {
      const Result result =
          run({"evaluate", demo_model(), demo_clips(), "--split", split, "--json"});
      write_text(dir_ / (split + ".json"), result.out);
    }
  }
  TempDir dir_;
};

TEST_F(Compare, ListsEveryRun) {
  const Json document = run({"compare", "--json", dir_ / "test.json", dir_ / "test.json"}).json();
  EXPECT_EQ(document.at("runs").size(), 2U);
  EXPECT_TRUE(document.at("warnings").empty());
}

TEST_F(Compare, WarnsOfOtherClipsAndWritesAPage) {
  const Result result = run(
      {"compare", "--json", dir_ / "test.json", dir_ / "all.json", "--report", dir_ / "c.html"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("warnings").size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(dir_ / "c.html"));
}

TEST_F(Compare, OfAnotherFileFails) {
  write_text(dir_ / "other.json", "{\"clips\": 3}");
  expect_failure(run({"compare", dir_ / "other.json"}), 1, {"other.json", "evaluate --json"});
}

TEST_F(Compare, OfAMissingFileIsWrongUse) {
  expect_wrong_use(run({"compare", dir_ / "none.json"}), {"none.json"});
}

}  // namespace
}  // namespace vidclass::cli::testing

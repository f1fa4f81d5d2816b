// Made splits: asked for, written out, and kept apart when a model is evaluated.
#include <gtest/gtest.h>

#include <filesystem>

#include "demo.hpp"
#include "program.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// Two classes of four clips without split lists, and a model trained on half of them.
class MadeSplits : public ::testing::Test {
protected:
  MadeSplits() { copy_classes(data(), {"Rise", "Fall"}); }

  [[nodiscard]] fs::path data() const { return dir_ / "data"; }
  [[nodiscard]] fs::path model() const { return dir_ / "m.safetensors"; }
  void train(const Arguments& more = {}) const {
    Arguments words{"train",    data(), "-o",        model(), "--backbone", "mini",
                    "--epochs", "1",    "--members", "1",     "--split",    "50/25/25"};
    words.insert(words.end(), more.begin(), more.end());
    const Result result = run(words);
    ASSERT_EQ(result.status, 0) << result.err;
  }
  [[nodiscard]] Json evaluated(const Arguments& more = {}) const {
    Arguments words{"evaluate", model(), data(), "--json", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words).json();
  }
  [[nodiscard]] Json scanned(const Arguments& words) const {
    Arguments all{"scan", data(), "--json", "-q"};
    all.insert(all.end(), words.begin(), words.end());
    return run(all).json();
  }

  const TempDir dir_;
};

TEST_F(MadeSplits, AreShownByScan) {
  const Json rise = scanned({"--split", "50/25/25"}).at("classes")[1];
  EXPECT_EQ(rise.at("train"), 2);
  EXPECT_EQ(rise.at("val"), 1);
  EXPECT_EQ(rise.at("test"), 1);
}

TEST_F(MadeSplits, AreWrittenOutAndReadBack) {
  const fs::path csv = dir_ / "out/manifest.csv";
  const Json made = scanned({"--folds", "4", "--fold", "2", "--write", csv});
  const Json again = run({"scan", csv, "--json", "-q"}).json();
  EXPECT_EQ(again.at("layout"), "csv");
  EXPECT_EQ(again.at("classes"), made.at("classes"));
}

TEST_F(MadeSplits, ByFoldsNeedTheFold) {
  expect_wrong_use(run({"scan", data(), "--folds", "4"}), {"--folds needs --fold"});
  expect_wrong_use(run({"scan", data(), "--folds", "4", "--fold", "5"}), {"beyond the 4 folds"});
}

TEST_F(MadeSplits, AreRefusedWhenTheyAreNotUnderstood) {
  expect_wrong_use(run({"scan", data(), "--split", "most"}), {"\"most\"", "70/15/15"});
}

TEST_F(MadeSplits, AreTheSameWhenEvaluating) {
  train();
  EXPECT_EQ(evaluated().at("clips"), 2);
  EXPECT_EQ(evaluated({"--split", "val"}).at("clips"), 2);
  EXPECT_EQ(evaluated({"--split", "train"}).at("clips"), 4);
}

TEST_F(MadeSplits, NeverTestClipsThatWereTrainedOnWhateverIsAdded) {
  train();
  // A new clip moves every clip behind it in a split made from a seed.
  fs::copy_file(demo_clip("MoveLeft"), data() / "Fall/added.avi");
  // Copies of clips that were trained or validated on, and of those that were not.
  for (const fs::path& clip : files_below(data() / "Rise")) {
    fs::copy_file(clip, data() / "Rise" / ("copy of " + clip.filename().string()));
  }
  const Json evaluation = evaluated();
  EXPECT_EQ(evaluation.at("trained_on"), 0);
  EXPECT_EQ(evaluation.at("validated_on"), 0);
  EXPECT_EQ(evaluation.at("clips"), 2 + 1 + 1);
}

TEST_F(MadeSplits, LeaveNewClipsOfKnownGroupsOutOfTheTest) {
  train();
  const auto tested = evaluated().at("clips").get<int>();
  for (int group = 1; group <= 4; ++group) {
    const std::string name =
        std::string("v_Rise_g0").append(std::to_string(group)).append("_c77.avi");
    fs::copy_file(demo_clip("MoveLeft", group), data() / "Rise" / name);
  }
  const Result result = run({"evaluate", model(), data(), "--json"});
  EXPECT_EQ(result.json().at("clips"), tested + 1);
  EXPECT_NE(result.err.find("3 clips that the model was not trained on left out"),
            std::string::npos)
      << result.err;
}

TEST_F(MadeSplits, AreWarnedOfWhenAGivenTestSetHoldsTrainingClips) {
  train();
  std::string csv = "path,label,split\n";
  for (const char* label : {"Rise", "Fall"}) {
    for (const fs::path& clip : files_below(data() / label)) {
      csv += fs::absolute(clip).string() + "," + label + ",test\n";
    }
  }
  write_text(dir_ / "all.csv", csv);
  const Result result = run({"evaluate", model(), dir_ / "all.csv", "--json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.json().at("trained_on"), 4);
  EXPECT_NE(result.err.find("6 of 8 clips to test on have the content of clips that "),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("was trained on (4) or validated on (2)"), std::string::npos);
  expect_failure(run({"evaluate", model(), dir_ / "all.csv", "--fail-on-leak"}), 1,
                 {"6 of 8 clips"});
}

}  // namespace
}  // namespace vidclass::cli::testing

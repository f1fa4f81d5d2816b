// Folders and lists as people have them, and our own files among their clips.
#include <gtest/gtest.h>

#include "demo.hpp"
#include "program.hpp"
#include "support/files.hpp"

namespace vidclass::cli::testing {
namespace {

using vidclass::testing::has;

class DataWithOurFiles : public ::testing::Test {
protected:
  DataWithOurFiles() { copy_classes(data(), {"Rise", "Fall"}); }
  [[nodiscard]] std::filesystem::path data() const { return dir_ / "data"; }
  /// Clips and classes that scan finds.
  void expect_as_before() const {
    const Json found = run({"scan", data(), "--quick", "--json"}).json();
    EXPECT_EQ(found.at("clips"), 8) << found;
    EXPECT_EQ(found.at("labels").size(), 2U) << found;
  }

  const TempDir dir_;
};

TEST_F(DataWithOurFiles, IsTheSameWithAnExplanationInIt) {
  const auto clip = *std::filesystem::directory_iterator(data() / "Rise");
  ASSERT_EQ(run({"explain", demo_model(), clip.path(), "-o", data() / "why"}).status, 0);
  ASSERT_EQ(run({"explain", demo_model(), clip.path(), "-o", data() / "Rise/why"}).status, 0);
  expect_as_before();
}

TEST_F(DataWithOurFiles, IsTheSameWithAnnotatedClipsInIt) {
  const auto clip = *std::filesystem::directory_iterator(data() / "Rise");
  ASSERT_EQ(run({"predict", demo_model(), data() / "Rise", "--annotate", data() / "seen"}).status,
            0);
  ASSERT_EQ(
      run({"predict", demo_model(), clip.path(), "--annotate", data() / "Rise/seen.mp4"}).status,
      0);
  expect_as_before();
}

TEST_F(DataWithOurFiles, IsTheSameWithAModelACacheAndFeaturesInIt) {
  std::filesystem::copy_file(demo_model(), data() / "Rise/m.safetensors");
  ASSERT_EQ(run({"extract", data(), "--backbone", "mini", "--cache", data() / "cache", "-o",
                 data() / "features"})
                .status,
            0);
  expect_as_before();
  EXPECT_EQ(run({"scan", data() / "features", "--json"}).json().at("clips"), 8);
}

TEST_F(DataWithOurFiles, IsRunOnTwice) {
  const Arguments words{"run",          data(),   "-o",   data() / "result", "--backbone",
                        "mini",         "--head", "mean", "--no-compare",    "-q",
                        "--quick-scan", "--seed", "3"};
  ASSERT_EQ(run(words).status, 0);
  const Result again = run(words);
  EXPECT_EQ(again.status, 0) << again.err;
  expect_as_before();
}

TEST(ListsOnStandardInput, MayHaveAByteOrderMarkAndCarriageReturns) {
  const Result result =
      run({"predict", demo_model(), "-", "--csv", "--top", "1"}, {},
          "\xEF\xBB\xBF" + demo_clip("Rise").string() + "\r\n" + demo_clip("Fall").string());
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST(ListsOnStandardInput, LabelTheOthersWhereOneIsAbsent) {
  const Result result = run({"predict", demo_model(), "-", "--json"}, {},
                            "absent.mp4\n" + demo_clip("Rise").string() + "\n");
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_TRUE(has(result.err, "absent.mp4: file not found")) << result.err;
  const Json clips = parse_json(result.out).at("clips");
  EXPECT_EQ(clips.at(1).at("predictions").empty(), false);
}

TEST(LabelsInOtherEncodings, AreToldOfBeforeTheWorkWithTheOption) {
  const TempDir dir;
  copy_classes(dir / "data", {"Rise", "Fall"});
  std::filesystem::rename(dir / "data/Rise", dir / "data/caf\xE9");
  const Arguments words{"train",  dir / "data", "-o",         dir / "m.safetensors",
                        "--head", "mean",       "--backbone", "mini"};
  const Result result = run(words);
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(has(result.err, "--encoding latin1")) << result.err;
  EXPECT_FALSE(has(result.err, "extract")) << result.err;
  Arguments with = words;
  with.insert(with.end(), {"--encoding", "latin1"});
  EXPECT_EQ(run(with).status, 0);
}

TEST(TooFewClips, AreToldOfBeforeTheWork) {
  const TempDir dir;
  copy_classes(dir / "data", {"Rise", "Fall"});
  const Result result = run({"run", dir / "data", "-o", dir / "r", "--backbone", "mini", "--head",
                             "mean", "--split", "100/0/0"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(has(result.err, "has too few clips to go on")) << result.err;
  EXPECT_FALSE(has(result.err, "scan ")) << result.err;
}

}  // namespace
}  // namespace vidclass::cli::testing

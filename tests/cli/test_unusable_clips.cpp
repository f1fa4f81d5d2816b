// Clips that cannot be used: named, counted, status 3, and the work goes on.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// The element of "unusable" that names `path`.
Json entry_of(const Json& unusable, const fs::path& path) {
  for (const Json& entry : unusable) {
    if (entry.at("path") == path.string()) return entry;
  }
  return nullptr;
}

/// Two classes of good clips, and one that is none.
class AmongGoodClips : public ::testing::Test {
protected:
  void SetUp() override { copy_classes(data(), {"MoveLeft", "Rise"}); }

  [[nodiscard]] fs::path data() const { return dir_ / "data"; }
  [[nodiscard]] fs::path output() const { return dir_ / "output"; }
  [[nodiscard]] fs::path bad_clip() const { return data() / "Rise" / "v_Rise_g07_c01.avi"; }

  void expect_named(const Result& result) const {
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_NE(result.err.find("warning: unusable clip " + bad_clip().string() + ": "),
              std::string::npos)
        << result.err;
    EXPECT_TRUE(result.error_lines().empty()) << result.err;
  }
  void expect_listed(const Json& unusable) const {
    ASSERT_EQ(unusable.size(), 1U) << unusable;
    EXPECT_EQ(unusable[0].at("path"), bad_clip().string());
    EXPECT_NE(unusable[0].at("reason"), "");
  }

private:
  TempDir dir_;
};

class ATextFileNamedAvi : public AmongGoodClips {
protected:
  void SetUp() override {
    AmongGoodClips::SetUp();
    write_text(bad_clip(), "This is no video.\n");
  }
};

TEST_F(ATextFileNamedAvi, IsNamedByScan) {
  const Result result = run({"scan", data(), "--json"});
  expect_named(result);
  expect_listed(result.json().at("unusable"));
  EXPECT_EQ(result.json().at("clips"), 9);
}

TEST_F(ATextFileNamedAvi, IsNamedByExtractAndNotCountedAsAClip) {
  const Result result = run({"extract", data(), "--backbone", "mini", "--json"});
  expect_named(result);
  expect_listed(result.json().at("unusable"));
  EXPECT_EQ(result.json().at("clips"), 8);
}

TEST_F(ATextFileNamedAvi, IsNamedByRunWhichWritesAModelAllTheSame) {
  const Result result = run({"run", data(), "-o", output(), "--backbone", "mini", "--epochs", "2",
                             "--members", "1", "--json"});
  expect_named(result);
  expect_listed(result.json().at("extract").at("unusable"));
  EXPECT_TRUE(fs::exists(output() / "model.safetensors"));
}

TEST_F(ATextFileNamedAvi, IsNamedByEvaluateAndNotScored) {
  const Result result = run({"evaluate", demo_model(), data(), "--split", "all", "--json"});
  expect_named(result);
  expect_listed(result.json().at("unusable"));
  EXPECT_EQ(result.json().at("clips"), 8);
}

TEST_F(ATextFileNamedAvi, IsNamedByPredictWhichLabelsTheOthers) {
  const Result result = run({"predict", demo_model(), demo_clip("Rise"), bad_clip(), "--json"});
  expect_named(result);
  const Json clips = result.json().at("clips");
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_FALSE(clips[0].contains("error"));
  EXPECT_NE(clips[1].at("error"), "");
  EXPECT_TRUE(clips[1].at("predictions").empty());
}

TEST_F(ATextFileNamedAvi, IsToldQuietlyInJsonAlone) {
  const Result result = run({"extract", data(), "--backbone", "mini", "--json", "-q"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.err, "");
  expect_listed(result.json().at("unusable"));
}

TEST_F(AmongGoodClips, AnEmptyFileIsNamed) {
  write_text(bad_clip(), "");
  const Result result = run({"extract", data(), "--backbone", "mini", "--json"});
  expect_named(result);
  expect_listed(result.json().at("unusable"));
}

TEST_F(AmongGoodClips, AClipCutInHalfGivesTheFramesThatItHasOrIsNamed) {
  write_half(bad_clip(), demo_clip("Rise"));
  const Result result = run({"extract", data(), "--backbone", "mini", "--json"});
  if (result.status == 0) {
    EXPECT_EQ(result.json().at("clips"), 9);
  } else {
    expect_named(result);
    expect_listed(result.json().at("unusable"));
  }
}

TEST_F(AmongGoodClips, AFolderNamedLikeAClipIsLeftOut) {
  fs::create_directories(bad_clip());
  const Result result = run({"extract", data(), "--backbone", "mini", "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 8);
}

TEST_F(AmongGoodClips, ALinkThatLeadsNowhereIsNamed) {
  fs::create_symlink("nowhere.avi", bad_clip());
  const Result result = run({"extract", data(), "--backbone", "mini", "--json"});
  expect_named(result);
  expect_listed(result.json().at("unusable"));
}

/// A list of `present` clips that are there and two that are not.
std::string list_of(const std::vector<fs::path>& present) {
  std::string csv = "path,label\n";
  for (const fs::path& clip : present) csv += clip.string() + ",Rise\n";
  return csv + "gone/a.avi,Rise\ngone/b.avi,Fall\n";
}

TEST(ListOfClips, OfWhichSomeAreAbsentNamesEach) {
  const TempDir dir;
  write_text(dir / "clips.csv", list_of({demo_clip("Rise", 1), demo_clip("Rise", 2)}));
  const Result result = run({"extract", dir / "clips.csv", "--backbone", "mini", "--json"});
  EXPECT_EQ(result.status, 3) << result.err;
  const Json document = result.json();
  EXPECT_EQ(document.at("clips"), 2);
  EXPECT_EQ(document.at("unusable").size(), 2U);
  for (const char* name : {"gone/a.avi", "gone/b.avi"}) {
    EXPECT_FALSE(entry_of(document.at("unusable"), dir / name).is_null()) << document;
    EXPECT_NE(result.err.find(dir / name), std::string::npos) << result.err;
  }
}

TEST(ListOfClips, OfWhichAllAreAbsentIsAFailureThatNamesTheListAndTheFirst) {
  const TempDir dir;
  write_text(dir / "clips.csv", list_of({}));
  for (const char* verb : {"scan", "extract"}) {
    expect_failure(run({verb, dir / "clips.csv"}), 1, {dir / "clips.csv", dir / "gone/a.avi"});
  }
}

TEST(UnusableClips, AloneLeaveNothingToExtract) {
  const TempDir dir;
  for (const char* label : {"Rise", "Fall"}) write_text(dir.path() / label / "a.avi", "text");
  const Result result = run({"extract", dir.path(), "--backbone", "mini"});
  expect_failure(result, 1, {dir.path().string(), "no clip is usable"});
}

TEST(UnusableClips, AloneLeaveNothingToTrainOn) {
  const TempDir dir;
  for (const char* label : {"Rise", "Fall"}) {
    for (const char* clip : {"a.avi", "b.avi", "c.avi"}) {
      write_text(dir.path() / "data" / label / clip, std::string("text ") + clip);
    }
  }
  expect_failure(run({"train", dir / "data", "-o", dir / "m.safetensors", "--backbone", "mini"}), 1,
                 {dir / "data", "no usable clip"});
  EXPECT_FALSE(fs::exists(dir / "m.safetensors"));
}

TEST(UnusableClips, AreTheErrorWhenThereIsOnlyOne) {
  const TempDir dir;
  write_text(dir / "a.avi", "text");
  const Result result = run({"predict", demo_model(), dir / "a.avi"});
  expect_failure(result, 1, {dir / "a.avi"});
  EXPECT_EQ(result.out, "");
}

TEST(UnusableClips, AloneLeaveNothingToPredict) {
  const TempDir dir;
  for (const char* clip : {"a.avi", "b.avi"}) write_text(dir / clip, "text");
  const Result result = run({"predict", demo_model(), dir / "a.avi", dir / "b.avi"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find(dir / "b.avi"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("error: no clip is usable"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace vidclass::cli::testing

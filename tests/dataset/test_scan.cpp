#include "dataset/scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dataset/files.hpp"
#include "support/shared_data.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::put;
using testing::put_video;
using testing::TempDir;

/// Two classes of three clips, each with other content, one in each split.
class Scan : public ::testing::Test {
protected:
  Scan() {
    manifest.source = dir.path();
    manifest.labels = {"run", "walk"};
    std::uint8_t grey = 0;
    for (std::size_t label = 0; label < 2; ++label) {
      for (const Split split : {Split::train, Split::validation, Split::test}) {
        const auto path = dir / manifest.labels[label] / (std::to_string(grey) + ".avi");
        manifest.clips.push_back({put_video(path, grey), label, "", split});
        grey = static_cast<std::uint8_t>(grey + 40);
      }
    }
  }

  [[nodiscard]] ScanOptions options(int threads) const {
    return {.threads = threads, .cache_dir = dir / "cache"};
  }

  void copy(std::size_t from, std::size_t to) {
    std::filesystem::copy_file(manifest.clips[from].path, manifest.clips[to].path,
                               std::filesystem::copy_options::overwrite_existing);
  }

  const TempDir dir;
  Manifest manifest;
};

TEST_F(Scan, FindsNothingWrongWithGoodClips) {
  const auto report = scan(manifest, options(2));
  EXPECT_EQ(report.clips, 6U);
  EXPECT_TRUE(report.unusable.empty());
  EXPECT_EQ(report.warnings, std::vector<std::string>());
}

TEST_F(Scan, NamesClipsThatAreVeryDarkOrFlat) {
  // All of one colour: of grey 0, 40, 80, ...
  ScanOptions with_pictures = options(2);
  with_pictures.near_duplicates = true;
  const auto report = scan(manifest, with_pictures);
  EXPECT_EQ(report.dark, (std::vector{manifest.clips[0].path, manifest.clips[1].path}));
  EXPECT_EQ(report.flat.size(), 6U);
  EXPECT_TRUE(any_has(report.warnings, "2 clips so dark that"));
  EXPECT_TRUE(any_has(report.warnings, "6 clips so flat that"));
}

TEST_F(Scan, CountsClipsByClassAndSplit) {
  manifest.clips[0].split = Split::none;
  const auto report = scan(manifest, options(1));
  ASSERT_EQ(report.classes.size(), 2U);
  EXPECT_EQ(report.classes[0].label, "run");
  EXPECT_EQ(report.classes[0].none, 1U);
  EXPECT_EQ(report.classes[0].train, 0U);
  EXPECT_EQ(report.classes[1].validation, 1U);
  EXPECT_EQ(report.classes[1].test, 1U);
}

TEST_F(Scan, NamesAnAbsentClip) {
  std::filesystem::remove(manifest.clips[1].path);
  const auto report = scan(manifest, options(2));
  ASSERT_EQ(report.unusable.size(), 1U);
  EXPECT_EQ(report.unusable[0].path, manifest.clips[1].path);
  EXPECT_FALSE(report.unusable[0].reason.empty());
}

TEST_F(Scan, NamesUnreadableClipsInTheOrderOfTheManifest) {
  put(manifest.clips[4].path, "this is no video");
  put(manifest.clips[2].path, "");
  const auto report = scan(manifest, options(3));
  ASSERT_EQ(report.unusable.size(), 2U);
  EXPECT_EQ(report.unusable[0].path, manifest.clips[2].path);
  EXPECT_EQ(report.unusable[1].path, manifest.clips[4].path);
}

TEST_F(Scan, WarnsOfTheSameContentInTwoSplits) {
  copy(0, 2);
  const auto report = scan(manifest, options(2));
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_EQ(report.warnings[0],
            "1 clip with the same content in two splits: " + manifest.clips[0].path.string() +
                " (train) and " + manifest.clips[2].path.string() + " (test)");
}

TEST_F(Scan, WarnsOfTheSameContentUnderTwoLabels) {
  copy(0, 3);
  EXPECT_TRUE(any_has(scan(manifest, options(2)).warnings, "same content under two labels"));
}

TEST_F(Scan, WarnsOfCopiesWithinASplit) {
  manifest.clips.push_back({dir / "run/copy.avi", 0, "", Split::train});
  copy(0, 6);
  EXPECT_TRUE(
      any_has(scan(manifest, options(2)).warnings, "1 clip with the same content more than once"));
}

TEST_F(Scan, WarnsOfAGroupOnBothSides) {
  manifest.clips[0].group = manifest.clips[1].group = "place";
  const auto warnings = scan(manifest, options(2)).warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(testing::has(
      warnings[0], "1 group of clips filmed together in more than one split: \"place\", with " +
                       manifest.clips[0].path.string() + " in train and "))
      << warnings[0];
}

TEST_F(Scan, WarnsOfAClassMissingFromASplit) {
  manifest.clips.pop_back();
  EXPECT_TRUE(any_has(scan(manifest, options(2)).warnings,
                      "1 of 2 classes missing from the split test: \"walk\""));
}

TEST_F(Scan, WarnsOfASingleClass) {
  manifest.clips.resize(3);
  const auto warnings = scan(manifest, options(2)).warnings;
  EXPECT_TRUE(any_has(warnings, "only one class has clips, \"run\": at least two are needed"));
  EXPECT_TRUE(any_has(warnings, "1 class without any clip: \"walk\""));
}

TEST_F(Scan, WarnsOfHeavyImbalance) {
  for (int i = 0; i < 12; ++i) {
    const auto path = dir / "run" / ("more" + std::to_string(i) + ".avi");
    manifest.clips.push_back(
        {put_video(path, static_cast<std::uint8_t>(5 + 3 * i)), 0, "", Split::train});
  }
  EXPECT_TRUE(
      any_has(scan(manifest, options(2)).warnings, "\"run\" has 15 clips, \"walk\" only 3"));
}

TEST_F(Scan, RepeatsTheNotesOfTheManifest) {
  manifest.notes = {"something was left out"};
  EXPECT_EQ(scan(manifest, options(1)).warnings, manifest.notes);
}

TEST_F(Scan, ReportsProgressForEachClip) {
  std::size_t calls = 0;
  static_cast<void>(scan(manifest, options(2), [&](const ProgressState& state) {
    calls += state.stage == "scan" ? 1 : 0;
  }));
  EXPECT_EQ(calls, 6U);
}

TEST_F(Scan, StopsOnRequest) {
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW(static_cast<void>(scan(manifest, options(2), {}, cancel)), Cancelled);
}

TEST(ScanData, FindsTennis7Usable) {
  VIDCLASS_NEED_SHARED_DATA();
  const TempDir cache;
  const auto report = scan(open(testing::shared_data() / "tennis7/split.csv"),
                           {.threads = 2, .cache_dir = cache.path()});
  EXPECT_EQ(report.clips, 371U);
  EXPECT_TRUE(report.unusable.empty());
  EXPECT_FALSE(any_has(report.warnings, "in more than one split"));
}

}  // namespace
}  // namespace vidclass::dataset

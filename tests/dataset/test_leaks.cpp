#include "dataset/leaks.hpp"

#include <gtest/gtest.h>

#include "core/hash.hpp"
#include "dataset/files.hpp"
#include "dataset/scan.hpp"
#include "support/footage.hpp"
#include "support/old_file.hpp"

namespace vidclass::dataset {
namespace {

using testing::film;
using testing::TempDir;

Manifest four_clips() {
  Manifest manifest;
  manifest.labels = {"run", "walk"};
  manifest.clips = {{"/a", 0, "", Split::train},
                    {"/b", 0, "", Split::validation},
                    {"/c", 1, "", Split::test},
                    {"/d", 1, "", Split::train}};
  return manifest;
}

TEST(Leaks, OfTheSameContentConnectAllItsClips) {
  const Manifest manifest = four_clips();
  const auto leaks = find_leaks(manifest, {"1", "2", "1", "1"}, {});
  ASSERT_EQ(leaks.size(), 1U);
  EXPECT_EQ(leaks[0].kind, LeakKind::same_content);
  EXPECT_EQ(leaks[0].clips, (std::vector<std::size_t>{0, 2, 3}));
  EXPECT_EQ(splits_of(leaks[0], manifest), (std::vector{Split::train, Split::test}));
}

TEST(Leaks, AreNoneWithinASplit) {
  EXPECT_TRUE(find_leaks(four_clips(), {"1", "2", "3", "1"}, {{"1", "1"}}).empty());
}

TEST(Leaks, AreNoneOfClipsWithoutASplit) {
  Manifest manifest = four_clips();
  manifest.clips[2].split = Split::none;
  EXPECT_TRUE(find_leaks(manifest, {"1", "2", "1", "4"}, {}).empty());
}

TEST(Leaks, AreNoneOfUnknownContents) {
  EXPECT_TRUE(find_leaks(four_clips(), {"", "", "", ""}, {}).empty());
}

TEST(Leaks, OfNearDuplicatesTellHowTheyWereMade) {
  const auto leaks =
      find_leaks(four_clips(), {"1", "2", "3", "4"}, {{"1", "3", true, 0.5, 2}, {"1", "9"}});
  ASSERT_EQ(leaks.size(), 1U);
  EXPECT_EQ(leaks[0].kind, LeakKind::near_duplicate);
  EXPECT_EQ(leaks[0].clips, (std::vector<std::size_t>{0, 2}));
  EXPECT_TRUE(leaks[0].mirrored);
  EXPECT_EQ(leaks[0].overlap, 2);
}

TEST(Leaks, OfAGroupNameIt) {
  Manifest manifest = four_clips();
  manifest.clips[1].group = manifest.clips[2].group = "place";
  const auto leaks = find_leaks(manifest, {"1", "2", "3", "4"}, {});
  ASSERT_EQ(leaks.size(), 1U);
  EXPECT_EQ(leaks[0].kind, LeakKind::group);
  EXPECT_EQ(leaks[0].group, "place");
}

class LeaksOfSpans : public ::testing::Test {
protected:
  [[nodiscard]] std::vector<Leak> leaks(double start, std::optional<double> end) {
    Manifest manifest = four_clips();
    manifest.clips.resize(3);
    manifest.clips[0].end = 5;
    manifest.clips[2].start = start;
    manifest.clips[2].end = end;
    return find_leaks(manifest,
                      {content_of(manifest.clips[0], "1"), "2", content_of(manifest.clips[2], "1")},
                      {});
  }
};

TEST_F(LeaksOfSpans, AreThereWhereTheyOverlap) { EXPECT_EQ(leaks(4, 9).size(), 1U); }
TEST_F(LeaksOfSpans, AreNoneWhereOneFollowsTheOther) { EXPECT_TRUE(leaks(5, 9).empty()); }
TEST_F(LeaksOfSpans, AreThereForTheWholeFile) { EXPECT_EQ(leaks(0, {}).size(), 1U); }

/// A clip in train, and a mirrored copy in test.
class KnownLeaks : public ::testing::Test {
protected:
  KnownLeaks() {
    manifest.labels = {"run", "walk"};
    manifest.clips = {{film(dir / "a.avi", {}), 0, "", Split::train},
                      {film(dir / "b.avi", {.mirrored = true}), 0, "", Split::test}};
    for (const Clip& clip : manifest.clips) testing::make_old(clip.path);
  }
  [[nodiscard]] std::vector<Leak> known() const { return known_leaks(manifest, dir / "cache", 1); }
  [[nodiscard]] ScanReport scanned() const {
    return scan(manifest, {.threads = 2, .cache_dir = dir / "cache", .near_duplicates = true});
  }

  const TempDir dir;
  Manifest manifest;
};

TEST_F(KnownLeaks, DoNotHoldNearDuplicatesBeforeAScan) { EXPECT_TRUE(known().empty()); }

TEST_F(KnownLeaks, HoldWhatAScanFound) {
  EXPECT_EQ(scanned().leaks.size(), 1U);
  ASSERT_EQ(known().size(), 1U);
  EXPECT_EQ(known()[0].kind, LeakKind::near_duplicate);
}

TEST_F(KnownLeaks, FollowClipsIntoOtherSplits) {
  (void)scanned();
  manifest.clips[1].split = Split::train;
  EXPECT_TRUE(known().empty());
  manifest.clips[0].split = Split::validation;
  EXPECT_EQ(known().size(), 1U);
}

TEST_F(KnownLeaks, HoldTheSameContentWithoutAScan) {
  manifest.clips.push_back({dir / "c.avi", 0, "", Split::validation});
  std::filesystem::copy_file(manifest.clips[0].path, manifest.clips[2].path);
  ASSERT_EQ(known().size(), 1U);
  EXPECT_EQ(known()[0].kind, LeakKind::same_content);
}

TEST_F(KnownLeaks, HoldLinksToOneFile) {
  manifest.clips.push_back({dir / "c.avi", 0, "", Split::validation});
  std::filesystem::create_symlink(manifest.clips[0].path, manifest.clips[2].path);
  EXPECT_EQ(known().size(), 1U);
}

TEST_F(KnownLeaks, PassOverMissingFiles) {
  manifest.clips.push_back({dir / "missing.avi", 0, "", Split::validation});
  EXPECT_TRUE(known().empty());
}

TEST_F(KnownLeaks, AreWarnedOfByScanInOneSentence) {
  EXPECT_TRUE(
      testing::any_has(scanned().warnings, "1 pair of clips with the same footage in two splits: " +
                                               manifest.clips[0].path.string() + " (train) and "));
}

}  // namespace
}  // namespace vidclass::dataset

#include "dataset/near_duplicates.hpp"

#include <gtest/gtest.h>

#include "dataset/files.hpp"
#include "dataset/near_duplicate_list.hpp"
#include "support/footage.hpp"

namespace vidclass::dataset {
namespace {

using testing::film;
using testing::Footage;
using testing::TempDir;

class NearDuplicates : public ::testing::Test {
protected:
  /// The original and `other`, compared.
  [[nodiscard]] NearDuplicateSearch compare(const Footage& original, const Footage& other) {
    film(dir / "original.avi", original);
    film(dir / "other.avi", other);
    return search();
  }
  [[nodiscard]] NearDuplicateSearch search() const {
    return find_near_duplicates({{"a", {dir / "original.avi"}}, {"b", {dir / "other.avi"}}},
                                dir / "cache", {}, 2, {}, {});
  }

  const TempDir dir;
};

TEST_F(NearDuplicates, AreScaledCopies) {
  const auto search = compare({}, {.width = 96, .height = 80});
  ASSERT_EQ(search.found.size(), 1U);
  EXPECT_FALSE(search.found[0].mirrored);
  EXPECT_NEAR(search.found[0].overlap, 3, 0.05);
}

TEST_F(NearDuplicates, AreMirroredCopies) {
  const auto search = compare({}, {.mirrored = true});
  ASSERT_EQ(search.found.size(), 1U);
  EXPECT_TRUE(search.found[0].mirrored);
}

TEST_F(NearDuplicates, AreTrimmedCopiesAndTellTheShift) {
  const auto search = compare({}, {.start = 0.7, .seconds = 1.6});
  ASSERT_EQ(search.found.size(), 1U);
  EXPECT_NEAR(search.found[0].shift, 0.7, 0.05);
  EXPECT_NEAR(search.found[0].overlap, 1.6, 0.05);
}

TEST_F(NearDuplicates, AreCopiesCutBetweenTwoFrames) {
  EXPECT_EQ(compare({}, {.start = 0.52, .seconds = 2}).found.size(), 1U);
}

TEST_F(NearDuplicates, AreCopiesOfAnotherFrameRate) {
  EXPECT_EQ(compare({}, {.rate = 12}).found.size(), 1U);
}

TEST_F(NearDuplicates, AreClipsThatShareASecond) {
  const auto search = compare({}, {.start = 1.6, .seconds = 3});
  ASSERT_EQ(search.found.size(), 1U);
  EXPECT_NEAR(search.found[0].overlap, 1.4, 0.1);
}

TEST_F(NearDuplicates, AreNotClipsOfOtherPlaces) {
  EXPECT_TRUE(compare({}, {.place = 2}).found.empty());
}

TEST_F(NearDuplicates, AreNotOtherMomentsOfTheSamePlace) {
  EXPECT_TRUE(compare({}, {.moment = 2}).found.empty());
}

TEST_F(NearDuplicates, AreNotLaterMomentsOfTheSameFilm) {
  EXPECT_TRUE(compare({}, {.start = 3.5}).found.empty());
}

TEST_F(NearDuplicates, AreNotTwoBlackClips) {
  testing::put_video(dir / "original.avi", 0);
  testing::put_video(dir / "other.avi", 0);
  const auto result = search();
  EXPECT_TRUE(result.found.empty());
  EXPECT_EQ(result.featureless, 2U);
}

TEST_F(NearDuplicates, AreStillPicturesOfTheSamePlace) {
  EXPECT_EQ(compare({.still = true}, {.seconds = 2, .still = true, .width = 96}).found.size(), 1U);
}

TEST_F(NearDuplicates, AreNotStillPicturesOfOtherPlaces) {
  EXPECT_TRUE(compare({.still = true}, {.place = 2, .still = true}).found.empty());
}

TEST_F(NearDuplicates, NeedThreeFrames) {
  const auto search = compare({}, {.seconds = 0.08});
  EXPECT_TRUE(search.found.empty());
  EXPECT_TRUE(search.reasons[1].empty());
}

TEST_F(NearDuplicates, PassOverClipsThatCannotBeDecoded) {
  film(dir / "original.avi", {});
  testing::put(dir / "other.avi", "no video");
  const auto result = search();
  EXPECT_TRUE(result.found.empty());
  EXPECT_TRUE(result.reasons[0].empty());
  EXPECT_FALSE(result.reasons[1].empty());
}

TEST_F(NearDuplicates, AreFoundAgainWithoutTheClips) {
  const auto before = compare({}, {.mirrored = true}).found;
  std::filesystem::remove(dir / "original.avi");
  std::filesystem::remove(dir / "other.avi");
  EXPECT_EQ(search().found, before);
}

TEST_F(NearDuplicates, AreListedForLater) {
  const auto found = compare({}, {.width = 96, .height = 80}).found;
  EXPECT_EQ(NearDuplicateList(dir / "cache").pairs(), found);
}

TEST_F(NearDuplicates, StopOnRequest) {
  film(dir / "original.avi", {});
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW(
      (void)find_near_duplicates({{"a", {dir / "original.avi"}}}, dir / "cache", {}, 1, {}, cancel),
      Cancelled);
}

class NearDuplicateListTest : public ::testing::Test {
protected:
  const TempDir dir;
  const NearDuplicate pair{"a", "b", true, 0.5, 2.25};
};

TEST_F(NearDuplicateListTest, KeepsPairsOfOtherContents) {
  NearDuplicateList(dir.path()).replace({"a", "b"}, {pair});
  NearDuplicateList(dir.path()).replace({"c", "d"}, {{"c", "d", false, 0, 1}});
  EXPECT_EQ(NearDuplicateList(dir.path()).pairs().size(), 2U);
}

TEST_F(NearDuplicateListTest, ForgetsPairsThatAreFoundNoMore) {
  NearDuplicateList(dir.path()).replace({"a", "b"}, {pair});
  NearDuplicateList(dir.path()).replace({"a", "b", "c"}, {});
  EXPECT_TRUE(NearDuplicateList(dir.path()).pairs().empty());
}

TEST_F(NearDuplicateListTest, PassesOverLinesThatAreNoPairs) {
  testing::put(dir / "near_duplicates.tsv",
               "a\tb\t1\t0.500\t2.250\nrubbish\nc\td\t2\t0\t1\n\t\t\n");
  EXPECT_EQ(NearDuplicateList(dir.path()).pairs(), std::vector{pair});
}

}  // namespace
}  // namespace vidclass::dataset

#include <gtest/gtest.h>

#include "dataset/files.hpp"
#include "dataset/group.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

class OpenHmdb51 : public ::testing::Test {
protected:
  OpenHmdb51() {
    for (const char* label : {"kick", "brush_hair"}) {
      for (const char* name : {"a.avi", "b.avi", "c.avi"}) put(dir.path() / label / name);
      put(split(label), "a.avi 1 \nb.avi 2 \nc.avi 0 \n");
    }
  }
  [[nodiscard]] std::filesystem::path split(const std::string& label, int fold = 1) const {
    return dir.path() / "testTrainMulti_7030_splits" /
           (label + "_test_split" + std::to_string(fold) + ".txt");
  }
  TempDir dir;
};

TEST_F(OpenHmdb51, TakesOnesForTrainingAndTwosForTesting) {
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.layout, Layout::hmdb51);
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"brush_hair", "kick"}));
  ASSERT_EQ(manifest.clips.size(), 4U);
  EXPECT_EQ(manifest.clips[0].path, dir / "brush_hair/a.avi");
  EXPECT_EQ(manifest.clips[0].split, Split::train);
  EXPECT_EQ(manifest.clips[1].split, Split::test);
}

TEST_F(OpenHmdb51, LeavesZerosOutAndSaysSo) {
  EXPECT_TRUE(any_has(open(dir.path()).notes, "2 clips that the lists put into neither split"));
}

TEST_F(OpenHmdb51, ReadsTheFoldAskedFor) {
  for (const char* label : {"kick", "brush_hair"}) put(split(label, 2), "a.avi 2\nb.avi 1\n");
  OpenOptions options;
  options.fold = 2;
  EXPECT_EQ(open(dir.path(), options).clips[0].split, Split::test);
}

TEST_F(OpenHmdb51, NamesTheFoldsThatThereAre) {
  OpenOptions options;
  options.fold = 3;
  EXPECT_TRUE(
      has(open_error<UsageError>(dir.path(), options), "no lists of fold 3; folds there: 1"));
}

TEST_F(OpenHmdb51, FindsTheClipsWhereTheArchiveUnpacksThem) {
  const TempDir other;
  for (const char* label : {"kick", "brush_hair"}) {
    put(other.path() / "hmdb51_org" / label / "a.avi");
    put(other.path() / "splits" / (std::string(label) + "_test_split1.txt"), "a.avi 1\n");
  }
  EXPECT_EQ(open(other.path()).clips[0].path, other / "hmdb51_org/brush_hair/a.avi");
}

TEST_F(OpenHmdb51, TakesListsFromElsewhere) {
  const TempDir lists;
  for (const char* label : {"kick", "brush_hair"}) {
    put(lists.path() / (std::string(label) + "_test_split1.txt"), "b.avi 1\r\n");
  }
  OpenOptions options;
  options.splits = lists.path();
  EXPECT_EQ(open(dir.path(), options).clips.size(), 2U);
}

TEST_F(OpenHmdb51, NotesClipsAndFoldersInNoList) {
  put(dir / "kick/d.avi");
  put(dir / "wave/a.avi");
  const auto notes = open(dir.path()).notes;
  EXPECT_TRUE(any_has(notes, "1 clip on disk in no list, left out: \"d.avi\""));
  EXPECT_TRUE(any_has(notes, "1 folder of clips without a list, left out: \"wave\""));
}

TEST_F(OpenHmdb51, NotesClassesWithoutAFolder) {
  put(split("wave"), "a.avi 1\n");
  EXPECT_TRUE(any_has(open(dir.path()).notes, "without a folder"));
}

TEST_F(OpenHmdb51, NamesTheLineOfAnUnknownMark) {
  put(split("kick"), "a.avi 1\nb.avi 3\n");
  EXPECT_TRUE(has(open_error(dir.path()), "kick_test_split1.txt:2: expected a clip and 1"));
}

TEST_F(OpenHmdb51, NamesTheLineOfAClipListedTwice) {
  put(split("kick"), "a.avi 1\na.avi 2\n");
  EXPECT_TRUE(has(open_error(dir.path()), ":2: \"a.avi\" is listed before, in line 1"));
}

TEST_F(OpenHmdb51, RefusesAnEmptyList) {
  put(split("kick"), "");
  EXPECT_TRUE(has(open_error(dir.path()), "kick_test_split1.txt is empty"));
}

TEST_F(OpenHmdb51, RefusesListsWhoseClipsAreAllAbsent) {
  for (const char* label : {"kick", "brush_hair"}) std::filesystem::remove_all(dir.path() / label);
  EXPECT_TRUE(has(open_error(dir.path()), "none of the 4 files"));
}

TEST_F(OpenHmdb51, TakesFoldersOfFramesForTheClipsListed) {
  std::filesystem::remove(dir / "kick/a.avi");
  put(dir / "kick/a/00001.jpg");
  put(dir / "kick/a/00002.jpg");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips[2].path, dir / "kick/a");
}

TEST(Hmdb51Groups, AreTheVideosThatClipsWereCutFrom) {
  EXPECT_EQ(group_from_name("brush_hair/April_09_brush_hair_u_nm_np1_ba_goo_12.avi", "brush_hair"),
            "brush_hair_April_09");
  for (const char* name :
       {"April_09_kick_u_nm_np1_ba_goo_0.avi", "brush_hair_u_nm_np1_ba_goo_0.avi",
        "April_09_brush_hair_u_nm_np1_ba_0.avi", "0.avi", ""}) {
    EXPECT_EQ(group_from_name(name, "brush_hair"), "") << name;
  }
}

}  // namespace
}  // namespace vidclass::dataset

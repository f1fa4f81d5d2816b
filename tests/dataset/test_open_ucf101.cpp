#include <gtest/gtest.h>

#include "dataset/files.hpp"
#include "support/shared_data.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

/// Two classes of two clips and good lists in splits/.
class OpenUcf101 : public ::testing::Test {
protected:
  OpenUcf101() {
    for (const char* name : {"YoYo/v_YoYo_g01_c01.avi", "YoYo/v_YoYo_g08_c01.avi",
                             "Punch/v_Punch_g01_c01.avi", "Punch/v_Punch_g08_c01.avi"}) {
      put(dir / name);
    }
    put(dir / "splits/classInd.txt", "1 YoYo\n2 Punch\n");
    put(dir / "splits/trainlist01.txt", "YoYo/v_YoYo_g08_c01.avi 1\nPunch/v_Punch_g08_c01.avi 2\n");
    put(dir / "splits/testlist01.txt", "YoYo/v_YoYo_g01_c01.avi\nPunch/v_Punch_g01_c01.avi\n");
  }

  const TempDir dir;
};

TEST_F(OpenUcf101, KeepsTheOrderOfClassInd) {
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.layout, Layout::ucf101);
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"YoYo", "Punch"}));
}

TEST_F(OpenUcf101, TakesSplitsAndGroups) {
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.indices(Split::train), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(manifest.indices(Split::test), (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(manifest.clips[1].group, "Punch_g08");
  EXPECT_EQ(manifest.clips[1].path, dir / "Punch/v_Punch_g08_c01.avi");
  EXPECT_EQ(manifest.clips[3].label, 1U);
}

TEST_F(OpenUcf101, TakesCarriageReturnsBlankLinesAndTrailingBlanks) {
  put(dir / "splits/classInd.txt", "1 YoYo\r\n\r\n2 Punch  \r\n");
  put(dir / "splits/trainlist01.txt",
      "YoYo/v_YoYo_g08_c01.avi 1 \r\n\r\n  Punch/v_Punch_g08_c01.avi 2\r\n\r\n");
  EXPECT_EQ(open(dir.path()).clips.size(), 4U);
}

TEST_F(OpenUcf101, FindsListsOutsideTheData) {
  const TempDir elsewhere;
  std::filesystem::rename(dir / "splits", elsewhere / "lists");
  OpenOptions options;
  options.splits = elsewhere / "lists";
  EXPECT_EQ(open(dir.path(), options).layout, Layout::ucf101);
}

TEST_F(OpenUcf101, FindsUcf101AsItsArchivesUnpack) {
  const TempDir root;
  std::filesystem::rename(dir / "splits", root / "ucfTrainTestlist");
  std::filesystem::create_directory(root / "UCF-101");
  std::filesystem::rename(dir / "YoYo", root / "UCF-101/YoYo");
  std::filesystem::rename(dir / "Punch", root / "UCF-101/Punch");
  EXPECT_EQ(open(root.path()).clips.at(0).path, root / "UCF-101/YoYo/v_YoYo_g08_c01.avi");
}

TEST_F(OpenUcf101, KeepsListedClipsThatAreAbsent) {
  std::filesystem::remove(dir / "YoYo/v_YoYo_g01_c01.avi");
  EXPECT_EQ(open(dir.path()).clips.size(), 4U);
}

TEST_F(OpenUcf101, RefusesListsOfWhichNoClipIsThere) {
  std::filesystem::remove_all(dir / "YoYo");
  std::filesystem::remove_all(dir / "Punch");
  EXPECT_TRUE(has(open_error(dir.path()), "none of the 4 files"));
}

TEST_F(OpenUcf101, NotesClipsInNeitherList) {
  put(dir / "Punch/v_Punch_g02_c01.avi");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips.size(), 4U);
  EXPECT_TRUE(any_has(manifest.notes, "\"v_Punch_g02_c01.avi\""));
}

TEST_F(OpenUcf101, NotesClassesWithoutAFolder) {
  put(dir / "splits/classInd.txt", "1 YoYo\n2 Punch\n3 Rowing\n");
  EXPECT_TRUE(any_has(open(dir.path()).notes, "\"Rowing\""));
}

TEST_F(OpenUcf101, HasNoNotesWhenAllIsListed) { EXPECT_TRUE(open(dir.path()).notes.empty()); }

TEST_F(OpenUcf101, NamesTheFoldsThatThereAre) {
  OpenOptions options;
  options.fold = 3;
  const auto error = open_error<UsageError>(dir.path(), options);
  EXPECT_TRUE(has(error, "trainlist03.txt is missing")) << error;
  EXPECT_TRUE(has(error, "folds there: 1")) << error;
}

TEST_F(OpenUcf101, RefusesAFoldOutOfRange) {
  OpenOptions options;
  options.fold = 0;
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), options), "use 1 to 99"));
}

TEST_F(OpenUcf101, RefusesAMissingFolderOfLists) {
  OpenOptions options;
  options.splits = dir / "nowhere";
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), options), "nowhere: no such file or folder"));
}

TEST_F(OpenUcf101, RefusesListsWithoutClassInd) {
  std::filesystem::remove(dir / "splits/classInd.txt");
  EXPECT_TRUE(has(open_error(dir.path()), "classInd.txt is missing"));
}

TEST_F(OpenUcf101, NamesTheLineOfAMalformedClass) {
  put(dir / "splits/classInd.txt", "1 YoYo\nPunch\n");
  EXPECT_TRUE(has(open_error(dir.path()), "classInd.txt:2: expected a number and a class"));
}

TEST_F(OpenUcf101, RefusesAClassListedTwice) {
  put(dir / "splits/classInd.txt", "1 YoYo\n2 Punch\n3 Punch\n");
  EXPECT_TRUE(has(open_error(dir.path()), ":3: class \"Punch\" is listed twice"));
}

TEST_F(OpenUcf101, RefusesASingleClass) {
  put(dir / "splits/classInd.txt", "1 YoYo\n");
  EXPECT_TRUE(has(open_error(dir.path()), "one class only (\"YoYo\")"));
}

TEST_F(OpenUcf101, NamesTheLineOfALabelThatDisagrees) {
  put(dir / "splits/trainlist01.txt", "YoYo/v_YoYo_g08_c01.avi 1\nPunch/v_Punch_g08_c01.avi 7\n");
  const auto error = open_error(dir.path());
  EXPECT_TRUE(
      has(error, "trainlist01.txt:2: class \"Punch\" has number 7 here and 2 in classInd.txt"))
      << error;
}

TEST_F(OpenUcf101, DetectsNumbersThatCountFromZero) {
  put(dir / "splits/trainlist01.txt", "YoYo/v_YoYo_g08_c01.avi 0\nPunch/v_Punch_g08_c01.avi 1\n");
  const auto error = open_error(dir.path());
  EXPECT_TRUE(has(error, "trainlist01.txt:1: ")) << error;
  EXPECT_TRUE(has(error, "does this list count from 0")) << error;
}

TEST_F(OpenUcf101, NamesTheLineOfAnUnknownClass) {
  put(dir / "splits/testlist01.txt", "YoYo/v_YoYo_g01_c01.avi\n\nRowing/v_Rowing_g01_c01.avi\n");
  EXPECT_TRUE(has(open_error(dir.path()), "testlist01.txt:3: class \"Rowing\""));
}

TEST_F(OpenUcf101, NamesTheLineOfAPathWithoutAClass) {
  put(dir / "splits/testlist01.txt", "v_YoYo_g01_c01.avi\n");
  EXPECT_TRUE(has(open_error(dir.path()), ":1: \"v_YoYo_g01_c01.avi\" has no class folder"));
}

TEST_F(OpenUcf101, TakesAFolderNamedSplitsWithoutListsAsAClass) {
  for (const char* name : {"classInd.txt", "trainlist01.txt", "testlist01.txt"}) {
    std::filesystem::remove(dir / "splits" / name);
  }
  put(dir / "splits/1.avi");
  EXPECT_EQ(open(dir.path()).labels.size(), 3U);
}

TEST(OpenUcf101Data, ReadsTheSharedClips) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto manifest = open(testing::shared_data() / "ucf101");
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"Punch", "YoYo"}));
  EXPECT_EQ(manifest.clips.size(), 106U);
  EXPECT_TRUE(manifest.has(Split::test));
  EXPECT_FALSE(manifest.has(Split::validation));
}

}  // namespace
}  // namespace vidclass::dataset

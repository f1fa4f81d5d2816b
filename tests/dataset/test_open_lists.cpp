#include <gtest/gtest.h>

#include <map>

#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

using Labels = std::vector<std::string>;

/// Clips "<class>/<n>.mp4" with n from 0, and lists beside them.
class OpenLists : public ::testing::Test {
protected:
  OpenLists() {
    for (const char* label : {"jump", "run", "walk"}) {
      for (const char* clip : {"0.mp4", "1.mp4"}) put(dir.path() / "clips" / label / clip);
    }
  }
  std::filesystem::path list(const std::string& name, std::string_view text) const {
    return put(dir / "clips" / name, text);
  }
  [[nodiscard]] std::filesystem::path data() const { return dir / "clips"; }

  TempDir dir;
};

TEST_F(OpenLists, ReadsMmaction2sListsOfEachSplit) {
  list("k_train_list_videos.txt", "jump/0.mp4 0\nrun/0.mp4 1\nwalk/0.mp4 2\n");
  list("k_val_list_videos.txt", "jump/1.mp4 0\nrun/1.mp4 1\nwalk/1.mp4 2\n");
  const auto manifest = open(data());
  EXPECT_EQ(manifest.layout, Layout::lists);
  EXPECT_EQ(manifest.indices(Split::train).size(), 3U);
  EXPECT_EQ(manifest.indices(Split::validation).size(), 3U);
  EXPECT_EQ(manifest.clips[1].path, data() / "run/0.mp4");
  EXPECT_EQ(manifest.clips[1].label, 1U);
}

TEST_F(OpenLists, ReadsPySlowFastsListsWithAnySeparator) {
  for (const char* separator : {" ", ",", "\t", ", ", "  "}) {
    std::string text;
    for (const char* line : {"jump/0.mp4|0", "run/0.mp4|1"}) {
      std::string clip(line);
      text += clip.replace(clip.find('|'), 1, separator) + "\n";
    }
    const auto manifest = open(list("train.csv", text));
    EXPECT_EQ(manifest.layout, Layout::lists) << separator;
    EXPECT_EQ(manifest.clips[1].path, data() / "run/0.mp4") << separator;
  }
}

TEST_F(OpenLists, TakesTheSplitOfASingleListFromItsName) {
  const auto manifest = open(list("ucf101_val_split_1_videos.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"));
  EXPECT_EQ(manifest.indices(Split::validation).size(), 2U);
  EXPECT_TRUE(any_has(manifest.notes, "in the split val, as its name says"));
}

TEST_F(OpenLists, LeavesAListOfNoSplitUnsplit) {
  EXPECT_EQ(open(list("clips.txt", "jump/0.mp4 0\nrun/0.mp4 1\n")).clips[0].split, Split::none);
}

TEST_F(OpenLists, ChoosesTheListsOfAFold) {
  list("a_train_split_1_videos.txt", "jump/0.mp4 0\nrun/0.mp4 1\n");
  list("a_train_split_2_videos.txt", "jump/1.mp4 0\nrun/1.mp4 1\nwalk/1.mp4 2\n");
  OpenOptions second;
  second.fold = 2;
  EXPECT_EQ(open(data()).clips.size(), 2U);
  EXPECT_EQ(open(data(), second).clips.size(), 3U);
}

TEST_F(OpenLists, RefusesTwoListsOfOneSplit) {
  list("train_list_videos.txt", "jump/0.mp4 0\nrun/0.mp4 1\n");
  list("train_list_rawframes.txt", "jump/0 5 0\nrun/0 5 1\n");
  EXPECT_TRUE(has(open_error<UsageError>(data()), "both lists for the split train"));
}

TEST_F(OpenLists, ReadsFoldersOfFramesWithTheirNumbers) {
  for (const char* frame : {"img_00001.jpg", "img_00002.jpg"}) {
    put(dir / "frames/jump/a" / frame);
    put(dir / "frames/run/b c" / frame);
  }
  const auto manifest = open(put(dir / "frames/train_rawframes.txt", "jump/a 2 0\nrun/b c 2 1\n"));
  EXPECT_EQ(manifest.clips[1].path, dir / "frames/run/b c");
  EXPECT_EQ(manifest.content, Content::clips);
}

TEST_F(OpenLists, TakesBlanksInNamesQuotesByteOrderMarksAndCarriageReturns) {
  put(data() / "run/a b.mp4");
  const auto manifest =
      open(list("train.txt", "\xEF\xBB\xBFrun/a b.mp4 1\r\n\r\n\"jump/0.mp4\" 0\r\n"));
  EXPECT_EQ(manifest.clips[0].path, data() / "run/a b.mp4");
  EXPECT_EQ(manifest.clips[1].path, data() / "jump/0.mp4");
}

TEST_F(OpenLists, FindsTheClipsInMmaction2sFolders) {
  put(dir / "k/videos_train/jump/x.mp4");
  put(dir / "k/videos_train/run/y.mp4");
  const auto manifest = open(put(dir / "k/train_list.txt", "jump/x.mp4 0\nrun/y.mp4 1\n"));
  EXPECT_EQ(manifest.clips[0].path, dir / "k/videos_train/jump/x.mp4");
  EXPECT_TRUE(any_has(manifest.notes, "were found in " + (dir / "k/videos_train").string()));
}

TEST_F(OpenLists, TakesTheRootThatIsNamed) {
  OpenOptions options;
  options.root = data();
  const auto manifest = open(put(dir / "far/train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"), options);
  EXPECT_EQ(manifest.clips[0].path, data() / "jump/0.mp4");
}

TEST_F(OpenLists, TakesListsFromElsewhere) {
  OpenOptions options;
  options.splits = put(dir / "far/train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n").parent_path();
  EXPECT_EQ(open(data(), options).clips[0].path, data() / "jump/0.mp4");
}

TEST_F(OpenLists, NamesTheLineOfAMalformedClip) {
  const auto file = list("train.txt", "jump/0.mp4 0\nrun/0.mp4\n");
  EXPECT_TRUE(has(open_error(file), "train.txt:2: expected a clip and the number"));
}

TEST_F(OpenLists, NamesTheLineOfAClipListedTwice) {
  const auto file = list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\njump/0.mp4 0\n");
  EXPECT_TRUE(has(open_error(file), ":3: \"jump/0.mp4\" is listed before, in line 1"));
}

TEST_F(OpenLists, RefusesAClipInTwoSplits) {
  list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n");
  list("val.txt", "jump/0.mp4 0\nrun/1.mp4 1\n");
  const auto error = open_error(data());
  EXPECT_TRUE(has(error, "val.txt:1: \"jump/0.mp4\" is listed in")) << error;
  EXPECT_TRUE(has(error, "train.txt too")) << error;
}

TEST_F(OpenLists, RefusesSeveralLabelsOfAClip) {
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/0.mp4 0 2\nrun/0.mp4 1\n")),
                  "clips with more than one label are not supported"));
}

TEST_F(OpenLists, RefusesOffsetsOfFrames) {
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/a 10 5 0\nrun/b 10 5 1\n")),
                  ":1: three numbers follow the folder"));
}

TEST_F(OpenLists, RefusesAListWhoseClipsAreAllAbsent) {
  EXPECT_TRUE(has(open_error(list("train.txt", "x/0.mp4 0\ny/0.mp4 1\n")), "none of the 2 files"));
}

TEST_F(OpenLists, RefusesAListInUtf16) {
  OpenOptions options;
  options.layout = Layout::lists;
  const auto file = list("train.txt", std::string_view("\xFF\xFE"
                                                       "a 0",
                                                       5));
  EXPECT_TRUE(has(open_error(file, options), "UTF-16"));
}

TEST_F(OpenLists, RefusesAnEmptyList) {
  OpenOptions options;
  options.layout = Layout::lists;
  EXPECT_TRUE(has(open_error<UsageError>(list("train.txt", "\n \n"), options),
                  "the layout lists does not fit"));
}

// What the numbers mean.

TEST_F(OpenLists, CountFromZeroWhereAListHoldsAZero) {
  const auto manifest = open(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"));
  EXPECT_TRUE(any_has(manifest.notes, "labels are counted from 0 (a list holds a 0)"));
}

TEST_F(OpenLists, CountFromOneWhereNoneHoldsAZeroAndNoneIsMissing) {
  const auto manifest = open(list("train.txt", "jump/0.mp4 1\nrun/0.mp4 2\n"));
  EXPECT_EQ(manifest.clips[0].label, 0U);
  EXPECT_TRUE(any_has(manifest.notes, "labels are counted from 1 (no list holds a 0, and every"));
}

TEST_F(OpenLists, AreJudgedTogether) {
  list("train.txt", "run/0.mp4 1\nwalk/0.mp4 2\n");
  list("val.txt", "jump/1.mp4 0\nrun/1.mp4 1\n");
  const auto manifest = open(data());
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run", "walk"}));
  EXPECT_EQ(manifest.clips[0].label, 1U);
}

TEST_F(OpenLists, NameLabelsByTheClipsFolders) {
  const auto manifest = open(list("train.txt", "walk/0.mp4 0\njump/0.mp4 1\n"));
  EXPECT_EQ(manifest.labels, (Labels{"walk", "jump"}));
  EXPECT_TRUE(any_has(manifest.notes, "named by the clips' folders"));
}

TEST_F(OpenLists, NameLabelsByTheirNumbersWhereFoldersTellNothing) {
  put(data() / "2.mp4");
  put(data() / "10.mp4");
  const auto manifest = open(list("train.txt", "2.mp4 0\n10.mp4 1\n"));
  EXPECT_EQ(manifest.labels, (Labels{"0", "1"}));
}

TEST_F(OpenLists, NameLabelsByTheFileBesideThem) {
  list("classes.txt", "Jumping\nRunning\n");
  const auto manifest = open(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"));
  EXPECT_EQ(manifest.labels, (Labels{"Jumping", "Running"}));
}

TEST_F(OpenLists, NameLabelsByTheFileThatIsNamed) {
  OpenOptions options;
  options.label_names = put(dir / "names.csv", "id,name\n0,Jumping high\n1,\"Running\"\n2,None\n");
  const auto manifest = open(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"), options);
  EXPECT_EQ(manifest.labels, (Labels{"Jumping high", "Running", "None"}));
}

TEST_F(OpenLists, CountFromOneWhereTheLastOfTheNamesIsUsed) {
  OpenOptions options;
  options.label_names = put(dir / "names.txt", "a\nb\nc\n");
  const auto manifest = open(list("train.txt", "jump/0.mp4 1\nrun/0.mp4 3\n"), options);
  EXPECT_EQ(manifest.clips[1].label, 2U);
}

TEST_F(OpenLists, RefuseToGuessWhatNamesLeaveOpen) {
  OpenOptions options;
  options.label_names = put(dir / "names.txt", "a\nb\nc\n");
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/0.mp4 1\nrun/0.mp4 2\n"), options),
                  "may count the 3 names of"));
}

TEST_F(OpenLists, RefuseNumbersBeyondTheNames) {
  OpenOptions options;
  options.label_names = put(dir / "names.txt", "a\nb\n");
  const auto error = open_error(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 2\n"), options);
  EXPECT_TRUE(has(error, "train.txt:2: the label 2 is beyond the 2 names of")) << error;
}

TEST_F(OpenLists, RefuseGapsWithoutNames) {
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 2\n")),
                  "numbers up to 2 without 1"));
}

TEST_F(OpenLists, RefuseNumbersThatBeginBeyondOne) {
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/0.mp4 2\nrun/0.mp4 3\n")),
                  "begin with neither 0 nor 1"));
}

TEST_F(OpenLists, RefuseOneCountedFromZeroBesideOneFromOne) {
  for (const char* clip : {"a", "b", "c", "d"}) put(data() / (std::string(clip) + ".mp4"));
  list("train.txt", "a.mp4 0\nb.mp4 1\n");
  list("val.txt", "c.mp4 1\nd.mp4 2\n");
  EXPECT_TRUE(has(open_error(data()), "counts its labels 0 to 1 and"));
}

TEST_F(OpenLists, RefuseAFolderWithTwoNumbers) {
  list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n");
  list("val.txt", "run/1.mp4 0\njump/1.mp4 1\n");
  EXPECT_TRUE(has(open_error(data()), "the clips in \"run\" have the label 1 in"));
}

TEST_F(OpenLists, RefuseNamesThatAreNamedTwice) {
  OpenOptions options;
  options.label_names = put(dir / "names.txt", "a\na\n");
  EXPECT_TRUE(has(open_error(list("train.txt", "jump/0.mp4 0\nrun/0.mp4 1\n"), options),
                  "names.txt:2: the label \"a\" is named twice"));
}

}  // namespace
}  // namespace vidclass::dataset

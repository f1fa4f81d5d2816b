// Lists and CSVs as people and other programs write them.
#include <gtest/gtest.h>

#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

using Labels = std::vector<std::string>;

/// jump/0.mp4, jump/1.mp4, run/0.mp4, run/1.mp4 and lists beside these folders.
class OtherLists : public ::testing::Test {
protected:
  OtherLists() {
    for (const char* name : {"jump/0.mp4", "jump/1.mp4", "run/0.mp4", "run/1.mp4"}) {
      put(dir_ / name);
    }
  }
  [[nodiscard]] Manifest list(std::string_view text) const { return open(put(file_, text)); }
  [[nodiscard]] std::string error(std::string_view text) const {
    return open_error(put(file_, text));
  }
  [[nodiscard]] Manifest csv(std::string_view text) const {
    return open(put(dir_ / "a.csv", text));
  }

  const TempDir dir_;
  const std::filesystem::path file_ = dir_ / "l.txt";
};

TEST_F(OtherLists, MayNameLabels) {
  const auto manifest = list("jump/0.mp4 jump\nrun/0.mp4 run\n");
  EXPECT_EQ(manifest.layout, Layout::lists);
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
}

TEST_F(OtherLists, MayNameLabelsWithBlanksQuotesAndOtherSeparators) {
  EXPECT_EQ(list("jump/0.mp4\tlong jump\nrun/0.mp4\trun\n").labels, (Labels{"long jump", "run"}));
  EXPECT_EQ(list("jump/0.mp4,\"long jump\"\nrun/0.mp4,run\n").labels, (Labels{"long jump", "run"}));
  EXPECT_EQ(list("jump/0.mp4;jump 2\nrun/0.mp4;run\n").clips.size(), 2U);
}

TEST_F(OtherLists, NameTheLineThatNamesNoLabel) {
  EXPECT_TRUE(has(error("jump/0.mp4 jump\nrun/0.mp4\n"), ":2: expected a clip and the name"));
}

TEST_F(OtherLists, AreNotNumberedAndNamedAtOnce) {
  put(dir_ / "train.txt", "jump/0.mp4 jump\nrun/0.mp4 run\n");
  put(dir_ / "val.txt", "jump/1.mp4 0\nrun/1.mp4 1\n");
  EXPECT_TRUE(has(open_error(dir_.path()), "gives numbers of labels and"));
}

TEST_F(OtherLists, MayHoldComments) {
  EXPECT_EQ(list("# clip label\njump/0.mp4 0\n#jump/1.mp4 0\nrun/0.mp4 1\n").clips.size(), 2U);
}

TEST_F(OtherLists, MayNumberLabelsWithAPoint) {
  EXPECT_EQ(list("jump/0.mp4 0.0\nrun/0.mp4 1.0\n").clips[1].label, 1U);
}

TEST_F(OtherLists, NameTheLineOfALabelThatIsNoWholeNumber) {
  EXPECT_TRUE(has(error("jump/0.mp4 0\nrun/0.mp4 0.5\n"), "l.txt:2: expected a clip"));
  EXPECT_TRUE(has(error("jump/0.mp4 0.5\nrun/0.mp4 1\n"), "l.txt:1: expected a clip"));
}

TEST_F(OtherLists, MayCallTwoLabelsMinusOneAndOne) {
  const auto manifest = list("jump/0.mp4 -1\nrun/0.mp4 1\n");
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
  EXPECT_EQ(manifest.clips[1].label, 1U);
  EXPECT_TRUE(any_has(manifest.notes, "the labels -1 and 1"));
}

TEST_F(OtherLists, NameTheLineOfALabelBelowZeroAmongOthers) {
  const auto what = error("jump/0.mp4 0\nrun/0.mp4 1\nrun/1.mp4 -1\n");
  EXPECT_TRUE(has(what, "l.txt:3: the label -1 is below 0")) << what;
}

TEST_F(OtherLists, MayBeWrittenOnWindows) {
  const auto manifest = list("jump\\0.mp4 0\r\nrun\\0.mp4 1\r\n");
  EXPECT_EQ(manifest.clips[1].path, dir_ / "run/0.mp4");
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
}

TEST_F(OtherLists, MayHoldBackslashesThatBelongToNames) {
  put(dir_ / "a\\b.mp4");
  EXPECT_EQ(list("a\\b.mp4 0\nrun/0.mp4 1\n").clips[0].path, dir_ / "a\\b.mp4");
}

TEST_F(OtherLists, OfUcf101MayBeWrittenOnWindows) {
  put(dir_ / "classInd.txt", "1 jump\r\n2 run\r\n");
  put(dir_ / "trainlist01.txt", "jump\\0.mp4 1\r\nrun\\0.mp4 2\r\n");
  put(dir_ / "testlist01.txt", "# to test\r\njump\\1.mp4\r\nrun\\1.mp4\r\n");
  const auto manifest = open(dir_.path());
  EXPECT_EQ(manifest.layout, Layout::ucf101);
  EXPECT_EQ(manifest.clips[3].path, dir_ / "run/1.mp4");
}

TEST_F(OtherLists, WithColumnsMayCallThemOtherwise) {
  for (const char* columns : {"video,tag", "file,class", "filename,category", "name,label",
                              ",video_name,tag", "File Name,Class Name", "name,path,label"}) {
    std::string text = std::string(columns) + "\n";
    const bool index = has(columns, ",video") || has(columns, "name,path");
    for (const char* row : {"jump/0.mp4,jump", "run/0.mp4,run"}) {
      text += std::string(index ? "0," : "") + row + "\n";
    }
    EXPECT_EQ(csv(text).labels, (Labels{"jump", "run"})) << columns;
  }
}

TEST_F(OtherLists, WithColumnsMaySeparateThemOtherwise) {
  EXPECT_EQ(csv("path;label\njump/0.mp4;jump, long\nrun/0.mp4;run\n").labels,
            (Labels{"jump, long", "run"}));
  EXPECT_EQ(csv("path\tlabel\njump/0.mp4\tjump\nrun/0.mp4\trun\n").clips.size(), 2U);
}

TEST_F(OtherLists, WithColumnsMayEndOtherwise) {
  EXPECT_EQ(open(put(dir_ / "a.tsv", "path\tlabel\njump/0.mp4\tjump\nrun/0.mp4\trun\n")).layout,
            Layout::csv);
  EXPECT_EQ(list("video,class\njump/0.mp4,jump\nrun/0.mp4,run\n").layout, Layout::csv);
}

TEST_F(OtherLists, WithColumnsMayHoldCommentsAndBackslashes) {
  EXPECT_EQ(csv("# mine\npath,label\njump\\0.mp4,jump\n# more\n#run/1.mp4,run\nrun/0.mp4,run\n")
                .clips.size(),
            2U);
}

TEST_F(OtherLists, WithTwoColumnsForOneThingAreRefused) {
  const auto what =
      open_error(put(dir_ / "a.csv", "video,file,label\njump/0.mp4,x,jump\nrun/0.mp4,y,run\n"));
  EXPECT_TRUE(has(what, "each of which may be the path; name the right one \"path\"")) << what;
}

/// train/*.mp4 and test/*.mp4 flat beside train.csv and test.csv, as the Keras example has it.
class KerasExampleData : public ::testing::Test {
protected:
  KerasExampleData() {
    for (const char* split : {"train", "test"}) {
      std::string text = ",video_name,tag\n";
      for (const char* label : {"jump", "run"}) {
        const std::string name = std::string(label) + "_" + split + ".mp4";
        put(dir_ / split / name);
        text += "0," + name + "," + label + "\n";
      }
      put(dir_ / (std::string(split) + ".csv"), text);
    }
  }
  const TempDir dir_;
};

TEST_F(KerasExampleData, IsALayout) {
  const auto manifest = open(dir_.path());
  EXPECT_EQ(manifest.layout, Layout::csv);
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
  EXPECT_EQ(manifest.indices(Split::train).size(), 2U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(manifest.clips[0].path));
}

TEST_F(KerasExampleData, IsOneSplitWhereOneListIsNamed) {
  const auto manifest = open(dir_ / "train.csv");
  EXPECT_EQ(manifest.clips.size(), 2U);
  EXPECT_EQ(manifest.indices(Split::train).size(), 2U);
}

TEST_F(KerasExampleData, MayLieInFoldersOfOtherNames) {
  std::filesystem::rename(dir_ / "train", dir_ / "Training");
  std::filesystem::rename(dir_ / "test", dir_ / "videos");
  EXPECT_EQ(open(dir_.path()).clips.size(), 4U);
}

TEST_F(KerasExampleData, NamesTheListsOfAClipInBoth) {
  put(dir_ / "both/x.mp4");
  put(dir_ / "train.csv", "path,label\nboth/x.mp4,a\n");
  put(dir_ / "test.csv", "path,label\nboth/x.mp4,b\n");
  const auto what = open_error(dir_.path());
  EXPECT_TRUE(has(what, "\"both/x.mp4\" is listed before, in line 2 of")) << what;
}

}  // namespace
}  // namespace vidclass::dataset

// Folders named like splits, above the classes or inside them.
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

class SplitFolders : public ::testing::Test {
protected:
  /// Two classes in each of these folders.
  void put_splits(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      for (const char* label : {"jump", "run"}) put(dir_ / name / label / "1.mp4");
    }
  }
  /// Each of these folders in two classes.
  void put_inside(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      for (const char* label : {"jump", "run"}) put(dir_ / label / name / "1.mp4");
    }
  }
  [[nodiscard]] Manifest opened() const { return open(dir_.path()); }

  const TempDir dir_;
};

TEST_F(SplitFolders, AreKnownByTheNamesThatPeopleUse) {
  for (const auto& [name, split] :
       std::vector<std::pair<const char*, Split>>{{"Training", Split::train},
                                                  {"tr", Split::train},
                                                  {"train_set", Split::train},
                                                  {"dev", Split::validation},
                                                  {"VALID", Split::validation},
                                                  {"eval", Split::validation},
                                                  {"Testing", Split::test},
                                                  {"testset", Split::test},
                                                  {"test-videos", Split::test}}) {
    EXPECT_EQ(split_by_name(name), split) << name;
  }
  for (const char* name : {"trains", "tester", "set", "contest", ""}) {
    EXPECT_FALSE(split_by_name(name)) << name;
  }
}

TEST_F(SplitFolders, HoldTheClassesInAnyCase) {
  put_splits({"TRAIN", "Dev", "Testing"});
  const auto manifest = opened();
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
  for (const Split split : {Split::train, Split::validation, Split::test}) {
    EXPECT_EQ(manifest.indices(split).size(), 2U);
  }
}

TEST_F(SplitFolders, NeedNoTrainAmongThem) {
  put_splits({"val", "test"});
  EXPECT_EQ(opened().indices(Split::test).size(), 2U);
}

TEST_F(SplitFolders, MayBeOneAlone) {
  put_splits({"training"});
  EXPECT_EQ(opened().indices(Split::train).size(), 2U);
}

TEST_F(SplitFolders, LeaveAFurtherFolderOutAndSaySo) {
  put_splits({"train", "test", "raw"});
  const auto manifest = opened();
  EXPECT_EQ(manifest.clips.size(), 4U);
  EXPECT_TRUE(any_has(manifest.notes, "1 folder beside the splits of"));
  EXPECT_TRUE(any_has(manifest.notes, "\"raw\""));
}

TEST_F(SplitFolders, LieInsideTheClassesToo) {
  put_inside({"train", "Test"});
  const auto manifest = opened();
  EXPECT_EQ(manifest.labels, (Labels{"jump", "run"}));
  EXPECT_EQ(manifest.indices(Split::train).size(), 2U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 2U);
}

TEST_F(SplitFolders, InsideTheClassesLeaveOtherClipsOutAndSaySo) {
  put_inside({"train", "test"});
  put(dir_ / "jump/raw/2.mp4");
  put(dir_ / "jump/3.mp4");
  const auto manifest = opened();
  EXPECT_EQ(manifest.clips.size(), 4U);
  EXPECT_TRUE(any_has(manifest.notes, "2 clips beside the split folders of their classes"));
}

TEST_F(SplitFolders, InsideSomeClassesLeaveTheOthersWithoutASplit) {
  put_inside({"train", "test"});
  put(dir_ / "walk/1.mp4");
  EXPECT_EQ(opened().indices(Split::none).size(), 1U);
}

TEST_F(SplitFolders, InsideTheClassesWithoutTrainAreFoldersLikeOthers) {
  put_inside({"test", "morning"});
  EXPECT_EQ(opened().indices(Split::none).size(), 4U);
}

TEST_F(SplitFolders, ThatCouldBeAClassAreAskedFor) {
  put(dir_ / "train/1.mp4");
  put(dir_ / "bus/1.mp4");
  put(dir_ / "car/1.mp4");
  const auto error = open_error<UsageError>(dir_.path());
  EXPECT_TRUE(has(error, "\"train\", named like a split, beside \"bus\", \"car\"")) << error;
  EXPECT_TRUE(has(error, "the option split_folders")) << error;
}

TEST_F(SplitFolders, WithClipsDirectlyInsideBesideAClassAreAskedFor) {
  put(dir_ / "train/1.mp4");
  put(dir_ / "test/1.mp4");
  put(dir_ / "bus/1.mp4");
  EXPECT_TRUE(has(open_error<UsageError>(dir_.path()), "the option split_folders"));
}

TEST_F(SplitFolders, AreClassesWhereThatIsSaid) {
  put(dir_ / "train/1.mp4");
  put(dir_ / "bus/1.mp4");
  OpenOptions options;
  options.split_folders = false;
  EXPECT_EQ(open(dir_.path(), options).labels, (Labels{"bus", "train"}));
}

TEST_F(SplitFolders, AreSplitsWhereThatIsSaid) {
  put_splits({"train", "raw"});
  OpenOptions options;
  options.split_folders = true;
  EXPECT_EQ(open(dir_.path(), options).indices(Split::train).size(), 2U);
}

TEST_F(SplitFolders, AreNoMatterOfOtherLayouts) {
  OpenOptions options;
  options.split_folders = true;
  put(dir_ / "1.mp4");
  put(dir_ / "2.mp4");
  const auto csv = put(dir_ / "a.csv", "path,label\n1.mp4,a\n2.mp4,b\n");
  EXPECT_TRUE(has(open_error<UsageError>(csv, options), "split_folders goes with one folder"));
}

}  // namespace
}  // namespace vidclass::dataset

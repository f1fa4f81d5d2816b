// What holds for all layouts.
#include <gtest/gtest.h>

#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

OpenOptions as(Layout layout) {
  OpenOptions options;
  options.layout = layout;
  return options;
}

void put_frames(const std::filesystem::path& folder) {
  for (const char* frame : {"0001.png", "0002.png", "0003.png"}) put(folder / frame);
}

TEST(Layouts, AreReadBackFromTheirNames) {
  for (const Layout layout : {Layout::folders, Layout::ucf101, Layout::hmdb51, Layout::kinetics,
                              Layout::lists, Layout::csv}) {
    EXPECT_EQ(layout_from(to_string(layout)), layout);
  }
  EXPECT_THROW((void)layout_from("coco"), UsageError);
}

TEST(ForcedLayouts, SayWhyTheyDoNotFit) {
  const TempDir dir;
  put(dir / "a/1.avi");
  put(dir / "b/1.avi");
  const std::pair<Layout, const char*> reasons[] = {
      {Layout::ucf101, "has no split lists (classInd.txt"},
      {Layout::hmdb51, "holds no lists named <class>_test_split1.txt"},
      {Layout::kinetics, "has no CSV with the columns label, youtube_id"},
      {Layout::lists, "has no list with train, val or test in its name"},
      {Layout::csv, "has no CSV with train, val or test in its name"}};
  for (const auto& [layout, reason] : reasons) {
    const auto error = open_error<UsageError>(dir.path(), as(layout));
    EXPECT_TRUE(has(error, std::string("the layout ").append(to_string(layout)))) << error;
    EXPECT_TRUE(has(error, reason)) << error;
  }
  put(dir / "c.csv", "path,label\na/1.avi,a\nb/1.avi,b\n");
  EXPECT_TRUE(has(open_error<UsageError>(dir / "c.csv", as(Layout::folders)), "is not a folder"));
}

TEST(ForcedLayouts, OverrideWhatIsRecognised) {
  const TempDir dir;
  put(dir / "a/1.avi");
  put(dir / "b/1.avi");
  put(dir / "train.txt", "a/1.avi 0\nb/1.avi 1\n");
  EXPECT_EQ(open(dir.path()).layout, Layout::lists);
  EXPECT_EQ(open(dir.path(), as(Layout::folders)).layout, Layout::folders);
}

TEST(Options, ThatALayoutHasNoUseForAreRefused) {
  const TempDir dir;
  put(dir / "a/1.avi");
  put(dir / "b/1.avi");
  OpenOptions root;
  root.root = dir.path();
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), root), "a root goes with lists"));
  OpenOptions names;
  names.label_names = put(dir / "names", "a\nb\n");
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), names), "names of labels go with lists"));
}

TEST(Options, NamingWhatIsNotThereAreRefused) {
  const TempDir dir;
  put(dir / "a/1.avi");
  OpenOptions options;
  options.label_names = dir / "nowhere";
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), options), "nowhere: no such file"));
}

TEST(FoldersOfFrames, AreClips) {
  const TempDir dir;
  put_frames(dir / "run/one");
  put_frames(dir / "run/two");
  put_frames(dir / "jump/one");
  const auto manifest = open(dir.path());
  ASSERT_EQ(manifest.clips.size(), 3U);
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"jump", "run"}));
  EXPECT_EQ(manifest.clips[0].path, dir / "jump/one");
  EXPECT_EQ(manifest.content, Content::clips);
}

TEST(FoldersOfFrames, AreNoClassesOfTheirOwn) {
  const TempDir dir;
  put_frames(dir / "run");
  put_frames(dir / "jump");
  EXPECT_TRUE(has(open_error(dir.path()), "no sub-folder with clips"));
}

TEST(FeatureArrays, StandInThePlaceOfClips) {
  const TempDir dir;
  put(dir / "run/a.npy");
  put(dir / "jump/b.safetensors");
  EXPECT_EQ(open(dir.path()).content, Content::arrays);
}

TEST(FeatureArrays, AreNotMixedWithClips) {
  const TempDir dir;
  put(dir / "run/a.npy");
  put(dir / "jump/b.mp4");
  const auto error = open_error(dir.path());
  EXPECT_TRUE(has(error, "mixes clips and feature arrays")) << error;
  EXPECT_TRUE(has(error, "b.mp4")) << error;
}

TEST(Labels, ThatAreAllNumbersAreSortedAsNumbers) {
  const TempDir dir;
  for (const char* label : {"10", "9", "011", "0"}) put(dir.path() / label / "a.avi");
  EXPECT_EQ(open(dir.path()).labels, (std::vector<std::string>{"0", "9", "10", "011"}));
}

// Any layout as our CSV.

void expect_read_back(const Manifest& manifest, const TempDir& dir) {
  write_csv(dir / "out/manifest.csv", manifest);
  const auto again = open(dir / "out/manifest.csv");
  EXPECT_EQ(again.layout, Layout::csv);
  EXPECT_EQ(again.labels, manifest.labels);
  EXPECT_EQ(again.content, manifest.content);
  ASSERT_EQ(again.clips.size(), manifest.clips.size());
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    const Clip& a = manifest.clips[i];
    const Clip& b = again.clips[i];
    EXPECT_EQ(b.path.lexically_normal(), a.path.lexically_normal());
    EXPECT_EQ(std::tie(b.label, b.group, b.split, b.start, b.end),
              std::tie(a.label, a.group, a.split, a.start, a.end));
  }
}

TEST(WritingCsv, OfFoldersIsReadBackTheSame) {
  const TempDir dir;
  put(dir / "data/train/run, fast/v_x_g01_c01.avi");
  put(dir / "data/train/10/ odd \"name\" .avi");
  put(dir / "data/val/run, fast/3.avi");
  expect_read_back(open(dir / "data"), dir);
}

TEST(WritingCsv, OfUcf101KeepsTheOrderOfClassInd) {
  const TempDir dir;
  for (const char* label : {"YoYo", "Archery"}) {
    put(dir.path() / "data" / label / ("v_" + std::string(label) + "_g01_c01.avi"));
    put(dir.path() / "data" / label / ("v_" + std::string(label) + "_g02_c01.avi"));
  }
  put(dir / "data/splits/classInd.txt", "1 YoYo\n2 Archery\n");
  put(dir / "data/splits/trainlist01.txt",
      "YoYo/v_YoYo_g01_c01.avi 1\nArchery/v_Archery_g01_c01.avi 2\n");
  put(dir / "data/splits/testlist01.txt",
      "YoYo/v_YoYo_g02_c01.avi\nArchery/v_Archery_g02_c01.avi\n");
  const auto manifest = open(dir / "data");
  EXPECT_EQ(manifest.labels.front(), "YoYo");
  expect_read_back(manifest, dir);
}

TEST(WritingCsv, OfSpansIsReadBackTheSame) {
  const TempDir dir;
  put(dir / "data/a.mp4");
  const auto manifest = open(put(dir / "data/clips.csv",
                                 "path,label,start,end\na.mp4,run,0.1,2.5\na.mp4,jump,2.5,\n"
                                 "a.mp4,run,,1e-3\n"));
  EXPECT_EQ(manifest.clips[1].start, 2.5);
  EXPECT_FALSE(manifest.clips[1].end);
  expect_read_back(manifest, dir);
}

TEST(WritingCsv, OfNumberedListsIsReadBackTheSame) {
  const TempDir dir;
  std::string list;
  for (int i = 0; i < 12; ++i) {
    put(dir / ("data/" + std::to_string(i) + ".npy"));
    list += std::to_string(i) + ".npy " + std::to_string(i) + "\n";
  }
  put(dir / "data/test.txt", list);
  expect_read_back(open(dir / "data"), dir);
}

}  // namespace
}  // namespace vidclass::dataset

#include <gtest/gtest.h>

#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

constexpr const char* header = "label,youtube_id,time_start,time_end,split\n";

/// A video of `seconds` at one frame a second.
std::filesystem::path put_clip(const std::filesystem::path& path, int seconds) {
  std::filesystem::create_directories(path.parent_path());
  const std::vector<std::uint8_t> frame(32 * 32 * 3, 90);
  video::ClipWriter writer(path, 32, 32, 1);
  for (int i = 0; i < seconds; ++i) writer.write(frame);
  writer.finish();
  return path;
}

class OpenKinetics : public ::testing::Test {
protected:
  void train(const std::string& lines) const { put(dir / "train.csv", header + lines); }
  TempDir dir;
};

TEST_F(OpenKinetics, FindsClipsByIdAndTimes) {
  put(dir / "train/riding a bike/-AbC_000019_000029.mp4");
  put(dir / "train/abseiling/x_y_000005_000015.mp4");
  train("riding a bike,-AbC,19,29,train\nabseiling,x_y,5,15,train\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.layout, Layout::kinetics);
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"abseiling", "riding a bike"}));
  EXPECT_EQ(manifest.clips[0].path, dir / "train/riding a bike/-AbC_000019_000029.mp4");
  EXPECT_EQ(manifest.clips[0].group, "-AbC");
  EXPECT_EQ(manifest.clips[0].split, Split::train);
  EXPECT_FALSE(manifest.clips[0].end);
}

TEST_F(OpenKinetics, FindsClipsThatLieFlat) {
  put(dir / "videos/a_000000_000010.mp4");
  put(dir / "videos/b_000000_000010.mkv");
  train("run,a,0,10,train\njump,b,0,10,train\n");
  EXPECT_EQ(open(dir.path()).clips.size(), 2U);
}

TEST_F(OpenKinetics, TakesSpansOfWholeVideos) {
  put_clip(dir / "a.mp4", 40);
  put_clip(dir / "b.mp4", 40);
  train("run,a,5,15,train\njump,b,20,30,train\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips[1].start, 20);
  EXPECT_EQ(manifest.clips[1].end, 30);
  EXPECT_TRUE(any_has(manifest.notes, "2 files named by their id alone are whole videos"));
}

TEST_F(OpenKinetics, TakesFilesThatAreCutAlreadyWhole) {
  put_clip(dir / "a.mp4", 10);
  put_clip(dir / "b.mp4", 10);
  train("run,a,5,15,train\njump,b,20,30,train\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips[1].start, 0);
  EXPECT_FALSE(manifest.clips[1].end);
  EXPECT_TRUE(any_has(manifest.notes, "are cut already"));
}

TEST_F(OpenKinetics, RefusesToGuessBetweenWholeAndCutVideos) {
  put_clip(dir / "a.mp4", 10);
  put_clip(dir / "b.mp4", 40);
  train("run,a,5,15,train\njump,b,20,30,train\n");
  EXPECT_TRUE(has(open_error(dir.path()), "b.mp4 is a whole video and"));
}

TEST_F(OpenKinetics, ReadsOneListAFile) {
  for (const char* id : {"a", "b", "c", "d"}) put(dir / (std::string(id) + "_000000_000010.mp4"));
  train("run,a,0,10,train\njump,b,0,10,train\n");
  put(dir / "validate.csv", std::string(header) + "run,c,0,10,validate\njump,d,0,10,validate\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.indices(Split::train).size(), 2U);
  EXPECT_EQ(manifest.indices(Split::validation).size(), 2U);
}

TEST_F(OpenKinetics, TakesTheSplitFromTheNameOfAListWithoutThatColumn) {
  for (const char* id : {"a", "b"}) put(dir / (std::string(id) + "_000000_000010.mp4"));
  put(dir / "kinetics-400_val.csv",
      "label,youtube_id,time_start,time_end\nrun,a,0,10\njump,b,0,10\n");
  EXPECT_EQ(open(dir.path()).indices(Split::validation).size(), 2U);
}

TEST_F(OpenKinetics, LeavesOutWhatIsNotThereAndSaysSo) {
  for (const char* id : {"a", "b"}) put(dir / (std::string(id) + "_000000_000010.mp4"));
  train("run,a,0,10,train\njump,b,0,10,train\njump,gone,0,10,train\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips.size(), 2U);
  EXPECT_TRUE(any_has(manifest.notes, "1 of 3 listed clips are not in"));
}

TEST_F(OpenKinetics, LeavesOutLinesWithoutALabel) {
  for (const char* id : {"a", "b", "c"}) put(dir / (std::string(id) + "_000000_000010.mp4"));
  train("run,a,0,10,train\njump,b,0,10,train\n");
  put(dir / "test.csv", "youtube_id,time_start,time_end,split\nc,0,10,test\n");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips.size(), 2U);
  EXPECT_TRUE(any_has(manifest.notes, "1 listed clip without a label left out"));
}

TEST_F(OpenKinetics, LooksForClipsInTheRootThatIsNamed) {
  const TempDir clips;
  for (const char* id : {"a", "b"}) put(clips / (std::string(id) + "_000000_000010.mp4"));
  train("run,a,0,10,train\njump,b,0,10,train\n");
  OpenOptions options;
  options.root = clips.path();
  EXPECT_EQ(open(dir / "train.csv", options).clips.size(), 2U);
}

TEST_F(OpenKinetics, SaysHowFilesAreNamedWhereNoneIsThere) {
  train("run,a,1,11,train\njump,b,0,10,train\n");
  EXPECT_TRUE(has(open_error(dir.path()), "named as in a_000001_000011.mp4 or a.mp4"));
}

TEST_F(OpenKinetics, NamesTheLineOfTimesThatAreNone) {
  train("run,a,0,10,train\njump,b,10,9,train\n");
  EXPECT_TRUE(has(open_error(dir.path()), "train.csv:3: time_start \"10\" and time_end \"9\""));
}

TEST_F(OpenKinetics, NamesTheLineOfAnUnknownSplit) {
  train("run,a,0,10,later\n");
  EXPECT_TRUE(has(open_error(dir.path()), ":2: unknown split \"later\""));
}

TEST_F(OpenKinetics, NamesTheLineOfAClipListedTwice) {
  train("run,a,0,10,train\nrun,a,0,10,train\n");
  EXPECT_TRUE(has(open_error(dir.path()), ":3: \"a\" from 0 s is listed before, in line 2"));
}

TEST_F(OpenKinetics, RefusesAListWithoutClips) {
  train("");
  EXPECT_TRUE(has(open_error(dir.path()), "lists no clips"));
}

}  // namespace
}  // namespace vidclass::dataset

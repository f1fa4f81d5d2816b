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

std::vector<std::string> paths_below(const std::filesystem::path& root, const Manifest& manifest) {
  std::vector<std::string> paths;
  for (const Clip& clip : manifest.clips)
    paths.push_back(clip.path.lexically_relative(root).string());
  return paths;
}

TEST(OpenFolders, TakesEachSubFolderAsAClass) {
  const TempDir dir;
  put(dir / "walk/2.mp4");
  put(dir / "run/1.mp4");
  put(dir / "walk/1.mp4");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.layout, Layout::folders);
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"run", "walk"}));
  EXPECT_EQ(paths_below(dir.path(), manifest),
            (std::vector<std::string>{"run/1.mp4", "walk/1.mp4", "walk/2.mp4"}));
  EXPECT_EQ(manifest.clips[2].label, 1U);
  EXPECT_FALSE(manifest.has(Split::train));
}

TEST(OpenFolders, CountsNestedFoldersToTheirClass) {
  const TempDir dir;
  put(dir / "walk/day1/morning/1.mp4");
  put(dir / "run/1.mp4");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.labels.at(manifest.clips.at(1).label), "walk");
}

TEST(OpenFolders, LeavesOutHiddenAndOtherFiles) {
  const TempDir dir;
  for (const char* name : {"walk/1.mp4", "walk/.2.mp4", "walk/.cache/3.mp4", "walk/notes.txt",
                           "run/1.mp4", ".git/4.mp4"}) {
    put(dir / name);
  }
  EXPECT_EQ(open(dir.path()).clips.size(), 2U);
}

TEST(OpenFolders, SkipsAClassWithoutVideosAndSaysSo) {
  const TempDir dir;
  put(dir / "walk/1.mp4");
  put(dir / "run/1.mp4");
  put(dir / "docs/readme.txt");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.labels.size(), 2U);
  EXPECT_TRUE(any_has(manifest.notes, "\"docs\""));
}

TEST(OpenFolders, NotesVideosInNoClassFolder) {
  const TempDir dir;
  put(dir / "walk/1.mp4");
  put(dir / "run/1.mp4");
  put(dir / "stray.mp4");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips.size(), 2U);
  EXPECT_TRUE(any_has(manifest.notes, "\"stray.mp4\""));
}

TEST(OpenFolders, EntersNoLoopOfLinks) {
  const TempDir dir;
  put(dir / "walk/1.mp4");
  put(dir / "run/1.mp4");
  std::filesystem::create_directory_symlink(dir / "walk", dir / "walk/again");
  std::filesystem::create_directory_symlink(dir.path(), dir / "walk/up");
  EXPECT_EQ(open(dir.path()).clips.size(), 2U);
}

TEST(OpenFolders, FollowsALinkToAClassFolder) {
  const TempDir dir;
  const TempDir elsewhere;
  put(elsewhere / "clips/1.mp4");
  put(dir / "run/1.mp4");
  std::filesystem::create_directory_symlink(elsewhere / "clips", dir / "walk");
  EXPECT_EQ(open(dir.path()).labels, (std::vector<std::string>{"run", "walk"}));
}

TEST(OpenFolders, KeepsALinkWhoseTargetIsGone) {
  const TempDir dir;
  put(dir / "run/1.mp4");
  put(dir / "walk/1.mp4");
  std::filesystem::create_symlink(dir / "gone.mp4", dir / "walk/2.mp4");
  EXPECT_EQ(open(dir.path()).clips.size(), 3U);
}

TEST(OpenFolders, TakesTrainValAndTestAsSplits) {
  const TempDir dir;
  for (const char* split : {"train", "valid", "test"}) {
    put(dir / split / "run" / "1.mp4");
    put(dir / split / "walk" / "1.mp4");
  }
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"run", "walk"}));
  EXPECT_EQ(manifest.indices(Split::train).size(), 2U);
  EXPECT_EQ(manifest.indices(Split::validation).size(), 2U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 2U);
}

TEST(OpenFolders, RefusesSplitFoldersWithoutClasses) {
  const TempDir dir;
  put(dir / "train/1.mp4");
  put(dir / "test/1.mp4");
  EXPECT_TRUE(has(open_error(dir.path()), "named like a split"));
}

TEST(OpenFolders, InfersGroupsOfUcf101Names) {
  const TempDir dir;
  put(dir / "Punch/v_Punch_g01_c02.avi");
  put(dir / "YoYo/v_YoYo_g01_c02.avi");
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.clips[0].group, "Punch_g01");
  EXPECT_EQ(manifest.clips[1].group, "YoYo_g01");
}

TEST(OpenFolders, RefusesAPathThatDoesNotExist) {
  const TempDir dir;
  const auto error = open_error<UsageError>(dir / "nothing");
  EXPECT_TRUE(has(error, (dir / "nothing").string() + ": no such file or folder")) << error;
}

TEST(OpenFolders, RefusesASingleVideo) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error<UsageError>(put(dir / "clip.mp4")), "is one video, not a data set"));
}

TEST(OpenFolders, RefusesAFolderWithoutVideos) {
  const TempDir dir;
  put(dir / "docs/readme.txt");
  EXPECT_TRUE(has(open_error(dir.path()), "has no sub-folder with clips"));
}

TEST(OpenFolders, SaysThatVideosMustLieInClassFolders) {
  const TempDir dir;
  put(dir / "1.mp4");
  put(dir / "2.mp4");
  EXPECT_TRUE(has(open_error(dir.path()), "2 clips directly in it"));
}

TEST(OpenFolders, RefusesASingleClass) {
  const TempDir dir;
  put(dir / "run/1.mp4");
  const auto error = open_error(dir.path());
  EXPECT_TRUE(has(error, "one class only (\"run\", 1 clip); at least two")) << error;
}

TEST(OpenFolders, GuessesThatTheFolderBelowWasMeant) {
  const TempDir dir;
  put(dir / "data/run/1.mp4");
  put(dir / "data/walk/1.mp4");
  EXPECT_TRUE(has(open_error(dir.path()), "was " + (dir / "data").string() + " meant?"));
}

TEST(OpenFolders, RefusesAFoldWithoutLists) {
  const TempDir dir;
  put(dir / "run/1.mp4");
  put(dir / "walk/1.mp4");
  OpenOptions options;
  options.fold = 2;
  EXPECT_TRUE(has(open_error<UsageError>(dir.path(), options), "has no split lists"));
}

TEST(OpenFolders, ReadsPhysio3) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto manifest = open(testing::shared_data() / "physio3");
  EXPECT_EQ(manifest.labels.size(), 3U);
  EXPECT_EQ(manifest.clips.size(), 210U);
}

}  // namespace
}  // namespace vidclass::dataset

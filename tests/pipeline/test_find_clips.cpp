// The clips that paths name.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/find_clips.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

class FoundClips : public ::testing::Test {
protected:
  const TempDir dir_;
};

TEST_F(FoundClips, OfAFolderAreItsVideosSorted) {
  put(dir_ / "b.mp4");
  put(dir_ / "a.avi");
  put(dir_ / "notes.txt");
  const auto clips = find_clips({dir_.path()});
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[0].path, dir_ / "a.avi");
  EXPECT_EQ(clips[1].path, dir_ / "b.mp4");
}

TEST_F(FoundClips, LieInNestedFoldersToo) {
  put(dir_.path() / "some/where/a.mkv");
  EXPECT_EQ(find_clips({dir_.path()}).size(), 1U);
}

TEST_F(FoundClips, KeepTheOrderOfThePaths) {
  const auto clips = find_clips({put(dir_ / "b.mp4"), put(dir_ / "a.mp4")});
  EXPECT_EQ(clips.at(0).path, dir_ / "b.mp4");
}

TEST_F(FoundClips, OfAFileAreThatFileWhateverItsName) {
  EXPECT_EQ(find_clips({put(dir_ / "clip.dat")}).size(), 1U);
}

TEST_F(FoundClips, OfAFolderOfNumberedPicturesAreTheFolder) {
  for (const char* name : {"1.png", "2.png", "3.png"}) put(dir_.path() / "frames" / name);
  const auto clips = find_clips({dir_ / "frames"});
  ASSERT_EQ(clips.size(), 1U);
  EXPECT_EQ(clips[0].path, dir_ / "frames");
}

TEST_F(FoundClips, OfNothingAreRefused) {
  const auto message = message_of<UsageError>([&] { (void)find_clips({dir_ / "nothing.mp4"}); });
  EXPECT_TRUE(has(message, "nothing.mp4: no such file or folder")) << message;
}

TEST_F(FoundClips, OfNothingAreLeftToTheirReadingWhereOthersAreThere) {
  const auto clips = find_clips({dir_ / "nothing.mp4", put(dir_ / "a.mp4")});
  EXPECT_EQ(clips.size(), 2U);
}

TEST_F(FoundClips, AreThoseThatADataSetHas) {
  put(dir_ / "._a.mp4");
  put(dir_ / "__MACOSX/a.mp4");
  put(dir_ / "a.mp4");
  for (const char* name : {"1.png", "2.png"}) put(dir_ / "frames" / name);
  const TempDir elsewhere;
  put(elsewhere / "b.mp4");
  std::filesystem::create_directory_symlink(elsewhere.path(), dir_ / "linked");
  std::filesystem::create_directory_symlink(dir_.path(), dir_ / "linked/loop");
  std::vector<std::string> names;
  for (const auto& clip : find_clips({dir_.path()})) {
    names.push_back(clip.path.lexically_relative(dir_.path()).string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a.mp4", "frames", "linked/b.mp4"}));
}

TEST_F(FoundClips, LeaveAFolderWithoutAnyOutWhereOthersHaveSome) {
  put(dir_ / "clips/a.mp4");
  put(dir_ / "docs/a.txt");
  std::vector<std::string> told;
  Hooks hooks;
  hooks.message = [&](MessageLevel, const std::string& text) { told.push_back(text); };
  EXPECT_EQ(find_clips({dir_ / "docs", dir_ / "clips"}, false, hooks).size(), 1U);
  EXPECT_TRUE(testing::any_has(told, "docs is a folder without videos"));
  EXPECT_TRUE(testing::any_has(told, "1 file that is no clip left out: 1 .txt"));
}

TEST_F(FoundClips, OfAFolderOfPicturesAreRefusedWithWhatToDo) {
  put(dir_ / "a.jpg");
  const auto message = message_of<UsageError>([&] { (void)find_clips({dir_.path()}); });
  EXPECT_TRUE(has(message, "pictures are no clips")) << message;
}

TEST_F(FoundClips, OfAFolderWithoutVideosAreRefused) {
  put(dir_ / "notes.txt");
  const auto message = message_of<UsageError>([&] { (void)find_clips({dir_.path()}); });
  EXPECT_TRUE(has(message, "is a folder without videos")) << message;
}

TEST_F(FoundClips, AreArraysWhereThoseAreWanted) {
  put(dir_ / "a.npy");
  put(dir_ / "a.mp4");
  const auto clips = find_clips({dir_.path()}, true);
  ASSERT_EQ(clips.size(), 1U);
  EXPECT_EQ(clips[0].path, dir_ / "a.npy");
}

TEST_F(FoundClips, OfAFolderWithoutArraysAreRefusedWhereThoseAreWanted) {
  put(dir_ / "a.mp4");
  const auto message = message_of<UsageError>([&] { (void)find_clips({dir_.path()}, true); });
  EXPECT_TRUE(has(message, "is a folder without feature arrays")) << message;
}

TEST_F(FoundClips, CountTheirPicturesAmongTheFilesThatAreRead) {
  for (const char* name : {"1.png", "2.png"}) put(dir_.path() / "frames" / name);
  EXPECT_THROW(files_of({{dir_ / "frames"}}).refuse(dir_ / "frames" / "2.png", true), UsageError);
}

}  // namespace
}  // namespace vidclass::pipeline::testing

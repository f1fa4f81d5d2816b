// Which files below a folder are clips, and what is told of the others.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "core/own_files.hpp"
#include "core/safetensors.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::put;
using testing::put_video;
using testing::TempDir;

class ClipSearch : public ::testing::Test {
protected:
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& clip : clips_below(dir_.path()).clips) {
      names.push_back(clip.lexically_relative(dir_.path()).string());
    }
    return names;
  }
  [[nodiscard]] std::vector<std::string> notes() const {
    return clips_below(dir_.path()).left_out.notes();
  }
  /// A video under a name that tells nothing of it.
  void put_video_named(const std::string& name) const {
    put_video(dir_ / "made.avi", 100);
    std::filesystem::rename(dir_ / "made.avi", dir_ / name);
  }

  const TempDir dir_;
};

using Names = std::vector<std::string>;

TEST_F(ClipSearch, TakesVideosOfAnyNameByTheirContent) {
  for (const char* name : {"a.dav", "b", "c.LRV", "d.mp4.part", "e.1"}) put_video_named(name);
  EXPECT_EQ(names(), (Names{"a.dav", "b", "c.LRV", "d.mp4.part", "e.1"}));
}

TEST_F(ClipSearch, TakesNoTextPictureOrNoiseForAVideo) {
  put(dir_ / "notes.txt", "a line\n");
  put(dir_ / "noise.bin", std::string_view("\x01\x02\x00\x03\xB3\x00\x00\x01", 8));
  put(dir_ / "empty");
  put(dir_ / "thumb.jpg", "\xFF\xD8\xFF\xE0");
  put(dir_ / "half.zip", "PK\x03\x04");
  EXPECT_EQ(names(), Names{});
}

TEST_F(ClipSearch, TellsOfFilesThatAreNoClipsInOneNoteByTheirEndings) {
  for (const char* name : {"a.txt", "b.TXT", "c.xml", "README"}) put(dir_ / name, "text");
  ASSERT_EQ(notes().size(), 1U);
  const std::string note = notes().front();
  EXPECT_TRUE(has(note, "4 files that are no clips left out: 2 .txt, 1 without an ending, 1 .xml"))
      << note;
  EXPECT_TRUE(has(note, (dir_ / "README").string())) << note;
}

TEST_F(ClipSearch, CountsTheRarestEndingsTogether) {
  for (int i = 0; i < 12; ++i) put(dir_ / ("a." + std::to_string(i)), "text");
  EXPECT_TRUE(any_has(notes(), "4 of other endings"));
}

TEST_F(ClipSearch, SaysNothingWhereAllIsTaken) {
  put(dir_ / "a.mp4");
  put(dir_ / ".DS_Store", "text");
  EXPECT_EQ(notes(), Names{});
}

TEST_F(ClipSearch, LeavesOutWhatSystemsPutThereForThemselves) {
  for (const char* folder : {"__MACOSX", "@eaDir", "$RECYCLE.BIN", ".trash"}) {
    put(dir_ / folder / "a.mp4");
  }
  put(dir_ / "._a.mp4");
  EXPECT_EQ(names(), Names{});
}

TEST_F(ClipSearch, TakesFoldersOfFramesAndFoldersBehindLinks) {
  const TempDir elsewhere;
  put(elsewhere / "c.mp4");
  for (const char* name : {"1.png", "2.png"}) put(dir_ / "frames" / name);
  std::filesystem::create_directory_symlink(elsewhere.path(), dir_ / "linked");
  std::filesystem::create_directory_symlink(dir_.path(), dir_ / "loop");
  EXPECT_EQ(names(), (Names{"frames", "linked/c.mp4"}));
}

/// Somebody who may not read everything, for as long as it lives.
class Nobody {
public:
  Nobody() : before_(::geteuid()) {
    if (before_ == 0 && ::seteuid(65534) != 0) throw Error("cannot become nobody");
  }
  ~Nobody() { EXPECT_EQ(::seteuid(before_), 0); }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;

private:
  uid_t before_;
};

TEST_F(ClipSearch, PassesOverAFolderThatCannotBeReadAndNamesIt) {
  using std::filesystem::perms;
  put(dir_ / "a.mp4");
  put(dir_ / "lost+found/b.mp4");
  std::filesystem::permissions(dir_.path(), perms::all);
  std::filesystem::permissions(dir_ / "lost+found", perms::none);
  const FoundClips found = [&] {
    const Nobody nobody;
    return clips_below(dir_.path());
  }();
  std::filesystem::permissions(dir_ / "lost+found", perms::owner_all);
  EXPECT_EQ(found.clips, std::vector{dir_ / "a.mp4"});
  EXPECT_TRUE(any_has(found.left_out.notes(), "1 folder that cannot be read (Permission denied)"));
}

TEST_F(ClipSearch, PassesOverAFolderThatIsNotThere) {
  const FoundClips found = clips_below(dir_ / "nothing");
  EXPECT_TRUE(found.clips.empty());
  ASSERT_EQ(found.left_out.unreadable.size(), 1U);
  EXPECT_EQ(found.left_out.unreadable[0].path, dir_ / "nothing");
}

TEST_F(ClipSearch, LeavesOutWhatVidclassWroteAndSaysSo) {
  put(dir_ / "a.mp4");
  put(dir_ / "why/annotated.mp4");
  list_own_files(std::array{dir_ / "why/annotated.mp4"});
  write_safetensors(dir_ / "m.safetensors", {}, {{"vidclass_model", "{}"}});
  EXPECT_EQ(names(), Names{"a.mp4"});
  EXPECT_TRUE(any_has(notes(), "2 files that vidclass wrote left out"));
}

TEST_F(ClipSearch, TakesAClipThatVidclassDidNotWriteBesideOneThatItDid) {
  put(dir_ / "a.mp4");
  list_own_files(std::array{dir_ / "b.mp4"});
  EXPECT_EQ(names(), Names{"a.mp4"});
}

TEST_F(ClipSearch, TakesArraysThatVidclassWroteWhereTheirFolderWasNamed) {
  list_own_files(std::array{put(dir_ / "a.npy"), put(dir_ / "below/b.npy")});
  EXPECT_EQ(names(), Names{"a.npy"});
}

}  // namespace
}  // namespace vidclass::dataset

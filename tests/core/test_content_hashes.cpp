#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/content_hashes.hpp"
#include "core/hash.hpp"
#include "support/memory.hpp"
#include "support/old_file.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;
using testing::make_old;
using testing::TempDir;

/// A folder with a clip that was last changed an hour ago, and a cache folder.
class ContentHashesTest : public ::testing::Test {
protected:
  void SetUp() override {
    write(clip, "first");
    make_old(clip);
  }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  /// Other bytes, but nothing that a look at the folder would show.
  void change_unseen() const {
    const auto time = fs::last_write_time(clip);
    write(clip, "other");
    fs::last_write_time(clip, time);
  }
  std::string remembered() const { return ContentHashes(cache).of(clip); }

  TempDir dir;
  fs::path clip = dir / "clip.avi";
  fs::path cache = dir / "cache";
};

TEST_F(ContentHashesTest, AreTheSha256OfTheFile) {
  EXPECT_EQ(ContentHashes(cache).of(clip), sha256("first"));
}

TEST_F(ContentHashesTest, AreRememberedByOneObject) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  change_unseen();
  EXPECT_EQ(hashes.of(clip), sha256("first"));
}

TEST_F(ContentHashesTest, AreRememberedOnceSaved) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  hashes.save();
  change_unseen();
  EXPECT_EQ(remembered(), sha256("first"));
}

TEST_F(ContentHashesTest, AreRememberedWhateverWayThePathIsWritten) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  change_unseen();
  EXPECT_EQ(hashes.of(dir.path() / "." / "clip.avi"), sha256("first"));
}

TEST_F(ContentHashesTest, AreComputedAgainWhenTheTimeOfChangeDiffers) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  change_unseen();
  fs::last_write_time(clip, fs::last_write_time(clip) + std::chrono::nanoseconds(1000));
  EXPECT_EQ(hashes.of(clip), sha256("other"));
}

TEST_F(ContentHashesTest, AreComputedAgainWhenTheSizeDiffers) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  const auto time = fs::last_write_time(clip);
  write(clip, "longer than before");
  fs::last_write_time(clip, time);
  EXPECT_EQ(hashes.of(clip), sha256("longer than before"));
}

TEST_F(ContentHashesTest, OfAFileChangedJustNowAreNotRemembered) {
  fs::last_write_time(clip, fs::file_time_type::clock::now());
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  change_unseen();
  EXPECT_EQ(hashes.of(clip), sha256("other"));
}

TEST_F(ContentHashesTest, SaveKeepsWhatAnotherProcessWroteMeanwhile) {
  const fs::path theirs = dir / "theirs.avi";
  write(theirs, "theirs");
  make_old(theirs);
  ContentHashes mine(cache);
  ContentHashes other(cache);
  (void)other.of(theirs);
  (void)mine.of(clip);
  other.save();
  mine.save();

  const std::string list = read_text_file(cache / "contents.tsv");
  EXPECT_NE(list.find("theirs.avi"), std::string::npos);
  EXPECT_NE(list.find("clip.avi"), std::string::npos);
}

TEST_F(ContentHashesTest, SaveWritesNothingWhenNothingIsNew) {
  ContentHashes(cache).save();
  EXPECT_FALSE(fs::exists(cache));
}

TEST_F(ContentHashesTest, DamagedLinesOfTheListAreIgnored) {
  ContentHashes hashes(cache);
  (void)hashes.of(clip);
  hashes.save();
  const std::string good = read_text_file(cache / "contents.tsv");
  write_file_atomically(cache / "contents.tsv", "\x01\x02\tjunk\n" + good + "cut sho");
  change_unseen();
  EXPECT_EQ(remembered(), sha256("first"));
}

TEST_F(ContentHashesTest, AFolderInPlaceOfTheListCountsAsEmpty) {
  fs::create_directories(cache / "contents.tsv");
  EXPECT_EQ(remembered(), sha256("first"));
}

TEST_F(ContentHashesTest, OfAMissingFileAreAClipError) {
  EXPECT_THROW((void)ContentHashes(cache).of(dir / "missing.avi"), ClipError);
}

TEST_F(ContentHashesTest, OfAFolderChangesWithTheNamesAndContentsInIt) {
  const fs::path folder = dir / "frames";
  fs::create_directories(folder);
  const auto put = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return ContentHashes(cache).of(folder);
  };
  const std::string one = put("1.jpg", "first");
  const std::string two = put("2.jpg", "second");
  EXPECT_NE(two, one);
  EXPECT_NE(put("2.jpg", "other!"), two);
  EXPECT_EQ(put("2.jpg", "second"), two);
  EXPECT_EQ(put(".hidden", "x"), two);
  fs::rename(folder / "2.jpg", folder / "3.jpg");
  EXPECT_NE(ContentHashes(cache).of(folder), two);
}

TEST_F(ContentHashesTest, OfSomethingThatIsNoFileAreAClipError) {
  EXPECT_THROW((void)ContentHashes(cache).of("/dev/zero"), ClipError);
}

TEST_F(ContentHashesTest, OfBytesAreThoseOfTheFile) {
  const auto of_name = [&](const std::string& name) {
    return ContentHashes(cache).of(ClipSource::from_bytes(testing::bytes_from("first"), name, 1));
  };
  EXPECT_EQ(of_name("upload.mp4"), ContentHashes(cache).of(clip));
  EXPECT_EQ(of_name(clip.string()), ContentHashes(cache).of(clip));
  EXPECT_EQ(of_name(dir.path().string()), ContentHashes(cache).of(clip));
}

TEST_F(ContentHashesTest, OfMemoryAreNotListed) {
  ContentHashes hashes(cache);
  (void)hashes.of(ClipSource::from_bytes(testing::bytes_from("other"), clip.string()));
  (void)hashes.of(ClipSource::from_frames(Tensor(DType::u8, {1, 2, 2, 3}), {0}, clip.string()));
  hashes.save();
  EXPECT_FALSE(fs::exists(cache));
  EXPECT_EQ(hashes.of(clip), sha256("first"));
}

TEST_F(ContentHashesTest, OfGivenFramesChangeWithTheirPixelsShapeAndTimes) {
  ContentHashes hashes(cache);
  const auto of_frames = [&](const Shape& shape, std::uint8_t pixel,
                             const std::vector<double>& times) {
    Tensor frames(DType::u8, shape);
    frames.data<std::uint8_t>().back() = pixel;
    return hashes.of(ClipSource::from_frames(frames, times, "frames"));
  };
  const std::string one = of_frames({2, 2, 4, 3}, 1, {0, 1});
  EXPECT_EQ(of_frames({2, 2, 4, 3}, 1, {0, 1}), one);
  EXPECT_NE(of_frames({2, 2, 4, 3}, 2, {0, 1}), one);
  EXPECT_NE(of_frames({2, 4, 2, 3}, 1, {0, 1}), one);
  EXPECT_NE(of_frames({2, 2, 4, 3}, 1, {0, 2}), one);
}

TEST_F(ContentHashesTest, OfGivenFramesAreNoneThatAFileCouldHave) {
  const std::string hash = ContentHashes(cache).of(
      ClipSource::from_frames(Tensor(DType::u8, {1, 2, 2, 3}), {0}, "frames"));
  EXPECT_TRUE(hash.starts_with("frames:"));
}

TEST_F(ContentHashesTest, MayBeAskedFromSeveralThreads) {
  ContentHashes hashes(cache);
  std::vector<std::string> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& result : results) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) result = hashes.of(clip);
        hashes.save();
      });
    }
  }
  EXPECT_EQ(results, std::vector<std::string>(4, sha256("first")));
}

}  // namespace
}  // namespace vidclass

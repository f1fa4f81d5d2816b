#include <gtest/gtest.h>

#include <iterator>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_writer.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::make_clip;
using testing::TempDir;

std::ptrdiff_t files_in(const TempDir& dir) {
  return std::distance(std::filesystem::directory_iterator(dir.path()), {});
}

TEST(ClipWriter, WritesWhatProbeReads) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 25, .width = 64, .height = 48, .rate = 25});
  const ClipInfo info = probe(dir / "clip.avi");
  EXPECT_EQ(info.container, "avi");
  EXPECT_EQ(info.codec, "mpeg4");
  EXPECT_EQ(info.width, 64);
  EXPECT_EQ(info.height, 48);
  EXPECT_DOUBLE_EQ(info.frame_rate, 25.0);
  EXPECT_DOUBLE_EQ(info.duration, 1.0);
  EXPECT_EQ(info.frames, 25);
}

TEST(ClipWriter, GivesTheSameBytesForTheSameFrames) {
  for (const char* name : {"clip.avi", "clip.mp4", "clip.mkv"}) {
    const TempDir first;
    const TempDir second;
    make_clip(first / name);
    make_clip(second / name);
    EXPECT_EQ(read_text_file(first / name), read_text_file(second / name)) << name;
  }
}

TEST(ClipWriter, KeepsColours) {
  const TempDir dir;
  const std::vector<std::uint8_t> colour{200, 60, 30};
  std::vector<std::uint8_t> rgb;
  for (int i = 0; i < 32 * 32; ++i) rgb.insert(rgb.end(), colour.begin(), colour.end());
  ClipWriter writer(dir / "clip.avi", 32, 32, 10);
  writer.write(rgb);
  writer.finish();
  ClipSettings settings;
  settings.size = 32;
  const SampledClip clip = sample_clip(dir / "clip.avi", settings);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(clip.frames.data<std::uint8_t>()[(16 * 32 + 16) * 3 + c], colour[c], 4);
  }
}

TEST(ClipWriter, LeavesNothingBehindWithoutFinish) {
  const TempDir dir;
  {
    ClipWriter writer(dir / "clip.avi", 32, 32, 10);
    writer.write(std::vector<std::uint8_t>(32 * 32 * 3));
    EXPECT_FALSE(std::filesystem::exists(dir / "clip.avi"));
  }
  EXPECT_EQ(files_in(dir), 0);
}

TEST(ClipWriter, LeavesOnlyTheClipAfterFinish) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  EXPECT_EQ(files_in(dir), 1);
}

TEST(ClipWriter, MakesTheFolder) {
  const TempDir dir;
  make_clip(dir / "a/b/clip.avi");
  EXPECT_TRUE(std::filesystem::exists(dir / "a/b/clip.avi"));
}

TEST(ClipWriter, RefusesOddSizes) {
  const TempDir dir;
  EXPECT_THROW(ClipWriter(dir / "clip.avi", 33, 32, 10), Error);
  EXPECT_THROW(ClipWriter(dir / "clip.avi", 32, 0, 10), Error);
}

TEST(ClipWriter, RefusesARateBelowOne) {
  const TempDir dir;
  EXPECT_THROW(ClipWriter(dir / "clip.avi", 32, 32, 0), Error);
}

TEST(ClipWriter, RefusesEndingsThatCannotHoldTheVideo) {
  const TempDir dir;
  EXPECT_THROW(ClipWriter(dir / "clip.webm", 32, 32, 10), Error);
  EXPECT_THROW(ClipWriter(dir / "clip.txt", 32, 32, 10), Error);
  EXPECT_EQ(files_in(dir), 0);
}

TEST(ClipWriter, RefusesAFrameOfTheWrongSize) {
  const TempDir dir;
  ClipWriter writer(dir / "clip.avi", 32, 32, 10);
  EXPECT_THROW(writer.write(std::vector<std::uint8_t>(32 * 32)), Error);
}

TEST(ClipWriter, RefusesToFinishWithoutFrames) {
  const TempDir dir;
  ClipWriter writer(dir / "clip.avi", 32, 32, 10);
  EXPECT_THROW(writer.finish(), Error);
}

TEST(ClipWriter, SaysWhenTheFolderCannotBeMade) {
  const TempDir dir;
  testing::write_text(dir / "file", "x");
  EXPECT_THROW(ClipWriter(dir / "file/clip.avi", 32, 32, 10), Error);
}

}  // namespace
}  // namespace vidclass::video

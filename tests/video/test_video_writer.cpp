// What a VideoWriter writes, as a ClipReader reads it back.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_reader.hpp"
#include "video/probe.hpp"
#include "video/video_writer.hpp"

namespace vidclass::video {
namespace {

using vidclass::testing::TempDir;

/// A bright square that moves to the right over a gradient.
std::vector<std::uint8_t> picture(int width, int height, int frame) {
  std::vector<std::uint8_t> rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool inside = x >= 3 * frame && x < 3 * frame + 12 && y > 8 && y < 24;
      rgb.push_back(static_cast<std::uint8_t>(inside ? 250 : x * 2 % 200));
      rgb.push_back(static_cast<std::uint8_t>(inside ? 240 : y * 2 % 200));
      rgb.push_back(static_cast<std::uint8_t>(inside ? 30 : 90));
    }
  }
  return rgb;
}

void write_clip(const std::filesystem::path& path, int width, int height,
                const std::vector<double>& times, double end) {
  VideoWriter writer(path, width, height, 25);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double until = i + 1 < times.size() ? times[i + 1] : end;
    writer.write(picture(width, height, static_cast<int>(i)), times[i], until - times[i]);
  }
  writer.finish();
}

std::vector<double> even_times(int count, double rate) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(i / rate);
  return times;
}

struct ReadBack {
  int width = 0;
  int height = 0;
  double duration = 0;
  std::vector<double> times;
};

ReadBack read_back(const std::filesystem::path& path) {
  ClipReader reader(path);
  ReadBack result{reader.width(), reader.height(), reader.duration(), {}};
  ShownFrame frame;
  while (reader.next(frame)) result.times.push_back(frame.time);
  return result;
}

/// FFmpeg 5 does not decode animated WebP, so that only GIF and videos are read back here;
/// the tests in a browser look at WebP.
class WrittenVideo : public ::testing::TestWithParam<std::string> {};

TEST_P(WrittenVideo, HasTheFramesAndTheDurationOfItsSource) {
  const TempDir dir;
  const std::filesystem::path file = dir / ("clip" + GetParam());
  write_clip(file, 64, 48, even_times(20, 25), 0.8);
  const ReadBack clip = read_back(file);
  EXPECT_EQ(clip.width, 64);
  EXPECT_EQ(clip.height, 48);
  ASSERT_EQ(clip.times.size(), 20U);
  EXPECT_NEAR(clip.duration, 0.8, 0.011);
  for (int i = 0; i < 20; ++i) {
    EXPECT_NEAR(clip.times[static_cast<std::size_t>(i)], i / 25.0, 0.002);
  }
}

TEST_P(WrittenVideo, KeepsUnevenTimes) {
  const TempDir dir;
  const std::filesystem::path file = dir / ("clip" + GetParam());
  const std::vector<double> times{0, 0.04, 0.2, 0.26, 0.7};
  write_clip(file, 64, 48, times, 1.0);
  const ReadBack clip = read_back(file);
  ASSERT_EQ(clip.times.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(clip.times[i], times[i], 0.002);
}

TEST_P(WrittenVideo, OfOddSidesKeepsThePicture) {
  const TempDir dir;
  const std::filesystem::path file = dir / ("clip" + GetParam());
  write_clip(file, 61, 47, even_times(4, 25), 0.16);
  const ReadBack clip = read_back(file);
  EXPECT_GE(clip.width, 61);
  EXPECT_LE(clip.width, 62);
  EXPECT_GE(clip.height, 47);
  EXPECT_LE(clip.height, 48);
}

INSTANTIATE_TEST_SUITE_P(Kinds, WrittenVideo,
                         ::testing::Values(".mp4", ".mov", ".mkv", ".webm", ".gif"),
                         [](const auto& each) { return each.param.substr(1); });

TEST(VideoWriter, KeepsTheDurationOfAGifOfQuickFrames) {
  const TempDir dir;
  write_clip(dir / "clip.gif", 32, 32, even_times(60, 60), 1.0);
  const ReadBack clip = read_back(dir / "clip.gif");
  EXPECT_NEAR(clip.duration, 1.0, 0.05);
  for (std::size_t i = 1; i < clip.times.size(); ++i) {
    EXPECT_GE(clip.times[i] - clip.times[i - 1], 0.0199);
  }
}

TEST(VideoWriter, WritesAnAnimatedWebP) {
  const TempDir dir;
  write_clip(dir / "clip.webp", 32, 32, even_times(5, 25), 0.2);
  EXPECT_GT(std::filesystem::file_size(dir / "clip.webp"), 100U);
}

TEST(VideoWriter, RefusesOtherEndings) {
  const TempDir dir;
  EXPECT_THROW(VideoWriter(dir / "clip.txt", 32, 32, 25), UsageError);
  EXPECT_FALSE(is_writable_video("clip.avi"));
  EXPECT_TRUE(is_writable_video("CLIP.MP4"));
}

TEST(VideoWriter, LeavesNothingBehindWithoutFinish) {
  const TempDir dir;
  {
    VideoWriter writer(dir / "clip.mp4", 32, 32, 25);
    writer.write(picture(32, 32, 0), 0, 0.04);
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(VideoWriter, WithoutFramesIsAnError) {
  const TempDir dir;
  VideoWriter writer(dir / "clip.mp4", 32, 32, 25);
  EXPECT_THROW(writer.finish(), Error);
}

TEST(ClipReader, GivesTheFramesOfASpan) {
  const TempDir dir;
  write_clip(dir / "clip.mp4", 64, 48, even_times(20, 25), 0.8);
  ClipReader reader(ClipSource(dir / "clip.mp4", 0.2, 0.4));
  EXPECT_EQ(reader.frames(), 5U);
  EXPECT_NEAR(reader.start(), 0.2, 0.001);
  EXPECT_NEAR(reader.duration(), 0.2, 0.001);
  ShownFrame frame;
  ASSERT_TRUE(reader.next(frame));
  EXPECT_NEAR(frame.time, 0.2, 0.001);
  EXPECT_EQ(frame.rgb.size(), 64U * 48 * 3);
}

TEST(ClipReader, OfATextFileIsAClipError) {
  const TempDir dir;
  EXPECT_THROW(ClipReader(dir / "none.mp4"), ClipError);
}

}  // namespace
}  // namespace vidclass::video

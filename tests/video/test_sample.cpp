#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::make_clip;
using testing::number_of;
using testing::TempDir;

ClipSettings settings(int frames, Sampling sampling = Sampling::uniform, int size = 32) {
  ClipSettings result;
  result.frames = frames;
  result.sampling = sampling;
  result.size = size;
  return result;
}

std::vector<int> numbers(const SampledClip& clip) {
  std::vector<int> result;
  for (std::size_t i = 0; i < clip.frames.dim(0); ++i) result.push_back(number_of(clip.frames, i));
  return result;
}

/// Why the clip cannot be sampled.
std::string reason(const std::filesystem::path& path) {
  try {
    (void)sample_clip(path, settings(5));
  } catch (const ClipError& error) {
    EXPECT_EQ(error.path(), path);
    return error.reason();
  }
  return "none";
}

TEST(SampleClip, GivesFramesSpreadOverTheWholeClip) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40});
  const SampledClip clip = sample_clip(dir / "clip.avi", settings(4));
  EXPECT_EQ(clip.frames.shape(), (Shape{4, 32, 32, 3}));
  EXPECT_EQ(clip.frames.dtype(), DType::u8);
  EXPECT_EQ(numbers(clip), (std::vector<int>{5, 15, 25, 35}));
}

TEST(SampleClip, GivesTimesInSecondsAfterTheFirstFrame) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  const SampledClip clip = sample_clip(dir / "clip.avi", settings(4));
  ASSERT_EQ(clip.times.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(clip.times[i], 0.5 + static_cast<double>(i));
  }
}

TEST(SampleClip, GivesTheFirstConsecutiveFramesWhenAsked) {
  const TempDir dir;
  make_clip(dir / "clip.mp4", {.frames = 30});
  EXPECT_EQ(numbers(sample_clip(dir / "clip.mp4", settings(4, Sampling::first))),
            (std::vector<int>{0, 1, 2, 3}));
}

TEST(SampleClip, GivesEveryFrameOnceWhenTheClipIsShorterThanAsked) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 3});
  for (const Sampling sampling : {Sampling::uniform, Sampling::first}) {
    EXPECT_EQ(numbers(sample_clip(dir / "clip.avi", settings(20, sampling))),
              (std::vector<int>{0, 1, 2}));
  }
}

TEST(SampleClip, SpreadsFramesOverTheSpanThatIsAskedFor) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  const SampledClip clip = sample_clip({dir / "clip.avi", 1.0, 3.0}, settings(4));
  EXPECT_EQ(numbers(clip), (std::vector<int>{12, 17, 22, 27}));
  EXPECT_DOUBLE_EQ(clip.times[0], 1.2);
}

TEST(SampleClip, OfASpanGivesTheFramesOfTheWholeClip) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  const Tensor whole = sample_clip(dir / "clip.avi", settings(40)).frames;
  const Tensor span = sample_clip({dir / "clip.avi", 2.5}, settings(40)).frames;
  ASSERT_EQ(span.dim(0), 15U);
  const auto tail = whole.bytes().last(span.bytes().size());
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), span.bytes().begin()));
}

TEST(SampleClip, SpreadsFramesOverWhatDecodesOfADamagedSpan) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  testing::overwrite_packets(dir / "clip.avi", 20, 40);
  EXPECT_EQ(numbers(sample_clip({dir / "clip.avi", 1.0, 3.0}, settings(2))),
            (std::vector<int>{12, 17}));
}

TEST(SampleClip, GivesTheOnlyFrameOfAClipOfOne) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 1});
  EXPECT_EQ(numbers(sample_clip(dir / "clip.avi", settings(20))), (std::vector<int>{0}));
}

class SampleClipContainer : public ::testing::TestWithParam<const char*> {};

TEST_P(SampleClipContainer, GivesTheSameFrames) {
  const TempDir dir;
  make_clip(dir / GetParam(), {.frames = 45});
  EXPECT_EQ(numbers(sample_clip(dir / GetParam(), settings(5))),
            (std::vector<int>{4, 13, 22, 31, 40}));
}

INSTANTIATE_TEST_SUITE_P(All, SampleClipContainer,
                         ::testing::Values("a.avi", "a.mp4", "a.mkv", "a.mov", "a.ts", "a.nut",
                                           "a.m4v"),
                         [](const auto& test) { return std::string(test.param).substr(2); });

TEST(SampleClip, GivesTheCentreOfAWideFrame) {
  const TempDir dir;
  const std::filesystem::path path = dir / "clip.avi";
  make_clip(path, {.frames = 2, .width = 128, .height = 32});
  EXPECT_EQ(sample_clip(path, settings(2, Sampling::uniform, 48)).frames.shape(),
            (Shape{2, 48, 48, 3}));
}

/// Mean of the red values in a part of frame 0.
double brightness_at(const SampledClip& clip, std::size_t first_row, std::size_t last_row,
                     std::size_t first_column, std::size_t last_column) {
  const std::size_t side = clip.frames.dim(1);
  double sum = 0;
  for (std::size_t y = first_row; y < last_row; ++y) {
    for (std::size_t x = first_column; x < last_column; ++x) {
      sum += clip.frames.data<std::uint8_t>()[(y * side + x) * 3];
    }
  }
  return sum / static_cast<double>((last_row - first_row) * (last_column - first_column));
}

TEST(SampleClip, TurnsFramesAsTheFileSays) {
  const TempDir dir;
  const std::filesystem::path path = dir / "clip.mp4";
  for (const Preprocess preprocess : {Preprocess::standard, Preprocess::keras}) {
    ClipSettings wanted = settings(1);
    wanted.preprocess = preprocess;
    // The clip has bright noise above a dark grey.
    make_clip(path, {.frames = 1, .width = 64, .height = 64});
    const SampledClip upright = sample_clip(path, wanted);
    EXPECT_GT(brightness_at(upright, 0, 4, 0, 32), 60);
    EXPECT_LT(brightness_at(upright, 10, 32, 0, 32), 40);
    testing::tag_as_turned(path);
    const SampledClip turned = sample_clip(path, wanted);
    EXPECT_GT(brightness_at(turned, 0, 32, 28, 32), 60);
    EXPECT_LT(brightness_at(turned, 0, 32, 0, 22), 40);
  }
}

TEST(SampleClip, TakesFramesWhoseSizeChangesOnTheWay) {
  const TempDir dir;
  make_clip(dir / "small.ts", {.frames = 12, .width = 64, .height = 48});
  make_clip(dir / "large.ts", {.frames = 12, .width = 128, .height = 96});
  testing::write_text(dir / "both.ts",
                      read_text_file(dir / "small.ts") + read_text_file(dir / "large.ts"));
  const SampledClip clip = sample_clip(dir / "both.ts", settings(24));
  EXPECT_EQ(clip.frames.dim(0), 24U);
  EXPECT_TRUE(std::is_sorted(clip.times.begin(), clip.times.end()));
  EXPECT_EQ(number_of(clip.frames, 23), 11);
}

TEST(SampleClip, PrintsNothingAboutADamagedClip) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40});
  testing::overwrite_packets(dir / "clip.avi", 10, 20);
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  (void)sample_clip(dir / "clip.avi", settings(4));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(SampleClip, SpreadsFramesOverWhatIsLeftOfATruncatedClip) {
  const TempDir dir;
  make_clip(dir / "whole.avi", {.frames = 40});
  testing::copy_start(dir / "whole.avi", dir / "half.avi",
                      std::filesystem::file_size(dir / "whole.avi") / 2);
  const std::vector<int> given = numbers(sample_clip(dir / "half.avi", settings(4)));
  ASSERT_EQ(given.size(), 4U);
  EXPECT_LT(given.back(), 30);
  EXPECT_GT(given.back(), 10);
  EXPECT_TRUE(std::is_sorted(given.begin(), given.end()));
}

TEST(SampleClip, SpreadsFramesOverThoseThatDecodeWhenTheEndIsDamaged) {
  const TempDir dir;
  const std::filesystem::path path = dir / "clip.avi";
  make_clip(path, {.frames = 40});
  testing::overwrite_packets(path, 20, 40);
  const std::vector<int> given = numbers(sample_clip(path, settings(4)));
  EXPECT_EQ(given, (std::vector<int>{2, 7, 12, 17}));
}

TEST(SampleClip, RefusesSettingsBelowOne) {
  EXPECT_THROW((void)sample_clip("clip.avi", settings(0)), UsageError);
  EXPECT_THROW((void)sample_clip("clip.avi", settings(5, Sampling::uniform, 0)), UsageError);
}

TEST(SampleClip, StopsWhenCancelled) {
  const TempDir dir;
  make_clip(dir / "clip.avi");
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)sample_clip(dir / "clip.avi", settings(5), cancel), Cancelled);
}

TEST(SampleClip, MayRunInSeveralThreads) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40});
  std::vector<std::future<SampledClip>> clips;
  for (int i = 0; i < 4; ++i) {
    clips.push_back(
        std::async(std::launch::async, [&] { return sample_clip(dir / "clip.avi", settings(4)); }));
  }
  for (auto& clip : clips) EXPECT_EQ(numbers(clip.get()), (std::vector<int>{5, 15, 25, 35}));
}

TEST(SampleClipRefuses, AMissingFile) { EXPECT_EQ(reason("no/such.avi"), "file not found"); }

TEST(SampleClipRefuses, ASpanWithoutFrames) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  const auto reason_of = [&](double start, std::optional<double> end) -> std::string {
    try {
      (void)sample_clip({dir / "clip.avi", start, end}, settings(5));
    } catch (const ClipError& error) {
      return error.reason();
    }
    return "none";
  };
  EXPECT_EQ(reason_of(4, std::nullopt), "no frame in its span from 4 s to the end");
  EXPECT_EQ(reason_of(1.01, 1.05), "no frame in its span from 1.01 s to 1.05 s");
  EXPECT_EQ(reason_of(3, 2), "no frame in its span from 3 s to 2 s");
}

TEST(SampleClipRefuses, WhatIsBeyondALimit) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 40, .rate = 10});
  const auto reason_with = [&](const Limits& limits) -> std::string {
    try {
      (void)sample_clip(dir / "clip.avi", settings(5), {}, limits);
    } catch (const ClipError& error) {
      return error.reason();
    }
    return "none";
  };
  EXPECT_EQ(reason_with({.max_pixels = 64 * 48, .max_duration = 4}), "none");
  EXPECT_EQ(reason_with({.max_pixels = 3000}),
            "64 x 48 pixels, and 3000 is the limit (max-pixels)");
  EXPECT_EQ(reason_with({.max_duration = 2}),
            "lasts 2.1 s or more, and 2 s is the limit (max-duration)");
}

TEST(SampleClipRefuses, AFolder) {
  const TempDir dir;
  EXPECT_EQ(reason(dir.path()), "a folder without numbered pictures, not a video file");
}

TEST(SampleClipRefuses, AnEmptyFile) {
  const TempDir dir;
  testing::write_text(dir / "clip.avi", "");
  EXPECT_EQ(reason(dir / "clip.avi"), "empty file");
}

TEST(SampleClipRefuses, ATextFileNamedLikeAVideo) {
  const TempDir dir;
  testing::write_text(dir / "clip.avi", "This is not a video at all.\n");
  EXPECT_EQ(reason(dir / "clip.avi"),
            "not a video FFmpeg can read (Invalid data found when processing input)");
}

TEST(SampleClipRefuses, AnAudioFile) {
  const TempDir dir;
  testing::write_wav(dir / "clip.wav");
  EXPECT_EQ(reason(dir / "clip.wav"), "not a video file (it looks like wav)");
}

TEST(SampleClipRefuses, AHeaderWithoutFrames) {
  const TempDir dir;
  make_clip(dir / "whole.avi");
  testing::copy_start(dir / "whole.avi", dir / "clip.avi", 1024);
  EXPECT_NE(reason(dir / "clip.avi"), "none");
}

TEST(SampleClipRefuses, PlaylistsThatNameOtherFiles) {
  const TempDir dir;
  make_clip(dir / "clip.mp4");
  testing::write_text(dir / "hls.m3u8",
                      "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nclip.mp4\n#EXT-X-ENDLIST\n");
  testing::write_text(dir / "hls.avi",
                      "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nclip.mp4\n#EXT-X-ENDLIST\n");
  testing::write_text(dir / "list.ffconcat", "ffconcat version 1.0\nfile clip.mp4\n");
  for (const char* name : {"hls.m3u8", "hls.avi", "list.ffconcat"}) {
    EXPECT_EQ(reason(dir / name).substr(0, 10), "a playlist") << reason(dir / name);
  }
}

TEST(SampleClipRefuses, AddressesAndProtocols) {
  for (const char* name : {"concat:a.avi|b.avi", "pipe:0"}) {
    EXPECT_EQ(reason(name), "file not found");
  }
  for (const char* name : {"http://localhost/clip.mp4", "rtsp://camera:554/live", "s3://a/b.mp4"}) {
    EXPECT_EQ(reason(name), "addresses are not opened; download it first");
  }
}

TEST(SampleClip, ReadsAFileWhoseNameLooksLikeAProtocol) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 3});
  std::filesystem::rename(dir / "clip.avi", dir / "http:clip%03d.avi");
  EXPECT_EQ(sample_clip(dir / "http:clip%03d.avi", settings(5)).frames.dim(0), 3U);
}

}  // namespace
}  // namespace vidclass::video

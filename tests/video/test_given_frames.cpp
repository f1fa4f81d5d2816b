// Clips whose frames the caller decoded.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/files.hpp"
#include "support/footage.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_reader.hpp"
#include "video/image.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {
namespace {

namespace fs = std::filesystem;
using testing::message_of;
using testing::same_bytes;
using testing::TempDir;

constexpr std::size_t made_up_count = 40;
constexpr std::size_t made_up_height = 97;  // odd, so that rows have no tidy length
constexpr std::size_t made_up_width = 131;

std::vector<double> at_rate_of(double rate) {
  std::vector<double> times;
  for (std::size_t i = 0; i < made_up_count; ++i) times.push_back(static_cast<double>(i) / rate);
  return times;
}

/// A disc that moves over a background in colours.
Tensor made_up_frames() {
  Tensor frames(DType::u8, {made_up_count, made_up_height, made_up_width, 3});
  std::uint8_t* target = frames.data<std::uint8_t>().data();
  for (std::size_t t = 0; t < made_up_count; ++t) {
    for (std::size_t y = 0; y < made_up_height; ++y) {
      for (std::size_t x = 0; x < made_up_width; ++x) {
        const double grey = testing::grey_at({}, (static_cast<double>(x) + 0.5) / made_up_width,
                                             (static_cast<double>(y) + 0.5) / made_up_height,
                                             static_cast<double>(t) / 25);
        *target++ = static_cast<std::uint8_t>(grey);
        *target++ = static_cast<std::uint8_t>(x);
        *target++ = static_cast<std::uint8_t>(255 - grey);
      }
    }
  }
  return frames;
}

ClipSource made_up_clip() {
  return ClipSource::from_frames(made_up_frames(), at_rate_of(25), "frames");
}

/// The same frames as a folder of pictures without loss, at 25 frames/s.
fs::path picture_folder(const TempDir& dir) {
  const Tensor frames = made_up_frames();
  const std::size_t bytes = frames.size() / made_up_count;
  fs::create_directories(dir / "folder");
  for (std::size_t i = 0; i < made_up_count; ++i) {
    const auto rgb = frames.data<std::uint8_t>().subspan(i * bytes, bytes);
    const auto picture = Tensor::from<std::uint8_t>({made_up_height, made_up_width, 3}, rgb);
    write_file_atomically(dir / "folder" / (std::to_string(100 + i) + ".png"),
                          encode_image(picture, ImageKind::png));
  }
  return dir / "folder";
}

/// All frames of a clip, as its reader gives them.
ClipSource decoded(const ClipSource& file) {
  ClipReader reader(file);
  std::vector<std::uint8_t> pixels;
  std::vector<double> times;
  ShownFrame frame;
  while (reader.next(frame)) {
    pixels.insert(pixels.end(), frame.rgb.begin(), frame.rgb.end());
    times.push_back(frame.time);
  }
  const Shape shape{times.size(), static_cast<std::size_t>(reader.height()),
                    static_cast<std::size_t>(reader.width()), 3};
  return ClipSource::from_frames(Tensor::from<std::uint8_t>(shape, pixels), times, "decoded");
}

struct Look {
  const char* name;
  ClipSettings settings;
};
std::ostream& operator<<(std::ostream& out, const Look& look) { return out << look.name; }

class GivenFramesLook : public ::testing::TestWithParam<Look> {};

/// PNG pictures decode to the same RGB, so that all that comes after is the same to the bit.
TEST_P(GivenFramesLook, IsThatOfTheSamePicturesOnDisk) {
  const TempDir dir;
  const SampledClip expected = sample_clip(picture_folder(dir), GetParam().settings);
  const SampledClip clip = sample_clip(made_up_clip(), GetParam().settings);
  EXPECT_TRUE(same_bytes(clip.frames, expected.frames));
  EXPECT_TRUE(same_bytes(clip.motion, expected.motion));
  EXPECT_EQ(clip.views, expected.views);
  EXPECT_EQ(clip.window.left, expected.window.left);
  EXPECT_EQ(clip.window.top, expected.window.top);
  EXPECT_EQ(clip.window.width, expected.window.width);
  ASSERT_EQ(clip.times.size(), expected.times.size());
  for (std::size_t i = 0; i < clip.times.size(); ++i) {
    EXPECT_DOUBLE_EQ(clip.times[i], expected.times[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Settings, GivenFramesLook,
    ::testing::Values(
        Look{"uniform", {.frames = 7, .size = 32}}, Look{"all", {.frames = 100, .size = 32}},
        Look{"first", {.sampling = Sampling::first, .frames = 5, .size = 32}},
        Look{"segment", {.sampling = Sampling::segment, .frames = 5, .size = 32}},
        Look{"dense", {.sampling = Sampling::dense, .frames = 5, .size = 32, .stride = 3}},
        Look{"views", {.frames = 5, .size = 32, .clips = 3}},
        Look{"keras", {.frames = 5, .preprocess = Preprocess::keras, .size = 32}},
        Look{"motion_map", {.frames = 5, .size = 32, .motion_grid = 6}},
        Look{"motion_crop", {.frames = 5, .size = 32, .motion_grid = 6, .crop = Crop::motion}},
        // So small that the frames are held at a lower size.
        Look{"held_smaller", {.frames = 5, .size = 16, .crop = Crop::motion}},
        Look{"faded", {.frames = 5, .size = 32, .crop = Crop::motion, .faded = true}}),
    [](const auto& look) { return std::string(look.param.name); });

TEST(GivenFrames, AreReadAsTheyWereGiven) {
  ClipReader reader(made_up_clip());
  EXPECT_EQ(reader.frames(), made_up_count);
  const Tensor expected = made_up_frames();
  ShownFrame frame;
  for (std::size_t i = 0; i < made_up_count; ++i) {
    ASSERT_TRUE(reader.next(frame));
    const auto rgb = expected.data<std::uint8_t>().subspan(i * frame.rgb.size());
    EXPECT_TRUE(std::equal(frame.rgb.begin(), frame.rgb.end(), rgb.begin()));
    EXPECT_NEAR(frame.time, static_cast<double>(i) / 25, 1e-9);
    EXPECT_NEAR(frame.duration, 1.0 / 25, 1e-9);
  }
  EXPECT_FALSE(reader.next(frame));
}

/// The file's pixels go from YUV to the network's size at once, those given by way of RGB at full
/// size, which rounds once more: not the same to the bit.
TEST(GivenFrames, DecodedFromAFileLookLikeItToHalfALevel) {
  const TempDir dir;
  const ClipSource file = testing::film(dir / "film.mp4", {.place = 2, .seconds = 2});
  const ClipSettings settings{.frames = 12, .size = 64, .motion_grid = 6};
  const SampledClip expected = sample_clip(file, settings);
  const SampledClip clip = sample_clip(decoded(file), settings);
  ASSERT_EQ(clip.frames.shape(), expected.frames.shape());
  EXPECT_EQ(clip.times, expected.times);
  double sum = 0;
  for (std::size_t i = 0; i < clip.frames.size(); ++i) {
    sum += std::abs(clip.frames.data<std::uint8_t>()[i] - expected.frames.data<std::uint8_t>()[i]);
  }
  EXPECT_LT(sum / static_cast<double>(clip.frames.size()), 0.5);
  for (std::size_t i = 0; i < clip.motion.size(); ++i) {
    EXPECT_NEAR(clip.motion.data<float>()[i], expected.motion.data<float>()[i], 0.01);
  }
}

/// Where a square of the file begins at a chroma sample, one of RGB begins at any pixel.
TEST(GivenFrames, DecodedFromAFileMoveWhereItMoves) {
  const TempDir dir;
  const ClipSource file = testing::film(dir / "film.mp4", {.place = 2, .seconds = 2});
  const ClipSettings settings{.frames = 12, .size = 64, .crop = Crop::motion};
  const Window expected = sample_clip(file, settings).window;
  const Window window = sample_clip(decoded(file), settings).window;
  EXPECT_NEAR(window.left, expected.left, 2.0 / 160);
  EXPECT_NEAR(window.top, expected.top, 2.0 / 120);
  EXPECT_NEAR(window.width, expected.width, 2.0 / 160);
}

TEST(GivenFrames, AreChosenAsThoseOfAFileAtTheSameRate) {
  const TempDir dir;
  for (const int rate : {10, 24, 25, 30, 60}) {
    const ClipSource file =
        testing::film(dir / "film.mp4", {.still = true, .width = 16, .height = 16, .rate = rate});
    const ClipSource given = decoded(file);
    for (const Sampling sampling : {Sampling::uniform, Sampling::segment, Sampling::dense}) {
      for (const int frames : {1, 4, 10, 15, 20}) {
        const ClipSettings settings{.sampling = sampling, .frames = frames, .size = 8, .fps = 12};
        EXPECT_EQ(sample_clip(given, settings).times, sample_clip(file, settings).times);
      }
    }
  }
}

TEST(GivenFrames, CountTimeFromTheFirstOne) {
  std::vector<double> times = at_rate_of(10);
  for (double& time : times) time += 100;
  const ClipSource clip = ClipSource::from_frames(made_up_frames(), times, "late", 1, 1.25);
  const SampledClip sampled = sample_clip(clip, {.frames = 10, .size = 8});
  ASSERT_EQ(sampled.times.size(), 3U);
  EXPECT_NEAR(sampled.times[0], 1.0, 1e-9);
  EXPECT_NEAR(sampled.times[2], 1.2, 1e-9);
}

TEST(GivenFrames, KeepTheirOrderHoweverCloseTheyAre) {
  const Tensor frames(DType::u8, {3, 8, 8, 3});
  const ClipSource clip = ClipSource::from_frames(frames, {0, 1e-12, 2e-12}, "close");
  EXPECT_EQ(sample_clip(clip, {.frames = 5, .size = 8}).times,
            (std::vector<double>{0, 1e-12, 2e-12}));
}

TEST(GivenFrames, OfOneGiveThatOne) {
  const ClipSource clip = ClipSource::from_frames(Tensor(DType::u8, {1, 8, 8, 3}), {5}, "one");
  EXPECT_EQ(sample_clip(clip, {.frames = 5, .size = 8, .motion_grid = 3}).times,
            std::vector<double>{0});
}

TEST(GivenFrames, HaveNoFrameOutsideTheirSpan) {
  ClipSource clip = made_up_clip();
  clip.start = 50;
  EXPECT_EQ(message_of<ClipError>([&] { (void)sample_clip(clip, {}); }),
            "frames: no frame in its span from 50 s to the end");
}

TEST(GivenFrames, HaveTheThumbnailsOfTheSamePicturesOnDisk) {
  const TempDir dir;
  const Thumbnails expected = thumbnails_of(picture_folder(dir));
  const Thumbnails thumbnails = thumbnails_of(made_up_clip());
  EXPECT_TRUE(same_bytes(thumbnails.pictures, expected.pictures));
  EXPECT_EQ(thumbnails.frames, expected.frames);
  EXPECT_EQ(thumbnails.damage, "");
}

TEST(GivenFrames, TellTheirSizeRateAndDuration) {
  const ClipInfo info = probe(made_up_clip());
  EXPECT_EQ(info.container, "frames");
  EXPECT_EQ(info.width, static_cast<int>(made_up_width));
  EXPECT_EQ(info.height, static_cast<int>(made_up_height));
  EXPECT_EQ(info.frames, static_cast<long long>(made_up_count));
  EXPECT_NEAR(info.duration, 1.6, 1e-6);
  EXPECT_NEAR(info.frame_rate, 25, 1e-4);
}

TEST(GivenFrames, BeyondALimitAreRefused) {
  const ClipSource clip = made_up_clip();
  const auto refusal = [&](const Limits& limits) {
    return message_of<ClipError>([&] { (void)sample_clip(clip, {}, {}, limits); });
  };
  EXPECT_NE(refusal({.max_pixels = 100}).find("frames: 131 x 97 pixels, and 100 is the limit"),
            std::string::npos);
  EXPECT_NE(refusal({.max_duration = 1}).find("frames: lasts 1.6 s, and 1 s is the limit"),
            std::string::npos);
}

TEST(GivenFrames, StopWhenCancelled) {
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)sample_clip(made_up_clip(), {}, cancel), Cancelled);
}

/// What E is thrown for such frames.
template <typename E>
std::string complaint(DType type, const Shape& shape, const std::vector<double>& times) {
  return message_of<E>([&] { (void)ClipSource::from_frames(Tensor(type, shape), times, "a"); });
}

TEST(GivenFrames, OfAnotherFormAreAUsageError) {
  EXPECT_EQ(complaint<UsageError>(DType::f32, {2, 8, 8, 3}, {0, 1}),
            "a: frames must be U8 of shape [T, H, W, 3], not F32 of shape [2, 8, 8, 3]");
  EXPECT_EQ(complaint<UsageError>(DType::u8, {2, 8, 8, 4}, {0, 1}),
            "a: frames must be U8 of shape [T, H, W, 3], not U8 of shape [2, 8, 8, 4]");
  EXPECT_EQ(complaint<UsageError>(DType::u8, {8, 8, 3}, {0}),
            "a: frames must be U8 of shape [T, H, W, 3], not U8 of shape [8, 8, 3]");
  EXPECT_EQ(complaint<UsageError>(DType::u8, {2, 8, 8, 3}, {0, 1, 2}),
            "a: 2 frames need as many times, not 3");
}

TEST(GivenFrames, OfNoPixelsAreAClipError) {
  EXPECT_EQ(complaint<ClipError>(DType::u8, {0, 8, 8, 3}, {}), "a: no frames: [0, 8, 8, 3]");
  EXPECT_EQ(complaint<ClipError>(DType::u8, {1, 0, 8, 3}, {0}), "a: no frames: [1, 0, 8, 3]");
}

TEST(GivenFrames, AtImpossibleTimesAreAClipError) {
  const Shape two{2, 8, 8, 3};
  EXPECT_EQ(complaint<ClipError>(DType::u8, two, {1, 1}),
            "a: the time of frame 1 is 1 s: it must be above the one before it");
  EXPECT_EQ(complaint<ClipError>(DType::u8, two, {1, 0.5}),
            "a: the time of frame 1 is 0.5 s: it must be above the one before it");
  EXPECT_EQ(complaint<ClipError>(DType::u8, two, {std::nan(""), 1}),
            "a: the time of frame 0 is nan s: it must be a number");
  EXPECT_EQ(complaint<ClipError>(DType::u8, two, {0, std::numeric_limits<double>::infinity()}),
            "a: the time of frame 1 is inf s: it must be a number");
  EXPECT_EQ(complaint<ClipError>(DType::u8, two, {0, 1e9}),
            "a: the time of frame 1 is 1e+09 s: it must be within 1e8 s of the first one");
}

}  // namespace
}  // namespace vidclass::video

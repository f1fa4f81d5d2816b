#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/frame_folder.hpp"
#include "video/picture_maker.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

namespace fs = std::filesystem;
using testing::make_picture;
using testing::TempDir;

std::vector<std::string> names(const std::vector<fs::path>& paths) {
  std::vector<std::string> result;
  for (const fs::path& path : paths) result.push_back(path.filename().string());
  return result;
}

std::vector<int> numbers(const SampledClip& clip) {
  std::vector<int> result;
  const std::size_t side = clip.frames.dim(1);
  for (std::size_t i = 0; i < clip.frames.dim(0); ++i) {
    const int grey = clip.frames.data<std::uint8_t>()[(i * side + side / 2) * side * 3];
    int number = 0;  // pictures are full range, so that their grey is the frame's
    while (number < 60 && std::abs(testing::grey_of(number) - grey) > 1) ++number;
    result.push_back(number);
  }
  return result;
}

/// img_00000.png, img_00001.png, ...
void make_pictures(const fs::path& folder, int count) {
  fs::create_directories(folder);
  for (int i = 0; i < count; ++i) {
    std::string digits = std::to_string(i);
    digits.insert(0, 5 - digits.size(), '0');
    make_picture(folder / ("img_" + digits + ".png"), {.grey = testing::grey_of(i)});
  }
}

std::string reason(const fs::path& folder, const Limits& limits = {}) {
  try {
    (void)sample_clip(folder, {.frames = 4, .size = 32}, {}, limits);
  } catch (const ClipError& error) {
    return error.reason();
  }
  return "none";
}

TEST(FrameFolder, IsOneThatHoldsNumberedPicturesAndNoVideos) {
  const TempDir dir;
  EXPECT_FALSE(is_frame_folder(dir.path()));
  EXPECT_FALSE(is_frame_folder(dir / "missing"));
  testing::write_text(dir / "cover.jpg", "x");
  testing::write_text(dir / "notes1.txt", "x");
  EXPECT_FALSE(is_frame_folder(dir.path()));
  testing::write_text(dir / "00001.JPG", "x");
  EXPECT_TRUE(is_frame_folder(dir.path()));
  testing::write_text(dir / "clip.mp4", "x");
  EXPECT_FALSE(is_frame_folder(dir.path()));
}

TEST(FrameFolder, IsInTheOrderOfItsNumbers) {
  const TempDir dir;
  for (const char* name : {"f10.jpg", "f9.png", "f2.jpeg", "f001.jpg", "f100.jpg", "readme.txt"}) {
    testing::write_text(dir / name, "x");
  }
  EXPECT_EQ(names(numbered_pictures(dir.path())),
            (std::vector<std::string>{"f001.jpg", "f2.jpeg", "f9.png", "f10.jpg", "f100.jpg"}));
}

TEST(FrameFolder, OfSeveralKindsOfPicturesIsRefused) {
  const TempDir dir;
  testing::write_text(dir / "flow_x_1.jpg", "x");
  testing::write_text(dir / "img_1.jpg", "x");
  EXPECT_EQ(reason(dir.path()),
            "pictures of several kinds (flow_x_1.jpg and img_1.jpg): a clip is a folder of one");
}

TEST(FrameFolder, WithTwoPicturesOfOneNumberIsRefused) {
  const TempDir dir;
  testing::write_text(dir / "img_1.jpg", "x");
  testing::write_text(dir / "img_01.jpg", "x");
  EXPECT_NE(reason(dir.path()).find("have the same number"), std::string::npos);
}

TEST(FrameFolder, IsSampledLikeAClip) {
  const TempDir dir;
  make_pictures(dir / "clip", 40);
  const SampledClip clip = sample_clip(dir / "clip", {.frames = 4, .size = 32});
  EXPECT_EQ(numbers(clip), (std::vector<int>{5, 15, 25, 35}));
  EXPECT_DOUBLE_EQ(clip.times.at(0), 5.0 / 25);
}

TEST(FrameFolder, HasTheRateThatIsAskedFor) {
  const TempDir dir;
  make_pictures(dir / "clip", 40);
  const SampledClip clip =
      sample_clip({dir / "clip", 1.0, 3.0}, {.frames = 4, .size = 32, .fps = 10});
  EXPECT_EQ(numbers(clip), (std::vector<int>{12, 17, 22, 27}));
  EXPECT_DOUBLE_EQ(clip.times.at(0), 1.2);
}

TEST(FrameFolder, MayHoldPicturesOfSeveralSizes) {
  const TempDir dir;
  make_picture(dir / "1.png", {.width = 64, .height = 48, .grey = testing::grey_of(1)});
  make_picture(dir / "2.png", {.width = 50, .height = 96, .grey = testing::grey_of(2)});
  EXPECT_EQ(numbers(sample_clip(dir.path(), {.frames = 4, .size = 32})), (std::vector<int>{1, 2}));
}

TEST(FrameFolder, OfJpegsIsRead) {
  const TempDir dir;
  for (int i = 0; i < 3; ++i) {
    make_picture(dir / (std::to_string(i) + ".jpg"), {.grey = testing::grey_of(i)});
  }
  EXPECT_EQ(numbers(sample_clip(dir.path(), {.frames = 4, .size = 32})),
            (std::vector<int>{0, 1, 2}));
}

TEST(FrameFolder, GoesOnWithoutItsDamagedPictures) {
  const TempDir dir;
  make_pictures(dir / "clip", 8);
  testing::write_text(dir / "clip/img_00003.png", "damaged");
  EXPECT_EQ(numbers(sample_clip(dir / "clip", {.frames = 8, .size = 32})),
            (std::vector<int>{0, 1, 2, 4, 5, 6, 7}));
}

TEST(FrameFolder, OfDamagedPicturesIsRefusedWithTheReason) {
  const TempDir dir;
  testing::write_text(dir / "img_1.jpg", "damaged");
  testing::write_text(dir / "img_2.jpg", "");
  EXPECT_EQ(reason(dir.path()), "no picture could be decoded (img_2.jpg: empty file)");
}

TEST(FrameFolder, KeepsToTheLimits) {
  const TempDir dir;
  make_pictures(dir / "clip", 3);
  EXPECT_EQ(reason(dir / "clip", {.max_pixels = 3000}),
            "no picture could be decoded (img_00002.png: more pixels than the limit "
            "(max-pixels))");
  EXPECT_EQ(reason(dir / "clip", {.max_duration = 0.1}),
            "lasts 0.12 s, and 0.1 s is the limit (max-duration)");
}

}  // namespace
}  // namespace vidclass::video

// ClipSettings::faded: what does not move is drawn towards grey.
#include "video/fade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/temp_dir.hpp"
#include "video/clip_writer.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::TempDir;
using Movement = std::vector<std::vector<float>>;

constexpr std::size_t grid = 4;
constexpr std::size_t frame_side = 32;
constexpr std::uint8_t white = 255;
constexpr std::uint8_t black = 0;
// A tenth of the way from 127.5 to them.
constexpr int faded_white = 140;
constexpr int faded_black = 115;

Tensor frames_of(std::size_t count, std::uint8_t value) {
  Tensor frames(DType::u8, {count, frame_side, frame_side, 3});
  std::fill(frames.data<std::uint8_t>().begin(), frames.data<std::uint8_t>().end(), value);
  return frames;
}

int value_at(const Tensor& frames, std::size_t frame, std::size_t x, std::size_t y) {
  return frames.data<std::uint8_t>()[((frame * frame_side + y) * frame_side + x) * 3];
}

/// Of `most` in the first cell, none elsewhere.
std::vector<float> movement_in_the_corner(float most) {
  std::vector<float> movement(grid * grid, 0.0F);
  movement.front() = most;
  return movement;
}

const std::vector<float> none(grid* grid, 0.0F);

TEST(FadeWhatRests, LeavesWhatMovesAndATenthOfTheContrastOfTheRest) {
  Tensor frames = frames_of(1, white);
  fade_what_rests(frames, {movement_in_the_corner(9)}, std::vector<double>{0}, grid);
  EXPECT_EQ(value_at(frames, 0, 0, 0), white);
  EXPECT_EQ(value_at(frames, 0, 31, 31), faded_white);
  EXPECT_EQ(value_at(frames, 0, 31, 0), faded_white);
}

TEST(FadeWhatRests, DrawsDarkAndBrightTowardsMidGrey) {
  Tensor frames = frames_of(1, black);
  fade_what_rests(frames, {movement_in_the_corner(9)}, std::vector<double>{0}, grid);
  EXPECT_EQ(value_at(frames, 0, 31, 31), faded_black);
}

TEST(FadeWhatRests, PassesSmoothlyFromOneToTheOther) {
  Tensor frames = frames_of(1, white);
  fade_what_rests(frames, {movement_in_the_corner(9)}, std::vector<double>{0}, grid);
  int last = white;
  for (std::size_t x = 0; x < frame_side; ++x) {
    const int value = value_at(frames, 0, x, 0);
    EXPECT_LE(value, last);
    EXPECT_GE(value, last - 25);
    last = value;
  }
}

TEST(FadeWhatRests, LeavesAClipInWhichNothingMoves) {
  Tensor frames = frames_of(2, white);
  fade_what_rests(frames, {none, none}, std::vector<double>{0, 1}, grid);
  EXPECT_EQ(value_at(frames, 1, 31, 31), white);
}

TEST(FadeWhatRests, KeepsWhatMovesWithinAQuarterOfASecond) {
  Tensor frames = frames_of(3, white);
  const Movement movement{movement_in_the_corner(9), none, none};
  fade_what_rests(frames, movement, std::vector<double>{0, 0.2, 0.4}, grid);
  EXPECT_EQ(value_at(frames, 1, 0, 0), white);
  EXPECT_EQ(value_at(frames, 2, 0, 0), faded_white);
}

TEST(FadeWhatRests, FadesWhatHardlyMovesAgainstTheMostOfTheClip) {
  Tensor frames = frames_of(2, white);
  const Movement movement{movement_in_the_corner(90), movement_in_the_corner(2)};
  fade_what_rests(frames, movement, std::vector<double>{0, 1}, grid);
  EXPECT_EQ(value_at(frames, 0, 0, 0), white);
  EXPECT_EQ(value_at(frames, 1, 0, 0), faded_white);
}

/// A bright bar that wanders over the left half of a dark striped ground.
void write_wandering(const std::filesystem::path& path) {
  constexpr int width = 96;
  ClipWriter writer(path, width, width, 25);
  for (int i = 0; i < 20; ++i) {
    std::vector<std::uint8_t> picture;
    for (int y = 0; y < width; ++y) {
      for (int x = 0; x < width; ++x) {
        const bool bar = x >= i && x < i + 12 && y > 20 && y < 70;
        picture.insert(picture.end(), 3, bar ? 250 : y / 12 % 2 == 0 ? 20 : 60);
      }
    }
    writer.write(picture);
  }
  writer.finish();
}

/// Of the pixels in columns [first, last) of the frame in the middle.
int darkest(const Tensor& frames, std::size_t first, std::size_t last) {
  const std::size_t width = frames.dim(1);
  int least = 255;
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = first; x < last; ++x) {
      least = std::min(least, int{frames.data<std::uint8_t>()[((2 * width + y) * width + x) * 3]});
    }
  }
  return least;
}

TEST(FadedClip, LosesTheGroundFarFromWhatMoves) {
  const TempDir dir;
  write_wandering(dir / "clip.mp4");
  const ClipSettings plain{.frames = 4, .size = 96};
  ClipSettings faded = plain;
  faded.faded = true;
  EXPECT_LT(darkest(sample_clip(dir / "clip.mp4", plain).frames, 80, 96), 40);
  const SampledClip clip = sample_clip(dir / "clip.mp4", faded);
  EXPECT_GT(darkest(clip.frames, 80, 96), 110);
  EXPECT_LT(darkest(clip.frames, 0, 30), 60);
  EXPECT_TRUE(clip.motion.empty());
}

TEST(FadedClip, HasTheMotionMapsOfThePlainOne) {
  const TempDir dir;
  write_wandering(dir / "clip.mp4");
  ClipSettings settings{.frames = 4, .size = 96, .motion_grid = 10};
  const Tensor plain = sample_clip(dir / "clip.mp4", settings).motion;
  settings.faded = true;
  const Tensor faded = sample_clip(dir / "clip.mp4", settings).motion;
  const auto a = plain.data<float>(), b = faded.data<float>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

}  // namespace
}  // namespace vidclass::video

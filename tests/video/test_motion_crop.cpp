// --crop motion: the square about what moves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_writer.hpp"
#include "video/moving_square.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::make_clip;
using testing::TempDir;

constexpr std::size_t crop_grid = 12;

/// Movement of 1 in the cells of these columns and rows, none elsewhere.
std::vector<float> movement_in(std::size_t left, std::size_t right, std::size_t top,
                               std::size_t bottom) {
  std::vector<float> movement(crop_grid * crop_grid, 0.0F);
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = left; x < right; ++x) movement[y * crop_grid + x] = 1;
  }
  return movement;
}

TEST(MovingSquare, IsTheLargestInTheMiddleWhereNothingMoves) {
  const Square square =
      moving_square(std::vector<float>(crop_grid * crop_grid, 0), crop_grid, 320, 240);
  EXPECT_EQ(square.x, 0.5);
  EXPECT_EQ(square.y, 0.5);
  EXPECT_EQ(square.side, 1);
}

TEST(MovingSquare, IsTheLargestInTheMiddleWhereAllMovesAlike) {
  const Square square =
      moving_square(std::vector<float>(crop_grid * crop_grid, 3), crop_grid, 320, 240);
  EXPECT_EQ(square.x, 0.5);
  EXPECT_EQ(square.side, 1);
}

TEST(MovingSquare, IsAboutAsWideAsEvenMovement) {
  // Six of twelve cells of 240 pixels: the spread of an even span is its length / sqrt(12).
  const Square square = moving_square(movement_in(3, 9, 3, 9), crop_grid, 240, 240);
  EXPECT_NEAR(square.x, 0.5, 1e-6);
  EXPECT_NEAR(square.side, 3.5 * 0.5 / std::sqrt(12), 1e-6);
}

TEST(MovingSquare, LiesWhereTheMovementIs) {
  const Square square = moving_square(movement_in(9, 12, 0, 3), crop_grid, 240, 240);
  EXPECT_NEAR(square.x, 10.5 / 12, 1e-6);
  EXPECT_NEAR(square.y, 1.5 / 12, 1e-6);
}

TEST(MovingSquare, CountsPixelsWhateverTheShapeOfThePicture) {
  // Four cells of 480 pixels across, four of 240 down: the wider axis decides.
  const Square wide = moving_square(movement_in(4, 8, 4, 8), crop_grid, 480, 240);
  EXPECT_NEAR(wide.side, 3.5 * (4.0 / 12 * 480) / std::sqrt(12) / 240, 1e-6);
}

TEST(MovingSquare, IsNeverSmallerThanAThirdOfThePicture) {
  EXPECT_EQ(moving_square(movement_in(5, 6, 5, 6), crop_grid, 240, 240).side, 0.35);
}

TEST(MovingSquare, IgnoresFaintMovementElsewhere) {
  std::vector<float> movement = movement_in(9, 12, 0, 3);
  for (float& value : movement) value += 0.2F;
  EXPECT_NEAR(moving_square(movement, crop_grid, 240, 240).x, 10.5 / 12, 1e-6);
}

constexpr int clip_width = 160;
constexpr int height = 96;

/// A white square of 16 pixels on grey that trembles about (left, top).
void write_trembling(const std::filesystem::path& path, int left, int top) {
  ClipWriter writer(path, clip_width, height, 25);
  for (int i = 0; i < 30; ++i) {
    std::vector<std::uint8_t> picture(std::size_t{clip_width} * height * 3, 100);
    for (int y = top; y < top + 16; ++y) {
      std::fill_n(picture.begin() + (y * clip_width + left + 3 * (i / 2 % 2)) * 3, 16 * 3, 255);
    }
    writer.write(picture);
  }
  writer.finish();
}

ClipSettings following(int grid_of_maps = 0) {
  ClipSettings settings;
  settings.frames = 6;
  settings.size = 32;
  settings.motion_grid = grid_of_maps;
  settings.crop = Crop::motion;
  return settings;
}

/// Share of the frame's pixels that are nearly white.
double white_share(const Tensor& frames, std::size_t index) {
  const std::size_t bytes = frames.size() / frames.dim(0);
  const auto frame = frames.data<std::uint8_t>().subspan(index * bytes, bytes);
  return static_cast<double>(std::count_if(frame.begin(), frame.end(),
                                           [](std::uint8_t value) { return value > 200; })) /
         static_cast<double>(bytes);
}

TEST(MotionCrop, ShowsWhatLiesOutsideTheCentreSquare) {
  const TempDir dir;
  write_trembling(dir / "clip.mp4", 138, 70);
  ClipSettings centre = following();
  centre.crop = Crop::centre;
  EXPECT_EQ(white_share(sample_clip(dir / "clip.mp4", centre).frames, 3), 0);
  EXPECT_GT(white_share(sample_clip(dir / "clip.mp4", following()).frames, 3), 0.1);
}

TEST(MotionCrop, TellsWhereItsWindowLies) {
  const TempDir dir;
  write_trembling(dir / "clip.mp4", 138, 70);
  const Window window = sample_clip(dir / "clip.mp4", following()).window;
  EXPECT_NEAR(window.width * clip_width, window.height * height, 1);
  EXPECT_NEAR(window.height, 0.35, 0.02);
  EXPECT_LE(window.left + window.width, 1);
  EXPECT_GT(window.left, 0.7);
  EXPECT_GT(window.top, 0.5);
}

TEST(MotionCrop, OfAStillClipIsTheCentreSquare) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 1});
  const SampledClip clip = sample_clip(dir / "clip.avi", following());
  ClipSettings centre = following();
  centre.crop = Crop::centre;
  const SampledClip wanted = sample_clip(dir / "clip.avi", centre);
  const auto a = clip.frames.data<std::uint8_t>();
  const auto b = wanted.frames.data<std::uint8_t>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  EXPECT_EQ(clip.window.left, wanted.window.left);
  EXPECT_EQ(clip.window.width, 0.75);
}

TEST(MotionCrop, TurnsWithTheFrame) {
  const TempDir dir;
  write_trembling(dir / "clip.mp4", 138, 70);
  testing::tag_as_turned(dir / "clip.mp4");
  // 90 degrees clockwise: what lay at the right and low is low and at the left.
  const SampledClip clip = sample_clip(dir / "clip.mp4", following());
  EXPECT_GT(white_share(clip.frames, 3), 0.1);
  EXPECT_LT(clip.window.left, 0.2);
  EXPECT_GT(clip.window.top, 0.7);
}

TEST(MotionCrop, LeavesTheChoiceOfFramesAsItIs) {
  const TempDir dir;
  write_trembling(dir / "clip.mp4", 20, 20);
  ClipSettings centre = following();
  centre.crop = Crop::centre;
  EXPECT_EQ(sample_clip(dir / "clip.mp4", following()).times,
            sample_clip(dir / "clip.mp4", centre).times);
}

TEST(MotionCrop, HasMotionMapsOfItsOwnWindow) {
  const TempDir dir;
  write_trembling(dir / "clip.mp4", 138, 70);
  const SampledClip clip = sample_clip(dir / "clip.mp4", following(4));
  ASSERT_EQ(clip.motion.shape(), (Shape{6, 4, 4}));
  // The window is as near to the picture's corner as what moves lets it be; in it, the
  // movement does not lie at the upper left.
  EXPECT_EQ(clip.motion.data<float>()[3 * 16], 0);
}

TEST(MotionCrop, OfALargePictureIsAsSharpAsOfASmallOne) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 12, .width = 640, .height = 480});
  const SampledClip clip = sample_clip(dir / "clip.avi", following());
  EXPECT_EQ(clip.frames.shape(), (Shape{6, 32, 32, 3}));
  EXPECT_EQ(testing::number_of(clip.frames, 0), 1);
}

TEST(MotionCrop, IsRefusedWithThePreprocessingOfKeras) {
  ClipSettings settings = following();
  settings.preprocess = Preprocess::keras;
  EXPECT_THROW(check(settings), UsageError);
}

}  // namespace
}  // namespace vidclass::video

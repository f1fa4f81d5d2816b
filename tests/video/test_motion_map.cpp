#include "video/motion_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/temp_dir.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_writer.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::make_clip;
using testing::TempDir;

constexpr std::size_t map_grid = 4;
constexpr std::size_t map_side = 8 * map_grid;

std::vector<float> map_of(const std::vector<std::uint8_t>& frame,
                          const std::vector<std::uint8_t>& neighbour) {
  std::vector<float> weights(map_grid * map_grid);
  motion_map(movement_of(frame, neighbour, map_grid), weights);
  return weights;
}

/// Black, with a white square of one cell's size at (x, y) in cells.
std::vector<std::uint8_t> square_at(std::size_t x, std::size_t y) {
  std::vector<std::uint8_t> picture(map_side * map_side, 0);
  for (std::size_t row = 8 * y; row < 8 * y + 8; ++row) {
    std::fill_n(picture.begin() + static_cast<std::ptrdiff_t>(row * map_side + 8 * x), 8, 255);
  }
  return picture;
}

Timeline even_timeline(int frames, std::int64_t step, double tick) {
  Timeline timeline{.times = {}, .last_duration = step, .tick = tick};
  for (int i = 0; i < frames; ++i) timeline.times.push_back(i * step);
  return timeline;
}

TEST(MotionMap, IsEvenWhereNothingMoves) {
  const std::vector<std::uint8_t> picture = square_at(1, 2);
  for (const float weight : map_of(picture, picture)) EXPECT_FLOAT_EQ(weight, 1.0F / 16);
}

TEST(MotionMap, SumsToOne) {
  const std::vector<float> map = map_of(square_at(1, 2), square_at(3, 0));
  EXPECT_NEAR(std::accumulate(map.begin(), map.end(), 0.0F), 1.0F, 1e-6F);
}

TEST(MotionMap, IsHighestWhereTheFramesDiffer) {
  const std::vector<float> map =
      map_of(square_at(2, 1), std::vector<std::uint8_t>(map_side * map_side, 0));
  EXPECT_EQ(std::max_element(map.begin(), map.end()) - map.begin(), 1 * 4 + 2);
}

TEST(MotionMap, IsZeroFarFromWhatMoves) {
  const std::vector<float> map =
      map_of(square_at(0, 0), std::vector<std::uint8_t>(map_side * map_side, 0));
  EXPECT_EQ(map[3 * 4 + 3], 0.0F);
}

TEST(MotionMap, IgnoresAChangeThatIsTheSameEverywhere) {
  const std::vector<std::uint8_t> dark(map_side * map_side, 50);
  const std::vector<std::uint8_t> bright(map_side * map_side, 90);
  for (const float weight : map_of(dark, bright)) EXPECT_FLOAT_EQ(weight, 1.0F / 16);
}

/// Blocks of 3 x 3 pseudo-random grey, seen by a camera `pan` pixels to the right.
std::vector<std::uint8_t> textured(int pan) {
  std::vector<std::uint8_t> picture;
  for (std::size_t y = 0; y < map_side; ++y) {
    for (std::size_t x = 0; x < map_side; ++x) {
      const std::size_t column = (x + static_cast<std::size_t>(pan)) / 3;
      picture.push_back(static_cast<std::uint8_t>((column * 7919 + y / 3 * 104729) % 211));
    }
  }
  return picture;
}

TEST(MotionMap, LeavesOutWhatTheCameraMoves) {
  std::vector<std::uint8_t> frame = textured(2);
  for (std::size_t y = 8; y < 16; ++y) {
    for (std::size_t x = 16; x < 24; ++x) frame[y * map_side + x] = 255;
  }
  const std::vector<float> map = map_of(frame, textured(0));
  EXPECT_EQ(std::max_element(map.begin(), map.end()) - map.begin(), 1 * 4 + 2);
  EXPECT_EQ(map[3 * 4 + 0], 0.0F);
}

TEST(Neighbours, LieTwoFramesBackAt25FramesASecond) {
  const Timeline timeline = even_timeline(10, 1, 1.0 / 25);
  EXPECT_EQ(neighbours_of(timeline, std::vector<std::int64_t>{5, 9}),
            (std::vector<std::int64_t>{3, 7}));
}

TEST(Neighbours, LieTwoFramesBackAt30FramesASecond) {
  const Timeline timeline = even_timeline(10, 512, 1.0 / 15360);
  EXPECT_EQ(neighbours_of(timeline, std::vector<std::int64_t>{5 * 512}),
            (std::vector<std::int64_t>{3 * 512}));
}

TEST(Neighbours, LieOneFrameBackAt15FramesASecond) {
  const Timeline timeline = even_timeline(10, 1, 1.0 / 15);
  EXPECT_EQ(neighbours_of(timeline, std::vector<std::int64_t>{5}), (std::vector<std::int64_t>{4}));
}

TEST(Neighbours, LieAheadAtTheStartOfAClip) {
  const Timeline timeline = even_timeline(10, 1, 1.0 / 25);
  EXPECT_EQ(neighbours_of(timeline, std::vector<std::int64_t>{0, 1}),
            (std::vector<std::int64_t>{2, 3}));
}

TEST(Neighbours, OfTheOnlyFrameIsItself) {
  EXPECT_EQ(neighbours_of(even_timeline(1, 1, 1.0 / 25), std::vector<std::int64_t>{0}),
            (std::vector<std::int64_t>{0}));
}

/// A white square on grey that moves to the right along the top edge, or along the
/// bottom edge from the middle of the clip on.
void write_moving_square(const std::filesystem::path& path, int frames) {
  constexpr int width = 64;
  ClipWriter writer(path, width, width, 25);
  for (int i = 0; i < frames; ++i) {
    std::vector<std::uint8_t> picture(width * width * 3, 100);
    const int top = i < frames / 2 ? 0 : 48;
    for (int y = top; y < top + 16; ++y) {
      const int left = 2 * i % 48;
      std::fill_n(picture.begin() + (y * width + left) * 3, 16 * 3, 255);
    }
    writer.write(picture);
  }
  writer.finish();
}

ClipSettings with_motion(int frames) {
  ClipSettings settings;
  settings.frames = frames;
  settings.size = 32;
  settings.motion_grid = map_grid;
  return settings;
}

float weight_of_rows(const Tensor& maps, std::size_t frame, std::size_t first, std::size_t last) {
  const auto map = maps.data<float>().subspan(frame * map_grid * map_grid, map_grid * map_grid);
  return std::accumulate(map.begin() + static_cast<std::ptrdiff_t>(first * map_grid),
                         map.begin() + static_cast<std::ptrdiff_t>(last * map_grid), 0.0F);
}

TEST(SampledMotion, FollowsWhatMoves) {
  const TempDir dir;
  write_moving_square(dir / "clip.mp4", 40);
  const SampledClip clip = sample_clip(dir / "clip.mp4", with_motion(4));
  ASSERT_EQ(clip.motion.shape(), (Shape{4, map_grid, map_grid}));
  EXPECT_GT(weight_of_rows(clip.motion, 0, 0, 2), 0.9F);
  EXPECT_GT(weight_of_rows(clip.motion, 3, 2, 4), 0.9F);
}

TEST(SampledMotion, LeavesTheFramesAsTheyAreWithoutIt) {
  const TempDir dir;
  write_moving_square(dir / "clip.avi", 40);
  ClipSettings plain = with_motion(7);
  plain.motion_grid = 0;
  const SampledClip without = sample_clip(dir / "clip.avi", plain);
  const SampledClip with = sample_clip(dir / "clip.avi", with_motion(7));
  EXPECT_TRUE(without.motion.empty());
  EXPECT_EQ(with.times, without.times);
  const auto a = with.frames.data<std::uint8_t>();
  const auto b = without.frames.data<std::uint8_t>();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(SampledMotion, TurnsWithTheFrame) {
  const TempDir dir;
  write_moving_square(dir / "clip.mp4", 40);
  testing::tag_as_turned(dir / "clip.mp4");
  const SampledClip clip = sample_clip(dir / "clip.mp4", with_motion(4));
  const auto last = clip.motion.data<float>().subspan(3 * map_grid * map_grid);
  // 90 degrees clockwise: what lay at the bottom is at the left.
  float left = 0;
  for (std::size_t y = 0; y < map_grid; ++y) {
    left += last[y * map_grid] + last[y * map_grid + 1];
  }
  EXPECT_GT(left, 0.9F);
}

TEST(SampledMotion, IsEvenInAClipOfOneFrame) {
  const TempDir dir;
  make_clip(dir / "clip.avi", {.frames = 1});
  const SampledClip clip = sample_clip(dir / "clip.avi", with_motion(5));
  ASSERT_EQ(clip.motion.shape(), (Shape{1, map_grid, map_grid}));
  for (const float weight : clip.motion.data<float>()) EXPECT_FLOAT_EQ(weight, 1.0F / 16);
}

}  // namespace
}  // namespace vidclass::video

// Small grey pictures for optical flow.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "support/footage.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/grey_maker.hpp"
#include "video/moving_part.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

using testing::TempDir;

constexpr Parts both_parts{.frames = true, .greys = true};
constexpr Parts greys_alone{.frames = false, .greys = true};

Timeline at_rate_for(double rate, int frames) {
  Timeline timeline;
  timeline.tick = 1e-6;
  for (int i = 0; i < frames; ++i) timeline.times.push_back(std::llround(i * 1e6 / rate));
  timeline.last_duration = std::llround(1e6 / rate);
  return timeline;
}

std::vector<double> gaps_of(const GreyPlan& plan) {
  std::vector<double> gaps;
  for (const GreyRun& run : plan.runs) {
    for (std::size_t i = run.first; i + 1 < run.first + run.count; ++i) {
      gaps.push_back(static_cast<double>(plan.times[i + 1] - plan.times[i]) * 1e-6);
    }
  }
  return gaps;
}

TEST(GreyPlan, TakesTheFramesNearestToAFifteenthOfASecond) {
  const struct {
    double rate, gap;
  } cases[] = {{15, 1.0 / 15}, {30, 2.0 / 30}, {25, 2.0 / 25},   {24, 2.0 / 24},
               {60, 4.0 / 60}, {10, 1.0 / 10}, {240, 16.0 / 240}};
  for (const auto& [rate, gap] : cases) {
    std::vector<double> gaps = gaps_of(plan_grey_runs(at_rate_for(rate, 40)));
    gaps.pop_back();  // what is left at the end may be shorter
    for (const double found : gaps) EXPECT_NEAR(found, gap, 1e-5) << rate;
  }
}

TEST(GreyPlan, TakesAllOfAClipOfSixSeconds) {
  const GreyPlan plan = plan_grey_runs(at_rate_for(15, 91));
  EXPECT_EQ(plan.times.size(), 91U);
  EXPECT_EQ(plan.runs.size(), 1U);
}

TEST(GreyPlan, TakesFiveRunsFromStartToEndOfALongerClip) {
  const Timeline timeline = at_rate_for(30, 3000);
  const GreyPlan plan = plan_grey_runs(timeline);
  ASSERT_EQ(plan.runs.size(), 5U);
  EXPECT_EQ(gaps_of(plan).size(), 90U);
  EXPECT_EQ(plan.times.front(), timeline.times.front());
  EXPECT_GE(plan.times.back(), timeline.times[timeline.times.size() - 2]);
}

TEST(GreyPlan, LetsRunsShareTheirEndsWhereThereIsLittleMore) {
  const GreyPlan plan = plan_grey_runs(at_rate_for(15, 92));
  ASSERT_EQ(plan.runs.size(), 5U);
  for (const double gap : gaps_of(plan)) EXPECT_NEAR(gap, 1.0 / 15, 1e-5);
  EXPECT_EQ(plan.runs.back().first + plan.runs.back().count, plan.times.size());
}

TEST(GreyPlan, TakesBothFramesOfAClipOfTwo) {
  EXPECT_EQ(plan_grey_runs(at_rate_for(60, 2)).times.size(), 2U);
}

TEST(GreyPlan, IsEmptyWithoutFrames) { EXPECT_TRUE(plan_grey_runs({}).times.empty()); }

TEST(GreyRuns, AreMadeFromTheDecodingThatTheFramesComeFrom) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {});
  const SampledClip both = sample_clip(clip, {.frames = 5, .size = 32}, {}, {}, both_parts);
  const SampledClip frames = sample_clip(clip, {.frames = 5, .size = 32});
  EXPECT_TRUE(testing::same_bytes(both.frames, frames.frames));
  EXPECT_EQ(both.greys.pictures.dim(0), both.greys.times.size());
  EXPECT_GT(both.greys.times.size(), 30U);
  EXPECT_TRUE(frames.greys.times.empty());
}

TEST(GreyRuns, AreTheSameAloneAndBesideFrames) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.avi", {});
  const ClipSettings settings{.frames = 5, .size = 32, .motion_grid = 4, .crop = Crop::motion};
  const SampledClip both = sample_clip(clip, settings, {}, {}, both_parts);
  const SampledClip alone = sample_clip(clip, settings, {}, {}, greys_alone);
  EXPECT_TRUE(testing::same_bytes(both.greys.pictures, alone.greys.pictures));
  EXPECT_TRUE(alone.times.empty());
}

TEST(GreyRuns, HaveTheSameFramesBesideThemUnderTheMotionCrop) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {});
  const ClipSettings settings{.frames = 6, .size = 32, .motion_grid = 4, .crop = Crop::motion};
  const SampledClip both = sample_clip(clip, settings, {}, {}, both_parts);
  const SampledClip frames = sample_clip(clip, settings);
  EXPECT_TRUE(testing::same_bytes(both.frames, frames.frames));
  EXPECT_TRUE(testing::same_bytes(both.motion, frames.motion));
}

TEST(GreyRuns, AreTheSameFromMemory) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {});
  std::ifstream file(clip, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto bytes = std::make_shared<std::vector<std::byte>>(text.size());
  std::memcpy(bytes->data(), text.data(), text.size());
  const auto expected = sample_clip(clip, {}, {}, {}, greys_alone).greys.pictures;
  const auto found =
      sample_clip(ClipSource::from_bytes(bytes, "clip.mp4"), {}, {}, {}, greys_alone);
  EXPECT_TRUE(testing::same_bytes(found.greys.pictures, expected));
}

TEST(GreyRuns, HaveSidesThatAreMultiplesOf16) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {.seconds = 0.4, .width = 170, .height = 96});
  const Tensor pictures = sample_clip(clip, {}, {}, {}, greys_alone).greys.pictures;
  EXPECT_EQ(pictures.dim(1), 320U);
  EXPECT_EQ(pictures.dim(2), 560U);
}

TEST(GreyRuns, OfASpanLieInIt) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {.seconds = 3});
  const GreyRuns greys = sample_clip({clip, 1.0, 2.0}, {}, {}, {}, greys_alone).greys;
  EXPECT_GE(greys.times.front(), 1.0 - 1e-6);
  EXPECT_LT(greys.times.back(), 2.0);
}

TEST(MovingPart, IsAboutTheDisc) {
  TempDir dir;
  const auto clip = testing::film(dir / "clip.mp4", {.seconds = 0.6});
  const Window part = moving_part(sample_clip(clip, {}, {}, {}, greys_alone).greys);
  EXPECT_LT(part.height, 0.99);
  EXPECT_GE(part.left, 0);
  EXPECT_LE(part.left + part.width, 1 + 1e-9);
}

TEST(MovingPart, IsTheLargestSquareInTheMiddleWhereNothingMoves) {
  const GreyRuns still{
      .pictures = Tensor(DType::u8, {3, 320, 480}), .times = {0, 0.07, 0.13}, .runs = {{0, 3}}};
  const Window part = moving_part(still);
  EXPECT_NEAR(part.height, 1, 1e-9);
  EXPECT_NEAR(part.left + part.width / 2, 0.5, 1e-9);
}

}  // namespace
}  // namespace vidclass::video

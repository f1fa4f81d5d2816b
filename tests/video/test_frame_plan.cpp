#include <gtest/gtest.h>

#include <numeric>

#include "video/frame_plan.hpp"

namespace vidclass::video {
namespace {

using Times = std::vector<std::int64_t>;

Timeline constant_rate(std::size_t count, std::int64_t step = 1) {
  Timeline timeline;
  for (std::size_t i = 0; i < count; ++i)
    timeline.times.push_back(static_cast<std::int64_t>(i) * step);
  timeline.last_duration = step;
  return timeline;
}

FramePlan plan(const Timeline& timeline, const ClipSettings& settings) {
  return plan_frames(timeline, settings);
}
Times plan_frames(const Timeline& timeline, Sampling sampling, int frames) {
  return plan(timeline, {.sampling = sampling, .frames = frames}).times;
}

using Views = std::vector<std::vector<std::size_t>>;

TEST(FramePlan, TakesTheMiddleOfEachEqualSpan) {
  EXPECT_EQ(plan_frames(constant_rate(20), Sampling::uniform, 4), (Times{2, 7, 12, 17}));
}

TEST(FramePlan, TakesTheMiddleFrameWhenOneIsAskedFor) {
  EXPECT_EQ(plan_frames(constant_rate(9), Sampling::uniform, 1), (Times{4}));
}

TEST(FramePlan, GivesAllFramesWhenAsManyAreAskedFor) {
  EXPECT_EQ(plan_frames(constant_rate(5), Sampling::uniform, 5), (Times{0, 1, 2, 3, 4}));
}

TEST(FramePlan, GivesAllFramesOnceWhenMoreAreAskedFor) {
  EXPECT_EQ(plan_frames(constant_rate(3), Sampling::uniform, 20), (Times{0, 1, 2}));
  EXPECT_EQ(plan_frames(constant_rate(3), Sampling::first, 20), (Times{0, 1, 2}));
}

TEST(FramePlan, FirstTakesConsecutiveFramesFromTheStart) {
  EXPECT_EQ(plan_frames(constant_rate(9), Sampling::first, 3), (Times{0, 1, 2}));
}

TEST(FramePlan, DoesNotDependOnWhereTheClockStarts) {
  Timeline timeline = constant_rate(20);
  for (std::int64_t& time : timeline.times) time -= 100;
  EXPECT_EQ(plan_frames(timeline, Sampling::uniform, 4), (Times{-98, -93, -88, -83}));
}

TEST(FramePlan, TakesTheFrameBeingShownWhereTheRateVaries) {
  // The middles are 12.5, 37.5, 62.5 and 87.5.
  const Timeline timeline{{0, 10, 12, 40, 60, 61}, 39, 1.0};
  EXPECT_EQ(plan_frames(timeline, Sampling::uniform, 4), (Times{12, 61}));
}

TEST(FramePlan, TheLastFramesDurationCounts) {
  const Timeline timeline{{0, 1, 2, 3}, 97, 1.0};
  EXPECT_EQ(plan_frames(timeline, Sampling::uniform, 2), (Times{3}));
}

TEST(FramePlan, DoesNotOverflowOnEnormousTimes) {
  const std::int64_t far = std::int64_t{1} << 60;
  const Timeline timeline{{-far + 1, 0, far - 1}, far, 1.0};
  EXPECT_EQ(plan_frames(timeline, Sampling::uniform, 2), (Times{-far + 1, far - 1}));
}

TEST(FramePlan, OneSequenceHoldsAllUniformFrames) {
  EXPECT_EQ(plan(constant_rate(20), {.frames = 4}).views, (Views{{0, 1, 2, 3}}));
  EXPECT_EQ(plan(constant_rate(3), {.frames = 4}).views, (Views{{0, 1, 2}}));
}

TEST(FramePlan, SeveralUniformSequencesTakeTurns) {
  const FramePlan views = plan(constant_rate(60), {.frames = 3, .clips = 2});
  EXPECT_EQ(views.times, (Times{5, 15, 25, 35, 45, 55}));
  EXPECT_EQ(views.views, (Views{{0, 2, 4}, {1, 3, 5}}));
}

TEST(FramePlan, SegmentKeepsCandidatesWhoseMiddlesAreUniform) {
  const Timeline timeline = constant_rate(97);
  const FramePlan segment =
      plan(timeline, {.sampling = Sampling::segment, .frames = 5, .candidates = 3});
  ASSERT_EQ(segment.times.size(), 15U);
  Times middles;
  for (const std::size_t index : segment.views.at(0)) middles.push_back(segment.times[index]);
  EXPECT_EQ(middles, plan_frames(timeline, Sampling::uniform, 5));
}

TEST(FramePlan, DenseTakesConsecutiveFramesFromTheMiddle) {
  EXPECT_EQ(plan_frames(constant_rate(20), Sampling::dense, 4), (Times{8, 9, 10, 11}));
}

TEST(FramePlan, DenseTakesEveryStridethFrame) {
  EXPECT_EQ(plan(constant_rate(20), {.sampling = Sampling::dense, .frames = 4, .stride = 5}).times,
            (Times{2, 7, 12, 17}));
}

TEST(FramePlan, DenseTakesFewerFramesWhereTheClipIsShort) {
  const ClipSettings settings{.sampling = Sampling::dense, .frames = 4, .stride = 5};
  EXPECT_EQ(plan(constant_rate(12), settings).times, (Times{0, 5, 10}));
  EXPECT_EQ(plan(constant_rate(1), settings).times, (Times{0}));
}

TEST(FramePlan, DenseWindowsSpreadFromTheStartToTheEnd) {
  const FramePlan windows =
      plan(constant_rate(10), {.sampling = Sampling::dense, .frames = 4, .clips = 3});
  EXPECT_EQ(windows.times, (Times{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(windows.views, (Views{{0, 1, 2, 3}, {3, 4, 5, 6}, {6, 7, 8, 9}}));
}

TEST(FramePlan, DenseWindowsOfAShortClipAreAlike) {
  EXPECT_EQ(plan(constant_rate(3), {.sampling = Sampling::dense, .frames = 4, .clips = 2}).views,
            (Views{{0, 1, 2}, {0, 1, 2}}));
}

TEST(FramePlan, OfNoFramesIsEmpty) {
  for (const Sampling sampling : {Sampling::uniform, Sampling::first, Sampling::dense}) {
    EXPECT_TRUE(plan_frames(Timeline{}, sampling, 3).empty());
  }
}

TEST(AtRate, LeavesTheFramesShownAtTheMultiples) {
  Timeline timeline = constant_rate(10);
  timeline.tick = 0.04;
  const Timeline left = at_rate(timeline, 10);  // at 0, 0.1, 0.2 and 0.3 s
  EXPECT_EQ(left.times, (Times{0, 2, 5, 7}));
  EXPECT_EQ(left.last_duration, 3);
}

TEST(AtRate, OfTheClipsOwnRateLeavesAllFrames) {
  Timeline milliseconds;  // 30 frames/s, as Matroska rounds them
  for (int i = 0; i < 300; ++i) milliseconds.times.push_back((i * 1000 + 15) / 30);
  milliseconds.last_duration = 33;
  milliseconds.tick = 0.001;
  EXPECT_EQ(at_rate(milliseconds, 30).times, milliseconds.times);
}

TEST(AtRate, NeverRepeatsAFrame) {
  EXPECT_EQ(at_rate(constant_rate(4), 100).times, (Times{0, 1, 2, 3}));
}

TEST(AtRate, OfZeroLeavesEverything) {
  EXPECT_EQ(at_rate(constant_rate(4), 0).times, (Times{0, 1, 2, 3}));
}

TEST(SpanOf, HoldsTheFramesFromItsStartUpToItsEnd) {
  Timeline timeline = constant_rate(20);
  timeline.tick = 0.1;
  EXPECT_EQ(span_of(timeline, 0.3, 0.6).times, (Times{3, 4, 5}));
  EXPECT_EQ(span_of(timeline, 0.25, 0.61).times, (Times{3, 4, 5, 6}));
}

TEST(SpanOf, CountsFromTheFirstFrame) {
  Timeline timeline = constant_rate(20);
  for (std::int64_t& time : timeline.times) time += 1000;
  EXPECT_EQ(span_of(timeline, 3, 5).times, (Times{1003, 1004}));
}

TEST(SpanOf, GoesToTheEndWithoutAnEnd) {
  const Timeline span = span_of(constant_rate(5, 10), 30, std::nullopt);
  EXPECT_EQ(span.times, (Times{30, 40}));
  EXPECT_EQ(span.last_duration, 10);
}

TEST(SpanOf, ShowsTheLastFrameUntilTheNextOneOrTheEnd) {
  EXPECT_EQ(span_of(constant_rate(5, 10), 0, 20).last_duration, 10);
  EXPECT_EQ(span_of(constant_rate(5, 10), 0, 14).last_duration, 4);
  EXPECT_EQ(span_of(constant_rate(5, 10), 0, 1000).last_duration, 10);
}

TEST(SpanOf, IsEmptyWhereNoFrameIs) {
  EXPECT_TRUE(span_of(constant_rate(5), 5, std::nullopt).times.empty());
  EXPECT_TRUE(span_of(constant_rate(5), 3, 2).times.empty());
  EXPECT_TRUE(span_of(constant_rate(5, 10), 11, 19).times.empty());
  EXPECT_TRUE(span_of(Timeline{}, 0, 1).times.empty());
}

}  // namespace
}  // namespace vidclass::video

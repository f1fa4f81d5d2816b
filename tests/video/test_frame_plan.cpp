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

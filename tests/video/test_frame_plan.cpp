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

}  // namespace
}  // namespace vidclass::video

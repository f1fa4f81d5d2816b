#include "core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace vidclass {
namespace {

TEST(ThreadCount, IsWhatWasAskedFor) { EXPECT_EQ(thread_count(3), 3); }

TEST(ThreadCount, OfZeroIsOneACpu) {
  EXPECT_GE(thread_count(0), 1);
  EXPECT_EQ(thread_count(-1), thread_count(0));
}

TEST(ForEachIndex, DoesEachOnce) {
  std::vector<std::atomic<int>> times(100);
  for_each_index(100, 4, [&](std::size_t i) { ++times[i]; }, "test", {}, {});
  for (const auto& count : times) EXPECT_EQ(count, 1);
}

TEST(ForEachIndex, WorksWithoutItemsAndThreads) {
  int calls = 0;
  for_each_index(0, 4, [&](std::size_t) { ++calls; }, "test", {}, {});
  for_each_index(2, 0, [&](std::size_t) { ++calls; }, "test", {}, {});
  EXPECT_EQ(calls, 2);
}

TEST(ForEachIndex, ReportsEachThatIsDone) {
  std::vector<std::size_t> seen;
  for_each_index(
      5, 3, [](std::size_t) {}, "test",
      [&](const ProgressState& state) {
        EXPECT_EQ(state.stage, "test");
        EXPECT_EQ(state.total, 5U);
        seen.push_back(state.done);
      },
      {});
  EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3, 4, 5}));
}

TEST(ForEachIndex, ThrowsOnWhatTheWorkThrows) {
  const auto work = [](std::size_t i) {
    if (i == 7) throw Error("seven");
  };
  EXPECT_THROW(for_each_index(100, 4, work, "test", {}, {}), Error);
}

TEST(ForEachIndex, StopsOnRequest) {
  const CancellationToken cancel;
  std::atomic<int> calls{0};
  const auto work = [&](std::size_t) {
    if (++calls == 3) cancel.request();
  };
  EXPECT_THROW(for_each_index(1000, 2, work, "test", {}, cancel), Cancelled);
  EXPECT_LE(calls, 5);
}

}  // namespace
}  // namespace vidclass

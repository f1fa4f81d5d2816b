#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <thread>
#include <vector>

#include "core/bounded_queue.hpp"

namespace vidclass {
namespace {

using namespace std::chrono_literals;

TEST(BoundedQueue, GivesItemsInTheirOrder) {
  BoundedQueue<int> queue(3);
  for (int i = 0; i < 3; ++i) queue.push(i);
  EXPECT_EQ(queue.pop(), 0);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
}

TEST(BoundedQueue, TakesItemsThatCannotBeCopied) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  queue.push(std::make_unique<int>(5));
  EXPECT_EQ(*queue.pop().value(), 5);
}

TEST(BoundedQueue, OfNoCapacityHoldsOne) {
  BoundedQueue<int> queue(0);
  EXPECT_TRUE(queue.push(1));
}

TEST(BoundedQueue, NeverHoldsMoreThanItsCapacity) {
  BoundedQueue<int> queue(2);
  std::atomic<int> pushed{0};
  std::jthread producer([&] {
    for (int i = 0; i < 10; ++i) {
      queue.push(i);
      ++pushed;
    }
  });
  int most = 0;
  for (int popped = 0; popped < 10; ++popped) {
    std::this_thread::sleep_for(2ms);
    most = std::max(most, pushed - popped);
    (void)queue.pop();
  }
  EXPECT_LE(most, 2);
}

TEST(BoundedQueue, ClosedRefusesItems) {
  BoundedQueue<int> queue(1);
  queue.close();
  EXPECT_FALSE(queue.push(1));
}

TEST(BoundedQueue, ClosedStillGivesWhatIsInside) {
  BoundedQueue<int> queue(1);
  queue.push(7);
  queue.close();
  EXPECT_EQ(queue.pop(), 7);
}

TEST(BoundedQueue, ClosedAndDrainedGivesNothing) {
  BoundedQueue<int> queue(1);
  queue.close();
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, MayBeClosedTwice) {
  BoundedQueue<int> queue(1);
  queue.close();
  queue.close();
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, ClosingWakesAWaitingProducer) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  bool accepted = true;
  std::jthread producer([&] { accepted = queue.push(2); });
  std::this_thread::sleep_for(5ms);
  queue.close();
  producer.join();
  EXPECT_FALSE(accepted);
}

TEST(BoundedQueue, ClosingWakesAWaitingConsumer) {
  BoundedQueue<int> queue(1);
  std::optional<int> item = 1;
  std::jthread consumer([&] { item = queue.pop(); });
  std::this_thread::sleep_for(5ms);
  queue.close();
  consumer.join();
  EXPECT_EQ(item, std::nullopt);
}

TEST(BoundedQueue, LosesAndDoublesNothingBetweenManyThreads) {
  BoundedQueue<int> queue(3);
  constexpr int producers = 4;
  constexpr int each = 500;
  std::vector<std::vector<int>> received(3);
  {
    std::vector<std::jthread> consumers;
    for (auto& mine : received) {
      consumers.emplace_back([&] {
        while (const auto item = queue.pop()) mine.push_back(*item);
      });
    }
    {
      std::vector<std::jthread> threads;
      for (int p = 0; p < producers; ++p) {
        threads.emplace_back([&, p] {
          for (int i = 0; i < each; ++i) queue.push(p * each + i);
        });
      }
    }
    queue.close();
  }
  std::vector<int> all;
  for (const auto& mine : received) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  std::vector<int> expected(producers * each);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

TEST(BoundedQueue, WaitsNoLongerThanItIsTold) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.pop_for(1ms), std::nullopt);
  EXPECT_FALSE(queue.drained());
  queue.push(7);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.pop_for(1ms), 7);
  queue.close();
  EXPECT_TRUE(queue.drained());
}

}  // namespace
}  // namespace vidclass

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "train/features.hpp"

namespace vidclass::train {
namespace {

/// One clip of each of these lengths; row t of a clip is t.
LabelledFeatures clips_of(const std::vector<std::size_t>& lengths, std::size_t frames_drawn) {
  LabelledFeatures data;
  std::vector<std::shared_ptr<const Tensor>> clips;
  for (const std::size_t length : lengths) {
    Tensor clip(DType::f32, {length, 2});
    for (std::size_t t = 0; t < length; ++t) {
      clip.data<float>()[2 * t] = clip.data<float>()[2 * t + 1] = static_cast<float>(t);
    }
    clips.push_back(std::make_shared<const Tensor>(std::move(clip)));
    data.labels.push_back(data.labels.size());
  }
  data.clips = std::make_shared<MemoryFeatures>(std::move(clips));
  data.frames_drawn = frames_drawn;
  return data;
}

std::vector<int> rows(const Tensor& clip) {
  std::vector<int> result;
  for (std::size_t t = 0; t < clip.dim(0); ++t) {
    EXPECT_EQ(clip.data<float>()[2 * t], clip.data<float>()[2 * t + 1]);
    result.push_back(static_cast<int>(clip.data<float>()[2 * t]));
  }
  return result;
}

const std::vector<std::size_t> both{0, 1};

TEST(Joined, HoldsTheClipsOfOneAndThenOfTheOther) {
  const LabelledFeatures all = joined(clips_of({9, 3}, 3), clips_of({4}, 0));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.clips->features(1)->dim(0), 3U);
  EXPECT_EQ(all.clips->features(2)->dim(0), 4U);
  EXPECT_EQ(all.labels, (std::vector<std::size_t>{0, 1, 0}));
  EXPECT_EQ(all.frames_drawn, 3U);
}

TEST(MakeBatch, TakesTheMiddleFrameOfEachPart) {
  const Batch batch = make_batch(clips_of({9, 3}, 3), both);
  EXPECT_EQ(rows(*batch.clips[0]), (std::vector<int>{1, 4, 7}));
  EXPECT_EQ(rows(*batch.clips[1]), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(batch.labels, both);
}

TEST(MakeBatch, TakesAllFramesWhereNoneAreDrawn) {
  EXPECT_EQ(make_batch(clips_of({9, 3}, 0), both).clips[0]->dim(0), 9U);
}

TEST(DrawBatch, TakesOneFrameOfEachPart) {
  const LabelledFeatures data = clips_of({9, 2}, 3);
  for (int epoch = 1; epoch <= 20; ++epoch) {
    const Batch batch = draw_batch(data, both, 1, epoch);
    const std::vector<int> drawn = rows(*batch.clips[0]);
    ASSERT_EQ(drawn.size(), 3U);
    for (int part = 0; part < 3; ++part) {
      EXPECT_EQ(drawn[static_cast<std::size_t>(part)] / 3, part);
    }
    EXPECT_EQ(rows(*batch.clips[1]), (std::vector<int>{0, 1}));
  }
}

TEST(DrawBatch, TakesOtherFramesInOtherEpochsAndTrainings) {
  const LabelledFeatures data = clips_of({90, 90}, 3);
  std::set<std::vector<int>> seen;
  for (const std::uint64_t seed : {1U, 2U}) {
    for (int epoch = 1; epoch <= 5; ++epoch) {
      for (const auto& clip : draw_batch(data, both, seed, epoch).clips) seen.insert(rows(*clip));
    }
  }
  EXPECT_GT(seen.size(), 18U);
}

TEST(DrawBatch, IsTheSameForTheSameClipSeedAndEpoch) {
  const LabelledFeatures data = clips_of({90, 90}, 3);
  const std::vector<std::size_t> second{1};
  EXPECT_EQ(rows(*draw_batch(data, both, 5, 7).clips[1]),
            rows(*draw_batch(data, second, 5, 7).clips[0]));
}

/// A clip whose augmented version is longer, so that the two can be told apart.
LabelledFeatures looked_at_twice() {
  LabelledFeatures data = clips_of({2, 2}, 0);
  data.augmented = clips_of({5, 5}, 0).clips;
  return data;
}

TEST(DrawBatch, DrawsEachOfTwoVersionsAboutAsOften) {
  const LabelledFeatures data = looked_at_twice();
  int others = 0;
  for (int epoch = 1; epoch <= 200; ++epoch) {
    for (const auto& clip : draw_batch(data, both, 1, epoch).clips) {
      others += clip->dim(0) == 5 ? 1 : 0;
    }
  }
  EXPECT_GT(others, 150);
  EXPECT_LT(others, 250);
}

TEST(DrawBatch, DrawsFramesOfTheLookThatItDrew) {
  LabelledFeatures data = clips_of({9}, 3);
  data.augmented = clips_of({6}, 0).clips;
  const std::vector<std::size_t> first{0};
  std::set<int> seen;
  for (int epoch = 1; epoch <= 60; ++epoch) {
    const Batch batch = draw_batch(data, first, 1, epoch);
    ASSERT_EQ(batch.clips[0]->dim(0), 3U);
    seen.insert(rows(*batch.clips[0]).back());
  }
  EXPECT_EQ(seen, (std::set<int>{4, 5, 6, 7, 8}));
}

TEST(MakeBatch, TakesThePlainVersion) {
  EXPECT_EQ(make_batch(looked_at_twice(), both).clips[1]->dim(0), 2U);
}

TEST(Subset, KeepsTheAugmentedVersionsOfItsClips) {
  LabelledFeatures data = clips_of({1, 1, 1}, 0);
  data.augmented = clips_of({2, 3, 4}, 0).clips;
  EXPECT_EQ(subset(data, {2, 0}).augmented->features(0)->dim(0), 4U);
}

TEST(Joined, HasAugmentedVersionsOnlyWhereBothHaveThem) {
  const LabelledFeatures twice = looked_at_twice();
  ASSERT_TRUE(joined(twice, twice).augmented);
  EXPECT_EQ(joined(twice, twice).augmented->size(), 4U);
  EXPECT_FALSE(joined(twice, clips_of({1}, 0)).augmented);
}

TEST(Subset, DrawsAsManyFrames) { EXPECT_EQ(subset(clips_of({9, 9}, 3), {1}).frames_drawn, 3U); }

}  // namespace
}  // namespace vidclass::train

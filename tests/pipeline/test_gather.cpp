// From a data set to labelled features.
#include <gtest/gtest.h>

#include "core/npy_writer.hpp"
#include "fixtures.hpp"
#include "pipeline/gather.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using dataset::Split;
using vidclass::testing::same_bytes;

constexpr std::size_t much = 1'000'000;

bool same_features(const FeatureSource& a, const FeatureSource& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_bytes(*a.features(i), *b.features(i))) return false;
  }
  return true;
}

class GatheredFeatures : public ::testing::Test {
protected:
  [[nodiscard]] DataFeatures gather(const fs::path& data, std::size_t most_in_memory = much,
                                    bool faded = false, const Hooks& hooks = {}) const {
    return gather_features(open_data({.data = data}), {Split::train, Split::validation},
                           mini_features(dir_ / "cache"), faded, most_in_memory, hooks);
  }

  const TempDir dir_;
  ArraySet set_{dir_ / "arrays"};
  Heard heard_;
};

TEST_F(GatheredFeatures, HaveTheLabelsOfTheirClips) {
  set_.add(1, "", "train");
  set_.add(0, "", "val");
  set_.add(0, "", "train");
  const auto features = gather(set_.csv());
  EXPECT_EQ(features.of(Split::train).clips, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(features.of(Split::train).data.labels, (std::vector<std::size_t>{1, 0}));
}

TEST_F(GatheredFeatures, LeaveOutSplitsThatAreNotWanted) {
  EXPECT_FALSE(gather(ArraySet::with_splits(dir_ / "a")).splits.contains(Split::test));
}

TEST_F(GatheredFeatures, LeaveOutClipsThatCannotBeUsed) {
  set_.add(0, "", "val");
  set_.add_broken(1, "train");
  set_.add(1, "", "train");
  EXPECT_EQ(gather(set_.csv()).of(Split::train).clips, std::vector<std::size_t>{2});
}

TEST_F(GatheredFeatures, WarnOfEachClipThatCannotBeUsed) {
  set_.add(0, "", "val");
  set_.add(1, "", "train");
  const fs::path broken = set_.add_broken(1, "train");
  const auto features = gather(set_.csv(), much, false, heard_.hooks());
  EXPECT_TRUE(heard_.warned_of("unusable clip " + broken.string() + ": "));
  EXPECT_EQ(features.report.unusable.size(), 1U);
}

TEST_F(GatheredFeatures, FailWhereASplitHasNoUsableClip) {
  set_.add(1, "", "train");
  set_.add_broken(0, "val");
  const auto message = message_of<Error>([&] { (void)gather(set_.csv()); });
  EXPECT_TRUE(has(message, "has no usable clip in the split \"val\"")) << message;
}

TEST_F(GatheredFeatures, FailForArraysOfAnotherWidth) {
  set_.add(1, "", "train");
  const fs::path other = set_.add(0, "", "val");
  write_npy(other, Tensor(DType::f32, {4, 3}));
  const auto message = message_of<Error>([&] { (void)gather(set_.csv()); });
  EXPECT_TRUE(has(message, "3 features a frame; 6 are needed")) << message;
}

TEST_F(GatheredFeatures, OfArraysAreTheSameFromMemoryAndFromTheirFiles) {
  const fs::path data = ArraySet::with_splits(dir_ / "a");
  const auto kept = gather(data), read = gather(data, 0);
  EXPECT_TRUE(same_features(*kept.of(Split::train).data.clips, *read.of(Split::train).data.clips));
}

TEST_F(GatheredFeatures, OfClipsAreTheSameFromMemoryAndFromTheCache) {
  const fs::path data = put_video_csv(dir_ / "d.csv");
  const auto kept = gather(data), read = gather(data, 0);
  EXPECT_TRUE(same_features(*kept.of(Split::train).data.clips, *read.of(Split::train).data.clips));
}

TEST_F(GatheredFeatures, AreFoundInTheCacheTheSecondTime) {
  const fs::path data = put_video_csv(dir_ / "d.csv");
  const auto first = gather(data), second = gather(data);
  EXPECT_GT(first.report.frames, 0U);
  EXPECT_EQ(second.report.frames, 0U);
}

TEST_F(GatheredFeatures, OfArraysAreNotFaded) {
  EXPECT_FALSE(
      gather(ArraySet::with_splits(dir_ / "a"), much, true).of(Split::train).data.augmented);
}

TEST_F(GatheredFeatures, HaveHalfAsManyFadedFrames) {
  const auto features = gather(put_video_csv(dir_ / "d.csv"), much, true);
  const train::LabelledFeatures& training = features.of(Split::train).data;
  EXPECT_EQ(training.clips->features(0)->dim(0), 4U);
  EXPECT_EQ(training.augmented->features(0)->dim(0), 2U);
}

TEST_F(GatheredFeatures, AreFadedForTheValidationClipsToo) {
  EXPECT_TRUE(
      gather(put_video_csv(dir_ / "d.csv"), much, true).of(Split::validation).data.augmented);
}

TEST_F(GatheredFeatures, AreNeverFadedForTheTestClips) {
  const auto features = gather_features(open_data({.data = put_video_csv(dir_ / "d.csv")}),
                                        {Split::train, Split::validation, Split::test},
                                        mini_features(dir_ / "cache"), true, much, {});
  EXPECT_FALSE(features.of(Split::test).data.augmented);
}

TEST_F(GatheredFeatures, OfSegmentsAreDrawnOfTheTrainingClipsOnly) {
  auto options = mini_features(dir_ / "cache");
  options.clip.frames = 2;
  options.clip.sampling = Sampling::segment;
  const auto features =
      gather_features(open_data({.data = put_video_csv(dir_ / "d.csv")}),
                      {Split::train, Split::validation}, options, false, much, {});
  EXPECT_EQ(features.of(Split::train).data.frames_drawn, 2U);
  EXPECT_EQ(features.of(Split::validation).data.frames_drawn, 0U);
}

TEST_F(GatheredFeatures, NameTheStageThatReadsArrays) {
  (void)gather(ArraySet::with_splits(dir_ / "a"), much, false, heard_.hooks());
  EXPECT_TRUE(heard_.named_stage("read"));
}

TEST_F(GatheredFeatures, NameTheStageThatExtracts) {
  (void)gather(put_video_csv(dir_ / "d.csv"), much, false, heard_.hooks());
  EXPECT_TRUE(heard_.named_stage("extract"));
}

TEST_F(GatheredFeatures, NameTheStageThatExtractsFadedClips) {
  (void)gather(put_video_csv(dir_ / "d.csv"), much, true, heard_.hooks());
  EXPECT_TRUE(heard_.named_stage("extract faded"));
}

TEST_F(GatheredFeatures, AreNotGatheredOnceCancelled) {
  EXPECT_THROW((void)gather(put_video_csv(dir_ / "d.csv"), much, false, cancelled()), Cancelled);
}

}  // namespace
}  // namespace vidclass::pipeline::testing

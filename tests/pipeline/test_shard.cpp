// Extraction in shards, and merging them.
#include <gtest/gtest.h>

#include <map>

#include "core/safetensors.hpp"
#include "features/cache_maintenance.hpp"
#include "fixtures.hpp"
#include "pipeline/shard.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

/// Of each file of a cache but its list of contents and its locks, the bytes.
std::map<std::string, std::string> entries_of(const fs::path& cache) {
  std::map<std::string, std::string> entries;
  for (const auto& entry : features::list_entries(cache)) {
    entries[entry.path.lexically_relative(cache).string()] = text_of(entry.path);
  }
  return entries;
}

class Shards : public ::testing::Test {
protected:
  Shards() {
    for (int group = 1; group <= 3; ++group) {
      for (const char* label : {"Rise", "Fall"}) request_.clips.push_back(video_of(label, group));
    }
    request_.features.streams = {.appearance = true, .motion = true};
  }

  [[nodiscard]] fs::path part(std::size_t index) const {
    return dir_ / ("part-" + std::to_string(index) + ".safetensors");
  }
  ExtractOutcome extract_part(std::size_t index, std::size_t count = 2) {
    request_.output = part(index);
    return extract_shard(request_, {index, count});
  }
  void extract_into(const fs::path& cache) {
    request_.output.clear();
    request_.features.cache_dir = cache;
    (void)extract(request_);
  }
  [[nodiscard]] MergeOutcome merge(const std::vector<fs::path>& parts) const {
    return merge_shards(parts, dir_ / "merged");
  }

  const TempDir dir_;
  ExtractRequest request_{.clips = {}, .features = mini_features({})};
};

TEST_F(Shards, MergedAreTheEntriesOfOneRunByteForByte) {
  (void)extract_part(0);
  (void)extract_part(1);
  (void)merge({part(0), part(1)});
  extract_into(dir_ / "one run");
  const auto expected = entries_of(dir_ / "one run");
  EXPECT_EQ(expected.size(), 12U);  // features and motion
  EXPECT_EQ(entries_of(dir_ / "merged"), expected);
}

TEST_F(Shards, OfFadedClipsHaveThoseEntriesToo) {
  for (std::size_t i = 0; i < request_.clips.size(); ++i) request_.faded.push_back(i);
  (void)extract_part(0);
  (void)extract_part(1);
  (void)merge({part(0), part(1)});
  extract_into(dir_ / "one run");
  EXPECT_EQ(entries_of(dir_ / "merged"), entries_of(dir_ / "one run"));
}

TEST_F(Shards, MadeAgainAreTheSameFile) {
  (void)extract_part(0);
  const std::string first = text_of(part(0));
  (void)extract_part(0);
  EXPECT_EQ(text_of(part(0)), first);
}

TEST_F(Shards, GoOnWithWhatAKilledRunLeft) {
  Hooks hooks;
  hooks.progress = [&](const ProgressState& state) {
    if (state.stage == "extract" && state.done == 1) hooks.cancel.request();
  };
  request_.output = part(0);
  EXPECT_THROW((void)extract_shard(request_, {0, 1}, hooks), Cancelled);
  EXPECT_FALSE(fs::exists(part(0)));
  EXPECT_GE(extract_part(0, 1).report.cached, 1U);
}

TEST_F(Shards, KeepAFolderOfTheUser) {
  put(dir_ / "part-0.safetensors.entries/mine.txt");
  EXPECT_THROW((void)extract_part(0), UsageError);
  EXPECT_TRUE(fs::exists(dir_ / "part-0.safetensors.entries/mine.txt"));
}

TEST_F(Shards, LeaveNothingBesideTheirFile) {
  (void)extract_part(0);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator()), 1);
}

TEST_F(Shards, AreMissedByNumber) {
  (void)extract_part(2, 4);
  const MergeOutcome outcome = merge({part(2)});
  EXPECT_EQ(outcome.missing, (std::vector<std::size_t>{0, 1, 3}));
  EXPECT_EQ(outcome.missing_clips, 5U);
}

TEST_F(Shards, NameTheirUnusableClips) {
  request_.clips.push_back(put(dir_ / "clips/broken.avi", "no video"));
  (void)extract_part(0);
  const MergeOutcome outcome = merge({part(0)});
  ASSERT_EQ(outcome.unusable.size(), 1U);
  EXPECT_EQ(outcome.unusable[0].path, dir_ / "clips/broken.avi");
  EXPECT_EQ(outcome.clips, 3U);
}

TEST_F(Shards, WithoutAUsableClipAreFilesToo) {
  request_.clips = {put(dir_ / "clips/broken.avi", "no video"), video_of("Rise")};
  EXPECT_EQ(extract_part(0).written, 0U);
  EXPECT_TRUE(fs::exists(part(0)));
}

TEST_F(Shards, MayBeMoreThanThereAreClips) {
  EXPECT_EQ(extract_part(8, 9).written, 0U);
  EXPECT_TRUE(fs::exists(part(8)));
}

TEST_F(Shards, MayBeMergedAgain) {
  (void)extract_part(0);
  (void)merge({part(0)});
  const MergeOutcome again = merge({part(0), part(0)});
  EXPECT_EQ(again.added, 0U);
  EXPECT_EQ(again.there_before, 6U);
}

TEST_F(Shards, OfOtherSettingsAreNotMerged) {
  (void)extract_part(0);
  request_.features.clip.frames = 3;
  (void)extract_part(1);
  const auto message = message_of<UsageError>([&] { (void)merge({part(0), part(1)}); });
  EXPECT_TRUE(has(message, "other settings")) << message;
}

TEST_F(Shards, OfOtherClipsAreNotMerged) {
  (void)extract_part(0);
  request_.clips.pop_back();
  (void)extract_part(1);
  const auto message = message_of<UsageError>([&] { (void)merge({part(0), part(1)}); });
  EXPECT_TRUE(has(message, "other clips")) << message;
}

TEST_F(Shards, MustBeParts) {
  write_safetensors(dir_ / "features.safetensors", {{"a", Tensor(DType::f32, {2})}});
  const auto message = message_of<Error>([&] { (void)merge({dir_ / "features.safetensors"}); });
  EXPECT_TRUE(has(message, "is no part of a feature cache")) << message;
}

TEST_F(Shards, CannotWriteOutOfTheCache) {
  (void)extract_part(0);
  const SafetensorsFile honest(part(0));
  const std::string key(64, 'a');
  write_safetensors(dir_ / "evil.safetensors", {{"../../" + key + "/avg", Tensor(DType::f32, {2})}},
                    honest.metadata());
  const auto message = message_of<Error>([&] { (void)merge({dir_ / "evil.safetensors"}); });
  EXPECT_TRUE(has(message, "belongs to no entry")) << message;
}

TEST_F(Shards, RefuseAnotherOutput) {
  request_.output = dir_ / "part.jsonl";
  EXPECT_THROW((void)extract_shard(request_, {0, 2}), UsageError);
}

TEST(Shard, IsReadFromItsText) {
  const Shard shard = shard_from("3/8");
  EXPECT_EQ(shard.index, 3U);
  EXPECT_EQ(shard.count, 8U);
}

class WrongShard : public ::testing::TestWithParam<const char*> {};

TEST_P(WrongShard, IsRefused) { EXPECT_THROW((void)shard_from(GetParam()), UsageError); }

INSTANTIATE_TEST_SUITE_P(Texts, WrongShard,
                         ::testing::Values("", "3", "8/8", "-1/8", "1/0", "1/8x", "a/b", "1/"));

}  // namespace
}  // namespace vidclass::pipeline::testing

// Clips that come while others are worked on.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core/bounded_queue.hpp"
#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using testing::extract_sources;
using testing::make_clip;
using testing::make_junk;
using testing::make_sources;
using testing::mini_options;
using testing::TempDir;

/// A queue that a test fills.
class TestFeed final : public ClipFeed {
public:
  void push(FedClip clip) { clips_.push(std::move(clip)); }
  std::optional<FedClip> next() override { return clips_.pop(); }
  void close() noexcept override { clips_.close(); }

private:
  BoundedQueue<FedClip> clips_{100};
};

struct Outcome {
  std::map<std::size_t, ClipFeatures> features;
  std::map<std::size_t, RejectedClip> rejected;
};

/// Until `count` clips came back; the feed is closed then.
Outcome run(const ExtractOptions& options, TestFeed& feed, std::size_t count) {
  Outcome outcome;
  const auto close_after_all = [&] {
    if (outcome.features.size() + outcome.rejected.size() == count) feed.close();
  };
  Extractor extractor(options);
  extractor.extract(
      feed, std::chrono::milliseconds(2),
      [&](std::size_t id, ClipFeatures features) {
        outcome.features.emplace(id, std::move(features));
        close_after_all();
      },
      [&](std::size_t id, const RejectedClip& why) {
        outcome.rejected.emplace(id, why);
        close_after_all();
      });
  return outcome;
}

TEST(ClipFeed, GivesTheFeaturesOfAListThoughItHasNoEndInSight) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 5);
  const auto expected = extract_sources(mini_options(), clips);
  TestFeed feed;
  for (std::size_t i = 0; i < clips.size(); ++i) feed.push({.id = 10 + i, .source = clips[i]});
  const Outcome outcome = run(mini_options(), feed, clips.size());
  ASSERT_EQ(outcome.features.size(), clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const Tensor& given = outcome.features.at(10 + i).at("avg");
    const Tensor& wanted = expected.features.at(i).at("avg");
    ASSERT_EQ(given.shape(), wanted.shape());
    for (std::size_t at = 0; at < given.size(); ++at) {
      ASSERT_NEAR(given.data<float>()[at], wanted.data<float>()[at], 1e-5);
    }
  }
}

TEST(ClipFeed, AnUnusableClipIsRejectedAlone) {
  const TempDir dir;
  TestFeed feed;
  feed.push({.id = 1, .source = make_junk(dir / "junk.avi")});
  feed.push({.id = 2, .source = make_clip(dir / "clip.avi")});
  const Outcome outcome = run(mini_options(), feed, 2);
  EXPECT_TRUE(outcome.rejected.at(1).clips_fault);
  EXPECT_EQ(outcome.features.count(2), 1U);
}

TEST(ClipFeed, AClipThatNobodyWantsAnyMoreIsRejectedAlone) {
  const TempDir dir;
  TestFeed feed;
  FedClip unwanted{.id = 1, .source = make_clip(dir / "a.avi")};
  unwanted.cancel.request();
  feed.push(unwanted);
  feed.push({.id = 2, .source = make_clip(dir / "b.avi", 2)});
  const Outcome outcome = run(mini_options(), feed, 2);
  EXPECT_FALSE(outcome.rejected.at(1).clips_fault);
  EXPECT_EQ(outcome.features.count(2), 1U);
}

TEST(ClipFeed, AnotherFailureIsNotTheClipsFaultAndEndsNothing) {
  const TempDir dir;
  ExtractOptions options = mini_options();
  options.sampler = [](const video::ClipSource& source, const video::ClipSettings& settings,
                       const CancellationToken& cancel, const video::Limits& limits,
                       video::Parts parts) {
    if (source.path.filename() == "a.avi") throw Error("no decoder can be started");
    return video::sample_clip(source, settings, cancel, limits, parts);
  };
  TestFeed feed;
  feed.push({.id = 1, .source = make_clip(dir / "a.avi")});
  feed.push({.id = 2, .source = make_clip(dir / "b.avi", 2)});
  const Outcome outcome = run(options, feed, 2);
  EXPECT_FALSE(outcome.rejected.at(1).clips_fault);
  EXPECT_EQ(outcome.features.count(2), 1U);
}

TEST(ClipFeed, AClipMayHaveItsOwnNumberOfSequences) {
  const TempDir dir;
  TestFeed feed;
  feed.push({.id = 1, .source = make_clip(dir / "clip.avi", 1, 24), .sequences = 3});
  const Outcome outcome = run(mini_options(dir / "cache"), feed, 1);
  EXPECT_EQ(outcome.features.at(1).at("views").dim(0), 3U);
}

TEST(ClipFeed, CopiesOfAClipAreComputedOnceAndGivenToAll) {
  const TempDir dir;
  const auto clip = make_clip(dir / "clip.avi");
  int decoded = 0;
  ExtractOptions options = mini_options(dir / "cache");
  options.decoders = 1;
  options.sampler = [&decoded](const video::ClipSource& source, const video::ClipSettings& settings,
                               const CancellationToken& cancel, const video::Limits& limits,
                               video::Parts parts) {
    ++decoded;
    return video::sample_clip(source, settings, cancel, limits, parts);
  };
  TestFeed feed;
  for (std::size_t id = 0; id < 3; ++id) feed.push({.id = id, .source = clip});
  EXPECT_EQ(run(options, feed, 3).features.size(), 3U);
  EXPECT_EQ(decoded, 1);
}

}  // namespace
}  // namespace vidclass::features

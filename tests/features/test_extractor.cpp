#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace vidclass::features {
namespace {

using testing::bytes_of;
using testing::extract;
using testing::make_clip;
using testing::make_clips;
using testing::make_sources;
using testing::mini_options;
using testing::TempDir;

TEST(Extractor, GivesFeaturesAndTimesOfEachFrame) {
  const TempDir dir;
  const auto result = extract(mini_options(), {make_clip(dir / "clip.avi")});
  EXPECT_EQ(result.features.at(0).at("avg").shape(), (Shape{6, 256}));
  EXPECT_EQ(result.features.at(0).at("times").shape(), Shape{6});
}

TEST(Extractor, GivesTimesThatAscend) {
  const TempDir dir;
  const auto result = extract(mini_options(), {make_clip(dir / "clip.avi")});
  const auto times = result.features.at(0).at("times").data<double>();
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST(Extractor, GivesWhatTheBackboneSaysOfTheSampledFrames) {
  const TempDir dir;
  const auto clip = make_clip(dir / "clip.avi");
  const auto options = mini_options();
  const Extractor extractor(options);
  backbone::Backbone network(options.backbone);
  const auto sampled = video::sample_clip(clip, extractor.settings().clip);
  const Tensor expected = network.features(sampled.frames);
  const auto result = extract(options, {clip});
  const auto found = result.features.at(0).at("avg").bytes();
  EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.bytes().begin()));
}

TEST(Extractor, TakesTheFrameSizeFromTheBackbone) {
  auto options = mini_options();
  options.clip.size = 299;
  EXPECT_EQ(Extractor(options).settings().clip.size, 64);
}

TEST(Extractor, GivesFewerFramesOfAShortClip) {
  const TempDir dir;
  const auto result = extract(mini_options(dir / "cache"), {make_clip(dir / "clip.avi", 1, 3)});
  EXPECT_EQ(result.features.at(0).at("avg").shape(), (Shape{3, 256}));
}

TEST(Extractor, GivesEveryClipOnce) {
  const TempDir dir;
  const auto result = extract(mini_options(), make_clips(dir.path(), 7));
  EXPECT_EQ(result.features.size(), 7U);
  EXPECT_EQ(result.report.clips, 7U);
}

TEST(Extractor, CountsComputedFrames) {
  const TempDir dir;
  const auto result = extract(mini_options(), make_clips(dir.path(), 3));
  EXPECT_EQ(result.report.frames, 18U);
}

TEST(Extractor, TellsItsPace) {
  const TempDir dir;
  const auto report = extract(mini_options(), make_clips(dir.path(), 3)).report;
  EXPECT_NEAR(report.frames_per_second, 18 / report.seconds, 0.05 * 18 / report.seconds);
}

TEST(Extractor, OfNoClipsReportsNothing) {
  const auto report = extract(mini_options(), {}).report;
  EXPECT_EQ(report.clips + report.cached + report.frames + report.unusable.size(), 0U);
}

TEST(Extractor, MayBeUsedAgain) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 2);
  Extractor extractor(mini_options());
  int calls = 0;
  const auto count = [&](std::size_t, const ClipFeatures&) { ++calls; };
  extractor.extract(clips, count);
  extractor.extract(clips, count);
  EXPECT_EQ(calls, 4);
}

class ExtractorWithDecoders : public ::testing::TestWithParam<int> {};

TEST_P(ExtractorWithDecoders, GivesTheSameNumbersAsOneDecoder) {
  const TempDir dir;
  const auto clips = make_clips(dir.path(), 6);
  auto options = mini_options();
  options.decoders = 1;
  const auto expected = bytes_of(extract(options, clips));
  options.decoders = GetParam();
  EXPECT_EQ(bytes_of(extract(options, clips)), expected);
}

INSTANTIATE_TEST_SUITE_P(Counts, ExtractorWithDecoders, ::testing::Values(0, 2, 3, 16));

TEST(Extractor, ReportsProgressUpToTheLastClip) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 3);
  std::vector<std::size_t> done;
  Extractor(mini_options())
      .extract(
          clips, [](std::size_t, const ClipFeatures&) {},
          [&](const ProgressState& state) { done.push_back(state.done); });
  EXPECT_EQ(done, (std::vector<std::size_t>{1, 2, 3}));
}

TEST(Extractor, ReportsItsStageTotalAndPace) {
  const TempDir dir;
  const std::vector<video::ClipSource> clips{make_clip(dir / "clip.avi")};
  ProgressState last;
  Extractor(mini_options())
      .extract(
          clips, [](std::size_t, const ClipFeatures&) {},
          [&](const ProgressState& state) { last = state; });
  EXPECT_EQ(last.stage, "extract");
  EXPECT_EQ(last.total, 1U);
  EXPECT_TRUE(last.detail.ends_with(" frames/s")) << last.detail;
}

TEST(Extractor, RefusesToTakeNoFrames) {
  auto options = mini_options();
  options.clip.frames = 0;
  EXPECT_THROW(Extractor{options}, UsageError);
}

TEST(Extractor, RefusesANegativeNumberOfDecoders) {
  auto options = mini_options();
  options.decoders = -1;
  EXPECT_THROW(Extractor{options}, UsageError);
}

TEST(Extractor, RefusesAnUnknownBackbone) {
  auto options = mini_options();
  options.backbone.name = "nonesuch";
  EXPECT_THROW(Extractor{options}, UsageError);
}

}  // namespace
}  // namespace vidclass::features

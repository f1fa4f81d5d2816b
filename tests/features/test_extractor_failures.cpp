#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

namespace fs = std::filesystem;
using testing::extract;
using testing::make_clip;
using testing::make_junk;
using testing::make_sources;
using testing::mini_options;
using testing::TempDir;

const Extractor::Consumer ignore = [](std::size_t, const ClipFeatures&) {};

/// Everything holds with a cache and without.
class ExtractorFailures : public ::testing::TestWithParam<bool> {
protected:
  TempDir dir;
  ExtractOptions options = mini_options(GetParam() ? dir / "cache" : fs::path());
};
INSTANTIATE_TEST_SUITE_P(Cache, ExtractorFailures, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "With" : "Without"; });

TEST_P(ExtractorFailures, UnusableClipsAreNamedInTheOrderGiven) {
  const std::vector<fs::path> clips{make_junk(dir / "z.avi"), make_clip(dir / "good.avi"),
                                    dir / "missing.avi", make_junk(dir / "a.avi")};
  options.decoders = 4;
  const auto report = extract(options, clips).report;
  ASSERT_EQ(report.unusable.size(), 3U);
  EXPECT_EQ(report.unusable[0].path, clips[0]);
  EXPECT_EQ(report.unusable[1].path, clips[2]);
  EXPECT_EQ(report.unusable[2].path, clips[3]);
}

TEST_P(ExtractorFailures, UnusableClipsHaveAReasonWithoutTheirPath) {
  const auto report = extract(options, {make_junk(dir / "junk.avi")}).report;
  EXPECT_FALSE(report.unusable.at(0).reason.empty());
  EXPECT_EQ(report.unusable.at(0).reason.find("junk.avi"), std::string::npos);
}

TEST_P(ExtractorFailures, OtherClipsAreDone) {
  const auto result = extract(
      options, {make_junk(dir / "junk.avi"), make_clip(dir / "good.avi"), dir / "missing.avi"});
  EXPECT_EQ(result.report.clips, 1U);
  EXPECT_TRUE(result.features.contains(1));
}

TEST_P(ExtractorFailures, AMissingFileIsAnUnusableClip) {
  EXPECT_EQ(extract(options, {dir / "missing.avi"}).report.unusable.at(0).reason, "file not found");
}

TEST_P(ExtractorFailures, AFolderIsAnUnusableClip) {
  EXPECT_EQ(extract(options, {dir.path()}).report.unusable.at(0).reason,
            "a folder without numbered pictures, not a video file");
}

TEST_P(ExtractorFailures, UnusableClipsCountAsProgress) {
  const std::vector<video::ClipSource> clips{make_junk(dir / "a.avi"), dir / "missing.avi"};
  std::size_t done = 0;
  Extractor(options).extract(clips, ignore, [&](const ProgressState& state) { done = state.done; });
  EXPECT_EQ(done, 2U);
}

TEST_P(ExtractorFailures, WhatTheConsumerThrowsArrives) {
  const auto clips = make_sources(dir.path(), 12);
  Extractor extractor(options);
  EXPECT_THROW(
      extractor.extract(
          clips, [](std::size_t, const ClipFeatures&) { throw std::runtime_error("enough"); }),
      std::runtime_error);
}

TEST_P(ExtractorFailures, WhatTheProgressFunctionThrowsArrives) {
  const auto clips = make_sources(dir.path(), 12);
  Extractor extractor(options);
  EXPECT_THROW(extractor.extract(clips, ignore,
                                 [](const ProgressState&) { throw std::logic_error("enough"); }),
               std::logic_error);
}

TEST_P(ExtractorFailures, AnExtractorWorksAfterItsConsumerThrew) {
  const auto clips = make_sources(dir.path(), 5);
  Extractor extractor(options);
  EXPECT_THROW(
      extractor.extract(clips, [](std::size_t, const ClipFeatures&) { throw Error("enough"); }),
      Error);
  EXPECT_EQ(extractor.extract(clips, ignore).clips, 5U);
}

TEST_P(ExtractorFailures, ACancelledRunThrowsCancelled) {
  const auto clips = make_sources(dir.path(), 12);
  const CancellationToken cancel;
  Extractor extractor(options);
  EXPECT_THROW(extractor.extract(
                   clips, [&](std::size_t, const ClipFeatures&) { cancel.request(); }, {}, cancel),
               Cancelled);
}

TEST_P(ExtractorFailures, ARunCancelledBeforehandDoesNothing) {
  const auto clips = make_sources(dir.path(), 2);
  const CancellationToken cancel;
  cancel.request();
  int calls = 0;
  Extractor extractor(options);
  EXPECT_THROW(extractor.extract(
                   clips, [&](std::size_t, const ClipFeatures&) { ++calls; }, {}, cancel),
               Cancelled);
  EXPECT_EQ(calls, 0);
}

TEST(ExtractorStopped, KeepsTheClipsThatWereFinished) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 12);
  const auto options = mini_options(dir / "cache");
  const CancellationToken cancel;
  std::size_t finished = 0;
  const auto consume = [&](std::size_t, const ClipFeatures&) {
    if (++finished == 3) cancel.request();
  };
  EXPECT_THROW(Extractor(options).extract(clips, consume, {}, cancel), Cancelled);
  EXPECT_EQ(Extractor(options).extract(clips, ignore).cached, finished);
}

}  // namespace
}  // namespace vidclass::features

// What is told before a long extraction.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/outlook.hpp"

namespace vidclass::pipeline::testing {
namespace {

class ExtractionToCome : public ::testing::Test {
protected:
  std::optional<ExtractionOutlook> outlook(std::size_t faded = 0, std::size_t least_frames = 1) {
    features::Extractor extractor(options_);
    return extraction_outlook(extractor, options_, clips_, faded, least_frames, {});
  }

  const TempDir dir_;
  features::ExtractOptions options_ = mini_features(dir_ / "cache");
  const std::vector<video::ClipSource> clips_{video::ClipSource(video_of("Rise")),
                                              video::ClipSource(video_of("Fall")),
                                              video::ClipSource(video_of("Darken"))};
};

TEST_F(ExtractionToCome, CountsTheFramesOfAllClips) {
  const auto told = outlook();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->clips, clips_.size());
  EXPECT_EQ(told->frames, clips_.size() * static_cast<std::size_t>(options_.clip.frames));
}

TEST_F(ExtractionToCome, CountsHalfAsManyFramesOfFadedClips) {
  const std::size_t plain = outlook()->frames;
  EXPECT_EQ(outlook(clips_.size())->frames, plain * 3 / 2);
}

TEST_F(ExtractionToCome, LeavesOutWhatIsInTheCache) {
  features::Extractor(options_).extract({clips_.data(), 1}, [](std::size_t, const auto&) {});
  const auto told = outlook();
  EXPECT_EQ(told->in_cache, 1U);
  EXPECT_EQ(told->clips, clips_.size() - 1);
}

TEST_F(ExtractionToCome, IsNotForetoldWhereItIsLittle) { EXPECT_FALSE(outlook(0, 1'000'000)); }

TEST_F(ExtractionToCome, TakesAsLongAsItsFramesAtItsPace) {
  const auto told = outlook();
  EXPECT_GT(told->chosen.seconds, 0);
  EXPECT_NEAR(told->chosen.frames_per_second * told->chosen.seconds,
              static_cast<double>(told->frames), 1e-6);
}

TEST_F(ExtractionToCome, NamesOnlySettingsThatAreQuicker) {
  const auto told = outlook();
  for (const Setting& setting : told->quicker) {
    EXPECT_LT(setting.seconds, told->chosen.seconds) << setting.options;
  }
}

TEST_F(ExtractionToCome, OfArraysIsNotForetold) {
  options_.array_width = 6;
  EXPECT_FALSE(outlook());
}

}  // namespace
}  // namespace vidclass::pipeline::testing

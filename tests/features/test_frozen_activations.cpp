#include "features/frozen_activations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/safetensors.hpp"
#include "features/clips.hpp"
#include "support/environment.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using backbone::TunedBlocks;

TEST(ActivationSettings, KeyEveryKindOfEntryApart) {
  const FeatureSettings plain;
  const auto fingerprint = [&](TunedBlocks blocks, Mirror mirror) {
    return activation_settings(plain, blocks, mirror).backbone.fingerprint;
  };
  const auto usual = fingerprint(TunedBlocks::block14, Mirror::none);
  EXPECT_NE(usual, plain.backbone.fingerprint);
  EXPECT_NE(usual, fingerprint(TunedBlocks::block13, Mirror::none));
  EXPECT_NE(usual, fingerprint(TunedBlocks::block14, Mirror::left_right));
  EXPECT_EQ(usual, fingerprint(TunedBlocks::block14, Mirror::none));
}

TEST(ActivationExtractor, WantsAFolder) { EXPECT_THROW(ActivationExtractor({}), UsageError); }

TEST(ActivationExtractor, RefusesANetworkThatIsNotXception) {
  const testing::TempDir dir;
  ActivationOptions options;
  options.backbone.name = "mini";
  options.cache_dir = dir.path();
  EXPECT_THROW(ActivationExtractor{options}, UsageError);
}

/// Xception at its smallest size, three frames a clip.
class FrozenActivations : public ::testing::Test {
protected:
  void SetUp() override {
    VIDCLASS_NEED_SHARED_DATA();
    sources = testing::make_sources(clips.path(), 2);
  }

  std::map<std::size_t, std::filesystem::path> extract(Mirror mirror = Mirror::none,
                                                       TunedBlocks blocks = TunedBlocks::block14) {
    const testing::Variable weights("VIDCLASS_WEIGHTS_DIR",
                                    (testing::shared_data() / "weights").string());
    ActivationOptions options;
    options.backbone.size = 71;
    options.backbone.precision = backbone::Precision::f32;
    options.backbone.motion = motion;
    options.clip.frames = 3;
    options.blocks = blocks;
    options.cache_dir = cache.path();
    std::map<std::size_t, std::filesystem::path> entries;
    report = ActivationExtractor(options).extract(
        sources, mirror,
        [&](std::size_t i, const std::filesystem::path& entry) { entries[i] = entry; });
    return entries;
  }

  bool motion = false;
  testing::TempDir clips;
  testing::TempDir cache;
  std::vector<video::ClipSource> sources;
  ExtractReport report;
};

TEST_F(FrozenActivations, HoldTheActivationsAndTheFeatures) {
  const auto entries = extract();
  ASSERT_EQ(entries.size(), 2U);
  const SafetensorsFile file(entries.at(0));
  EXPECT_EQ(file.dtype("activations"), DType::f16);
  EXPECT_EQ(file.shape("activations"), (Shape{3, 3, 3, 1024}));
  EXPECT_EQ(file.shape("features"), (Shape{3, 2048}));
  EXPECT_EQ(file.shape("times"), (Shape{3}));
}

TEST_F(FrozenActivations, HoldMotionMapsWhenTheNetworkPoolsByMotion) {
  motion = true;
  const SafetensorsFile file(extract().at(0));
  EXPECT_EQ(file.shape("features"), (Shape{3, 4096}));
  EXPECT_EQ(file.shape("motion_map"), (Shape{3, 3, 3}));
}

TEST_F(FrozenActivations, OfAllBlocksAreTheFrames) {
  const SafetensorsFile file(extract(Mirror::none, TunedBlocks::all).at(0));
  EXPECT_EQ(file.dtype("activations"), DType::u8);
  EXPECT_EQ(file.shape("activations"), (Shape{3, 71, 71, 3}));
}

TEST_F(FrozenActivations, AreComputedOnce) {
  const auto first = extract();
  EXPECT_EQ(report.frames, 6U);
  EXPECT_EQ(extract(), first);
  EXPECT_EQ(report.frames, 0U);
  EXPECT_EQ(report.cached, 2U);
}

TEST_F(FrozenActivations, OfMirroredClipsAreOthers) {
  const auto plain = extract(Mirror::none, TunedBlocks::all);
  const auto mirrored = extract(Mirror::left_right, TunedBlocks::all);
  const Tensor a = SafetensorsFile(plain.at(0)).load("activations");
  const Tensor b = SafetensorsFile(mirrored.at(0)).load("activations");
  const auto left = a.data<std::uint8_t>();
  const auto right = b.data<std::uint8_t>();
  for (std::size_t x = 0; x < 71; ++x) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(left[x * 3 + c], right[(70 - x) * 3 + c]);
  }
}

TEST_F(FrozenActivations, AreComputedAgainWhenAnEntryIsCutShort) {
  const auto entries = extract();
  std::filesystem::resize_file(entries.at(1), std::filesystem::file_size(entries.at(1)) / 2);
  EXPECT_EQ(extract(), entries);
  EXPECT_EQ(report.frames, 3U);
  EXPECT_NO_THROW((void)SafetensorsFile(entries.at(1)));
}

TEST_F(FrozenActivations, LeaveNothingBehindButWholeEntries) {
  const auto entries = extract();
  EXPECT_EQ(testing::entries_in(cache.path() / "activations").size(), entries.size());
  EXPECT_TRUE(testing::strays_in(cache.path() / "activations").empty());
}

TEST_F(FrozenActivations, NameTheClipThatCannotBeUsed) {
  sources.insert(sources.begin(), testing::make_junk(clips / "junk.avi"));
  const auto entries = extract();
  EXPECT_EQ(entries.size(), 2U);
  EXPECT_FALSE(entries.contains(0));
  ASSERT_EQ(report.unusable.size(), 1U);
  EXPECT_EQ(report.unusable[0].path, sources[0].path);
}

TEST_F(FrozenActivations, OfClipsOfTheSameContentAreOneEntry) {
  std::filesystem::copy_file(sources[0].path, clips / "copy.avi");
  sources.emplace_back(clips / "copy.avi");
  const auto entries = extract();
  EXPECT_EQ(entries.at(2), entries.at(0));
  EXPECT_EQ(report.clips, 3U);
  EXPECT_EQ(report.frames, 6U);
}

}  // namespace
}  // namespace vidclass::features

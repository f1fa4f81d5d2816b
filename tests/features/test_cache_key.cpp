#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/hash.hpp"
#include "features/settings.hpp"

namespace vidclass::features {
namespace {

const std::string content(64, 'a');

FeatureSettings example() {
  FeatureSettings settings;
  settings.clip = {video::Sampling::uniform, 20, video::Preprocess::standard, 299};
  settings.backbone = {"xception", 2048, 299, backbone::Precision::bf16, std::string(64, 'b')};
  return settings;
}

TEST(CacheKey, IsTheHashOfItsDocumentedText) {
  EXPECT_EQ(cache_key(content, example()), sha256("vidclass features 1\n"
                                                  "content=" +
                                                  content +
                                                  "\n"
                                                  "sampling=uniform\n"
                                                  "frames=20\n"
                                                  "preprocess=standard\n"
                                                  "clip_size=299\n"
                                                  "backbone_size=299\n"
                                                  "feature_size=2048\n"
                                                  "precision=bf16\n"
                                                  "fingerprint=" +
                                                  std::string(64, 'b') +
                                                  "\n"
                                                  "backbone=xception\n"));
}

TEST(CacheKey, ChangesWithWhetherTheMiddleIsPooled) {
  FeatureSettings with_middle = example();
  with_middle.backbone.middle_size = 728;
  EXPECT_NE(cache_key(content, with_middle), cache_key(content, example()));
}

TEST(CacheKey, ChangesWithTheContent) {
  EXPECT_NE(cache_key(std::string(64, 'c'), example()), cache_key(content, example()));
}

TEST(CacheKey, OfASpanNamesIt) {
  EXPECT_NE(cache_key(content, example(), 2.5), cache_key(content, example()));
  EXPECT_NE(cache_key(content, example(), 0, 2.5), cache_key(content, example()));
  EXPECT_NE(cache_key(content, example(), 2.5), cache_key(content, example(), 0, 2.5));
}

TEST(CacheKey, OfASamplingChangesWithWhatItReads) {
  FeatureSettings dense = example();
  dense.clip.sampling = video::Sampling::dense;
  FeatureSettings strided = dense;
  strided.clip.stride = 2;
  EXPECT_NE(cache_key(content, strided), cache_key(content, dense));
  FeatureSettings segment = example();
  segment.clip.sampling = video::Sampling::segment;
  FeatureSettings larger = segment;
  larger.clip.candidates = 5;
  EXPECT_NE(cache_key(content, larger), cache_key(content, segment));
}

TEST(CacheKey, DoesNotChangeWithWhatASamplingDoesNotRead) {
  FeatureSettings other = example();
  other.clip.stride = 2;
  other.clip.candidates = 5;
  EXPECT_EQ(cache_key(content, other), cache_key(content, example()));
}

struct Change {
  const char* name;
  std::function<void(FeatureSettings&)> apply;
};

class CacheKeyOfSetting : public ::testing::TestWithParam<Change> {};

TEST_P(CacheKeyOfSetting, ChangesWithIt) {
  FeatureSettings changed = example();
  GetParam().apply(changed);
  EXPECT_NE(cache_key(content, changed), cache_key(content, example()));
}

INSTANTIATE_TEST_SUITE_P(
    Each, CacheKeyOfSetting,
    ::testing::Values(
        Change{"Sampling", [](auto& s) { s.clip.sampling = video::Sampling::first; }},
        Change{"Frames", [](auto& s) { s.clip.frames = 21; }},
        Change{"Segment", [](auto& s) { s.clip.sampling = video::Sampling::segment; }},
        Change{"Dense", [](auto& s) { s.clip.sampling = video::Sampling::dense; }},
        Change{"Fps", [](auto& s) { s.clip.fps = 5; }},
        Change{"Clips", [](auto& s) { s.clip.clips = 2; }},
        Change{"Crop", [](auto& s) { s.clip.crop = video::Crop::motion; }},
        Change{"Faded", [](auto& s) { s.clip.faded = true; }},
        Change{"Preprocess", [](auto& s) { s.clip.preprocess = video::Preprocess::keras; }},
        Change{"ClipSize", [](auto& s) { s.clip.size = 224; }},
        Change{"BackboneName", [](auto& s) { s.backbone.name = "mini"; }},
        Change{"FeatureSize", [](auto& s) { s.backbone.feature_size = 256; }},
        Change{"BackboneSize", [](auto& s) { s.backbone.size = 224; }},
        Change{"Precision", [](auto& s) { s.backbone.precision = backbone::Precision::f32; }},
        Change{"Fingerprint", [](auto& s) { s.backbone.fingerprint = std::string(64, 'd'); }}),
    [](const auto& test) { return test.param.name; });

TEST(CacheKey, DiffersWithMotionPooling) {
  FeatureSettings with_motion = example();
  with_motion.clip.motion_grid = 10;
  EXPECT_NE(cache_key(content, with_motion), cache_key(content, example()));
}

}  // namespace
}  // namespace vidclass::features

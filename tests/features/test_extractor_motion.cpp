// Descriptions of motion beside a network's features, and without them.
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "features/cache.hpp"
#include "features/clips.hpp"
#include "features/extraction.hpp"
#include "motion/cuboids.hpp"
#include "support/footage.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

namespace fs = std::filesystem;
using testing::entries_in;
using testing::extract;
using testing::same_bytes;
using testing::TempDir;

class ExtractorMotion : public ::testing::Test {
protected:
  [[nodiscard]] ExtractOptions both() const {
    ExtractOptions options = testing::mini_options(cache);
    options.streams.motion = true;
    return options;
  }
  [[nodiscard]] ExtractOptions alone() const {
    ExtractOptions options = both();
    options.streams.appearance = false;
    return options;
  }
  [[nodiscard]] std::size_t motion_entries() const {
    return entries_in(cache / motion_folder).size();
  }

  TempDir dir;
  fs::path cache = dir / "cache";
  std::vector<fs::path> clips{testing::film(dir / "a.mp4", {.moment = 1, .seconds = 1}),
                              testing::film(dir / "b.mp4", {.moment = 2, .seconds = 1})};
};

TEST_F(ExtractorMotion, IsDescribedBesideTheFeatures) {
  const auto features = extract(both(), clips).features;
  EXPECT_GT(motion::description_from(features.at(0))[0].size(), 1U);
  EXPECT_TRUE(features.at(0).contains("avg"));
}

TEST_F(ExtractorMotion, LeavesTheFeaturesAsTheyAreWithoutIt) {
  const auto with = extract(both(), clips).features;
  const auto without = extract(testing::mini_options(), clips).features;
  EXPECT_TRUE(same_bytes(with.at(1).at("avg"), without.at(1).at("avg")));
}

TEST_F(ExtractorMotion, NeedsNoNetworkByItself) {
  ExtractOptions options = alone();
  options.backbone.name = "there is no such network";
  const auto extraction = extract(options, clips);
  EXPECT_EQ(extraction.report.clips, 2U);
  EXPECT_FALSE(extraction.features.at(0).contains("avg"));
}

TEST_F(ExtractorMotion, IsTheSameByItself) {
  const auto beside = extract(both(), clips).features.at(0).at("whole/cuboids");
  fs::remove_all(cache);
  EXPECT_TRUE(same_bytes(extract(alone(), clips).features.at(0).at("whole/cuboids"), beside));
}

TEST_F(ExtractorMotion, IsTheSameFromTheCache) {
  const auto first = extract(both(), clips).features.at(1);
  const auto again = extract(both(), clips);
  EXPECT_EQ(again.report.cached, 2U);
  EXPECT_EQ(again.report.described, 0U);
  for (const auto& [name, tensor] : first) {
    EXPECT_TRUE(same_bytes(again.features.at(1).at(name), tensor)) << name;
  }
}

TEST_F(ExtractorMotion, IsSharedByAllNetworks) {
  (void)extract(both(), clips);
  ExtractOptions other = both();
  other.clip.frames = 3;
  (void)extract(other, clips);
  EXPECT_EQ(motion_entries(), 2U);
}

TEST_F(ExtractorMotion, IsAddedToFeaturesThatAreThereWithoutTheNetwork) {
  (void)extract(testing::mini_options(cache), clips);
  const auto report = extract(both(), clips).report;
  EXPECT_EQ(report.cached, 2U);
  EXPECT_EQ(report.described, 2U);
  EXPECT_EQ(report.frames, 0U);
  EXPECT_EQ(motion_entries(), 2U);
}

TEST_F(ExtractorMotion, HasItsOwnEntryForEachSpan) {
  (void)testing::extract_sources(both(), {{clips[0], 0, 0.5}, {clips[0], 0.5}, {clips[0]}});
  EXPECT_EQ(motion_entries(), 3U);
}

TEST_F(ExtractorMotion, IsComputedAgainWhereItsEntryIsDamaged) {
  const auto expected = extract(both(), {clips[0]}).features.at(0).at("square/cuboids");
  const fs::path entry = entries_in(cache / motion_folder).at(0);
  fs::resize_file(entry, fs::file_size(entry) / 2);
  EXPECT_TRUE(
      same_bytes(extract(both(), {clips[0]}).features.at(0).at("square/cuboids"), expected));
}

TEST_F(ExtractorMotion, IsTheSameWithoutACache) {
  const auto cached = extract(both(), clips).features.at(0).at("whole/cuboids");
  ExtractOptions options = both();
  options.cache_dir.clear();
  EXPECT_TRUE(same_bytes(extract(options, clips).features.at(0).at("whole/cuboids"), cached));
}

TEST_F(ExtractorMotion, IsTheSameWithAnyNumberOfDecoders) {
  ExtractOptions options = both();
  options.cache_dir.clear();
  options.decoders = 1;
  const auto one = extract(options, clips).features.at(1).at("whole/cuboids");
  options.decoders = 3;
  EXPECT_TRUE(same_bytes(extract(options, clips).features.at(1).at("whole/cuboids"), one));
}

TEST_F(ExtractorMotion, RejectsWhatIsNoVideo) {
  clips.push_back(testing::make_junk(dir / "junk.avi"));
  EXPECT_EQ(extract(alone(), clips).report.unusable.size(), 1U);
}

}  // namespace
}  // namespace vidclass::features

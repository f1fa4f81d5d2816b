#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "features/stored_features.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using vidclass::testing::TempDir;

class StoredFeaturesOf : public ::testing::Test {
protected:
  StoredFeaturesOf() {
    cache_.store("aa1", {{"avg", Tensor::from<float>({1, 2}, std::vector<float>{1, 2})}});
    cache_.store("bb2", {{"avg", Tensor::from<float>({2, 2}, std::vector<float>{3, 4, 5, 6})}});
  }

  static Tensor average(NamedTensors entry) { return std::move(entry.at("avg")); }

  TempDir dir_;
  FeatureCache cache_{dir_.path()};
};

TEST_F(StoredFeaturesOf, ReadsTheClipsInTheOrderOfTheirKeys) {
  const StoredFeatures features(cache_, {"bb2", "aa1"}, average);
  ASSERT_EQ(features.size(), 2U);
  EXPECT_EQ(features.features(0)->shape(), (Shape{2, 2}));
  EXPECT_EQ(features.features(1)->data<float>()[1], 2);
}

TEST_F(StoredFeaturesOf, KeepsWhatWasReadForAsLongAsItIsHeld) {
  const StoredFeatures features(cache_, {"aa1"}, average);
  const auto held = features.features(0);
  std::filesystem::remove_all(dir_.path());
  EXPECT_EQ(held->data<float>()[0], 1);
}

TEST_F(StoredFeaturesOf, NamesAnEntryThatHasGone) {
  const StoredFeatures features(cache_, {"aa1", "cc3"}, average);
  try {
    static_cast<void>(features.features(1));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cc3"), std::string::npos);
  }
}

}  // namespace
}  // namespace vidclass::features

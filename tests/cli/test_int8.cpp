// int8 from the command line, with the network that needs no weights.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

/// Commands that share one user's cache folder.
class Int8Program : public ::testing::Test {
protected:
  Result run_here(Arguments words) const {
    words.insert(words.end(), {"--backbone", "mini", "--json"});
    return run(words, {{"XDG_CACHE_HOME", cache_.path()}});
  }
  TempDir cache_;
};

TEST_F(Int8Program, CalibratesByItselfOnceAndKeepsIt) {
  const Result first = run_here({"extract", demo_clips(), "--precision", "int8"});
  EXPECT_EQ(first.json().at("precision"), "int8");
  EXPECT_NE(first.err.find("calibrated"), std::string::npos);
  EXPECT_EQ(files_below(cache_ / "vidclass/calibrations").size(), 1U);
  const Result second = run_here({"extract", demo_clips(), "--precision", "int8"});
  EXPECT_EQ(second.json().at("cached"), 32);
  EXPECT_EQ(second.err.find("calibrated"), std::string::npos);
}

TEST_F(Int8Program, QuantiseSaysHowWellItAgreesWithF32) {
  const Json document = run_here({"backbone", "quantise", "--calibrate", demo_clips()}).json();
  EXPECT_GT(document.at("cosine").at("mean"), 0.99);
  EXPECT_TRUE(std::filesystem::exists(document.at("path").get<std::string>()));
}

TEST_F(Int8Program, AModelOfInt8FeaturesPredictsWithItsOwnCalibration) {
  const std::string model = cache_ / "model.safetensors";
  ASSERT_EQ(
      run_here({"train", demo_clips(), "--precision", "int8", "--epochs", "2", "-o", model}).status,
      0);
  // Another user, who has no calibration.
  const Result result = run({"predict", model, demo_clip("Rise"), "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(Int8Program, TheLimitThatTheBenchFoundIsToldByExtract) {
  const Arguments bench{"bench",         "precision", demo_clips(), "--precision", "f32",
                        "--no-accuracy", "--seconds", "0.1",        "--rounds",    "1"};
  const Arguments extract{"extract", demo_clips(), "--precision", "f32"};
  const std::string features = cache_ / "vidclass/features";
  EXPECT_FALSE(run_here(extract).json().contains("share_of_limit"));
  std::filesystem::remove_all(features);
  ASSERT_EQ(run_here(bench).status, 0);
  const double share = run_here(extract).json().at("share_of_limit");
  EXPECT_GT(share, 0);
}

TEST_F(Int8Program, ParetoTellsEachNetworkAndDrawsThem) {
  const std::string picture = cache_ / "picture.svg";
  const Json document =
      run({"bench", "pareto", demo_clips(), "--networks", "mini,mini@32:int8", "--seconds", "0.1",
           "--rounds", "1", "--seeds", "1", "-o", picture, "--json"},
          {{"XDG_CACHE_HOME", cache_.path()}})
          .json();
  const Json& networks = document.at("networks");
  ASSERT_EQ(networks.size(), 2U);
  EXPECT_EQ(networks[0].at("size"), 64);
  EXPECT_EQ(networks[1].at("size"), 32);
  EXPECT_EQ(networks[1].at("precision"), "int8");
  EXPECT_TRUE(networks[0].at("on_front").get<bool>() || networks[1].at("on_front").get<bool>());
  EXPECT_TRUE(std::filesystem::exists(picture));
}

TEST_F(Int8Program, ParetoRefusesNetworksThatItDoesNotKnow) {
  expect_wrong_use(run({"bench", "pareto", demo_clips(), "--networks", "lite0,resnet"}),
                   {"resnet", "choose xception, lite0"});
}

TEST_F(Int8Program, QuantiseNeedsClips) {
  expect_wrong_use(run({"backbone", "quantise"}), {"--calibrate"});
}

}  // namespace
}  // namespace vidclass::cli::testing

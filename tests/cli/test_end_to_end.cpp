// From clips to a score worth having.
#include <gtest/gtest.h>

#include "demo.hpp"
#include "support/shared_data.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

TEST(TheWholeJob, TellsGeneratedClipsApartByTheOrderOfTheirFrames) {
  const TempDir dir;
  ASSERT_EQ(run({"generate", dir / "clips"}).status, 0);
  const Result result = run(
      {"run", dir / "clips", "-o", dir / "out", "--backbone", "mini", "--no-compare", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json document = result.json();
  const double gru = document.at("evaluate").at("top1").get<double>();
  const double mean = document.at("evaluate").at("baseline").at("top1").get<double>();
  EXPECT_GE(gru, 0.95);
  EXPECT_GE(gru, mean + 0.20);
}

/// Clips 1 to `count` of a group of UCF101, as lines of a CSV.
std::string lines_for(const std::string& label, const std::string& group, int count,
                      const std::string& split) {
  const fs::path folder = fs::absolute(vidclass::testing::shared_data() / "ucf101" / label);
  std::string lines;
  for (int clip = 1; clip <= count; ++clip) {
    const std::string name = "v_" + label + "_g" + group + "_c0" + std::to_string(clip) + ".avi";
    lines += (folder / name).string() + "," + label + "," + split + "\n";
  }
  return lines;
}

TEST(TheWholeJob, WorksOnRealClipsWithPublishedWeights) {
  VIDCLASS_NEED_SHARED_DATA();
  const TempDir dir;
  std::string csv = "path,label,split\n";
  for (const char* label : {"Punch", "YoYo"}) {
    csv += lines_for(label, "01", 2, "test") + lines_for(label, "02", 1, "val") +
           lines_for(label, "03", 3, "train");
  }
  write_text(dir / "clips.csv", csv);
  const Environment weights{
      {"VIDCLASS_WEIGHTS_DIR", fs::absolute(vidclass::testing::shared_data() / "weights")},
      {"XDG_CACHE_HOME", dir / "cache"}};

  const Result trained = run({"run", dir / "clips.csv", "-o", dir / "out", "--frames", "4",
                              "--epochs", "10", "--no-compare", "--json"},
                             weights);
  ASSERT_EQ(trained.status, 0) << trained.err;
  const Json document = trained.json();
  // Four of each clip, and of the eight that are not for testing two more that are faded.
  EXPECT_EQ(document.at("extract").at("frames"), 12 * 4 + 8 * 2);
  EXPECT_EQ(document.at("evaluate").at("clips"), 4);
  EXPECT_GE(document.at("evaluate").at("top1").get<double>(), 0);

  const fs::path clip = vidclass::testing::shared_data() / "ucf101/YoYo/v_YoYo_g04_c01.avi";
  const Result named = run({"predict", dir / "out/model.safetensors", clip, "--json"}, weights);
  ASSERT_EQ(named.status, 0) << named.err;
  double sum = 0;
  const Json labelled = named.json();
  for (const Json& prediction : labelled.at("clips")[0].at("predictions")) {
    sum += prediction.at("probability").get<double>();
  }
  EXPECT_NEAR(sum, 1, 1e-4);

  const Result explained =
      run({"explain", dir / "out/model.safetensors", clip, "--steps", "2", "--json"}, weights);
  ASSERT_EQ(explained.status, 0) << explained.err;
  // What its places add up to are the features that were classified.
  const Json explanation = explained.json().at("clips")[0];
  for (const Json& prediction : labelled.at("clips")[0].at("predictions")) {
    if (prediction.at("label") != explanation.at("label")) continue;
    EXPECT_NEAR(explanation.at("probability").get<double>(),
                prediction.at("probability").get<double>(), 0.03);
  }
}

}  // namespace
}  // namespace vidclass::cli::testing

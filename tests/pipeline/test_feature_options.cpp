// The options of features as the rooms below take them.
#include <gtest/gtest.h>
#include <sched.h>

#include "fixtures.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

/// No launcher started this process.
class OptionsOfFeatures : public ::testing::Test {
protected:
  OptionsOfFeatures() { (void)user_cache(); }

  static features::ExtractOptions of(const FeatureOptions& options,
                                     const MachineOptions& machine = {}) {
    return extract_options(options, machine);
  }
  static std::string refusal(const FeatureOptions& options) {
    return message_of<UsageError>([&] { (void)of(options); });
  }

  const Variable world_{"WORLD_SIZE", nullptr};
  const Variable rank_{"RANK", nullptr};
};

TEST_F(OptionsOfFeatures, CropToWhatMovesByDefault) { EXPECT_EQ(of({}).clip.crop, Crop::motion); }

TEST_F(OptionsOfFeatures, TakeTheMiddleOfTheKerasExamplesFrames) {
  EXPECT_EQ(of({.preprocess = Preprocess::keras}).clip.crop, Crop::centre);
}

TEST_F(OptionsOfFeatures, PoolByMotionByDefault) { EXPECT_TRUE(of({}).backbone.motion); }

TEST_F(OptionsOfFeatures, PoolTheMapInTheMiddleByDefault) { EXPECT_TRUE(of({}).backbone.middle); }

TEST_F(OptionsOfFeatures, TakeByDefaultWhatANetworkWithoutAMiddleMapHas) {
  const auto options = of({.backbone = "mini"});
  EXPECT_TRUE(options.backbone.motion);
  EXPECT_FALSE(options.backbone.middle);
}

TEST_F(OptionsOfFeatures, RefuseToPoolTheMiddleOfANetworkWithoutSuchAMap) {
  const auto message = refusal({.backbone = "mini", .pooling = PoolingChoice::avg_motion_middle});
  EXPECT_TRUE(has(message, "pooling avg,motion,middle: this network has no map in the middle"))
      << message;
}

TEST_F(OptionsOfFeatures, SayWhichPoolingWouldBeRightWithoutMotion) {
  const auto message = refusal({.backbone = "mini", .pooling = PoolingChoice::avg_middle});
  EXPECT_TRUE(message.ends_with("choose avg")) << message;
}

TEST_F(OptionsOfFeatures, LeaveItToAFileWhetherItHasAMapInTheMiddle) {
  const auto by_default = of({.backbone = "net.onnx"});
  EXPECT_TRUE(by_default.backbone.middle);
  EXPECT_FALSE(by_default.backbone.needs_middle);
  const auto asked = of({.backbone = "net.onnx", .pooling = PoolingChoice::avg_middle});
  EXPECT_TRUE(asked.backbone.needs_middle);
}

TEST_F(OptionsOfFeatures, NameTheMapInTheMiddleOfAFile) {
  EXPECT_EQ(of({.backbone = "net.onnx", .middle = "layer3"}).backbone.file->middle, "layer3");
}

TEST_F(OptionsOfFeatures, PoolNothingMoreWhereTheAverageAloneIsAskedFor) {
  const auto options = of({.pooling = PoolingChoice::avg});
  EXPECT_FALSE(options.backbone.motion || options.backbone.middle);
}

TEST_F(OptionsOfFeatures, RefuseAMeanForXception) {
  const auto message = refusal({.mean = {{1, 2, 3}}});
  EXPECT_TRUE(has(message, "mean is for networks of files")) << message;
}

TEST_F(OptionsOfFeatures, RefuseAScaleForXception) {
  const auto message = refusal({.scale = {{1, 2, 3}}});
  EXPECT_TRUE(has(message, "scale is for networks of files")) << message;
}

TEST_F(OptionsOfFeatures, RefuseALayoutForXception) {
  const auto message = refusal({.input_layout = InputLayout::channels_last});
  EXPECT_TRUE(has(message, "input-layout is for networks of files")) << message;
}

TEST_F(OptionsOfFeatures, RefuseATensorsNameForXception) {
  const auto message = refusal({.feature = "pool"});
  EXPECT_TRUE(has(message, "feature is for networks of files")) << message;
}

TEST_F(OptionsOfFeatures, GiveANetworkOfAFileWhatItIsGiven) {
  const auto file =
      of({.backbone = "net.onnx", .mean = {{1, 2, 3}}, .feature = "pool"}).backbone.file.value();
  EXPECT_EQ(file.mean, (std::array<double, 3>{1, 2, 3}));
  EXPECT_EQ(file.feature, "pool");
}

TEST_F(OptionsOfFeatures, NormaliseForANetworkOfAFileAsForImageNet) {
  EXPECT_EQ(of({.backbone = "net.onnx"}).backbone.file.value().mean,
            (std::array<double, 3>{123.675, 116.28, 103.53}));
}

TEST_F(OptionsOfFeatures, NameANetworkOfAFileByItsWholePath) {
  EXPECT_TRUE(of({.backbone = "net.xml"}).backbone.file.value().path.is_absolute());
}

TEST_F(OptionsOfFeatures, RefuseAnUnknownNetwork) {
  const auto message = refusal({.backbone = "resnet"});
  EXPECT_TRUE(has(message, "unknown backbone \"resnet\"")) << message;
}

TEST_F(OptionsOfFeatures, RefuseInt8OnCuda) {
  const auto message = refusal({.precision = Precision::int8, .device = "cuda:1"});
  EXPECT_TRUE(has(message, "int8 does not run on cuda:1")) << message;
}

TEST_F(OptionsOfFeatures, HaveAnEngineOfTheirOwnOnCuda) {
  EXPECT_TRUE(of({.device = "cuda"}).backbone.engine);
}

TEST_F(OptionsOfFeatures, CallEveryCudaDeviceTheSame) {
  EXPECT_EQ(of({.device = "cuda:1"}).backbone.device, "cuda");
}

TEST_F(OptionsOfFeatures, LeaveTheCpuToOpenVino) { EXPECT_FALSE(of({}).backbone.engine); }

TEST_F(OptionsOfFeatures, KeepFeaturesWithTheUserWhereNoFolderIsNamed) {
  EXPECT_EQ(of({}).cache_dir, user_cache() / "vidclass" / "features");
}

TEST_F(OptionsOfFeatures, KeepFeaturesInTheFolderThatIsNamed) {
  EXPECT_EQ(of({}, {.cache = "here"}).cache_dir, "here");
}

TEST_F(OptionsOfFeatures, TakeTheRankThatALauncherGives) {
  const Variable size("WORLD_SIZE", "4");
  const Variable rank("RANK", "2");
  const auto options = of({.backbone = "mini"});
  EXPECT_EQ(options.rank, 2);
  EXPECT_EQ(options.ranks, 4);
}

TEST_F(OptionsOfFeatures, RefuseALauncherThatGivesNoRank) {
  const Variable size("WORLD_SIZE", "4");
  const auto message = refusal({.backbone = "mini"});
  EXPECT_TRUE(has(message, "RANK")) << message;
}

TEST(RankOfExtraction, TakesItsShareOfTheThreads) {
  features::ExtractOptions options;
  take_rank(options, {.rank = 1, .count = 10000});
  EXPECT_EQ(options.backbone.threads, 1);
}

TEST(RankOfExtraction, SharesThreadsWithThoseOnItsMachineOnly) {
  cpu_set_t set;
  ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
  features::ExtractOptions options;
  take_rank(options, {.rank = 1, .count = 10000, .local_count = 1});
  EXPECT_EQ(options.backbone.threads, CPU_COUNT(&set));
}

TEST(RankOfExtraction, KeepsTheThreadsThatWereAskedFor) {
  features::ExtractOptions options;
  options.backbone.threads = 3;
  take_rank(options, {.rank = 1, .count = 10000});
  EXPECT_EQ(options.backbone.threads, 3);
}

TEST(RankOfExtraction, KeepsTheDecodersThatWereAskedFor) {
  features::ExtractOptions options;
  options.decoders = 5;
  take_rank(options, {.rank = 0, .count = 2});
  EXPECT_EQ(options.decoders, 5);
}

class PoolingNames : public ::testing::TestWithParam<PoolingChoice> {};

TEST_P(PoolingNames, AreReadBack) { EXPECT_EQ(pooling_from(to_string(GetParam())), GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, PoolingNames,
                         ::testing::Values(PoolingChoice::automatic, PoolingChoice::avg,
                                           PoolingChoice::avg_motion, PoolingChoice::avg_middle,
                                           PoolingChoice::avg_motion_middle));

TEST(PoolingName, IsRefusedWithTheChoicesWhereItIsUnknown) {
  const auto message = message_of<UsageError>([] { (void)pooling_from("max"); });
  EXPECT_TRUE(has(message, "unknown pooling \"max\": choose auto")) << message;
}

}  // namespace
}  // namespace vidclass::pipeline::testing

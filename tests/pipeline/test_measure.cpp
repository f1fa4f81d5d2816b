// The precisions of a network on this machine, and the calibration of int8.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/calibrate.hpp"
#include "pipeline/feature_options.hpp"
#include "pipeline/measure.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

TEST(SpreadOfValues, HasTheMiddleOneOfAnOddNumber) { EXPECT_EQ(spread_of({5, 1, 2}).median, 2); }

TEST(SpreadOfValues, HasTheMeanOfTheMiddleTwoOfAnEvenNumber) {
  EXPECT_EQ(spread_of({4, 1, 2, 10}).median, 3);
}

TEST(SpreadOfValues, HasTheLeastAndTheMost) {
  const Spread spread = spread_of({4, 1, 10});
  EXPECT_EQ(spread.least, 1);
  EXPECT_EQ(spread.most, 10);
}

TEST(MeasuredShares, AreWorkTimesSpeedOverPeak) {
  MeasuredNetwork measured;
  measured.work = 2;
  measured.speeds = {10, 30};
  measured.peaks = {40, 80};
  EXPECT_EQ(measured.shares(), (std::vector<double>{0.5, 0.75}));
}

TEST(NetworkToMeasure, MayHaveASizeAndAPrecision) {
  const NetworkSetting plain = network_setting_from("lite0");
  EXPECT_EQ(plain.network, "lite0");
  EXPECT_EQ(plain.size, 0);
  EXPECT_EQ(plain.precision, Precision::automatic);
  const NetworkSetting all = network_setting_from("xception@224:int8");
  EXPECT_EQ(all.network, "xception");
  EXPECT_EQ(all.size, 224);
  EXPECT_EQ(all.precision, Precision::int8);
}

TEST(NetworkToMeasure, MayBeAFile) {
  EXPECT_EQ(network_setting_from("a@home/net.onnx").network, "a@home/net.onnx");
  EXPECT_EQ(network_setting_from("net.onnx@96:f32").size, 96);
}

TEST(NetworkToMeasure, IsRefusedWhereItIsUnknown) {
  for (const char* text : {"", "resnet", "lite0@", "lite0@x", "lite0@0", "lite0@64:half", ":f32"}) {
    EXPECT_THROW((void)network_setting_from(text), UsageError) << text;
  }
}

MeasuredNetwork measured_with(double speed, double top1) {
  MeasuredNetwork one;
  one.speeds = {speed};
  one.test_top1 = {top1};
  return one;
}

TEST(FrontOfNetworks, HasThoseThatNoneBeatsInBoth) {
  std::vector<MeasuredNetwork> all{measured_with(10, 0.9), measured_with(100, 0.8),
                                   measured_with(50, 0.7), measured_with(10, 0.8)};
  find_front(all);
  EXPECT_TRUE(all[0].on_front);
  EXPECT_TRUE(all[1].on_front);
  EXPECT_FALSE(all[2].on_front);
  EXPECT_FALSE(all[3].on_front);
}

TEST(FrontOfNetworks, HasBothOfEqualOnes) {
  std::vector<MeasuredNetwork> all{measured_with(10, 0.9), measured_with(10, 0.9)};
  find_front(all);
  EXPECT_TRUE(all[0].on_front && all[1].on_front);
}

TEST(FrontOfNetworks, HasNoneWithoutAnAccuracy) {
  std::vector<MeasuredNetwork> all(1);
  all[0].speeds = {10};
  find_front(all);
  EXPECT_FALSE(all[0].on_front);
}

class Measurement : public ::testing::Test {
protected:
  const TempDir dir_;
  MeasureRequest request_{.data = {.data = put_video_csv(dir_ / "d.csv")},
                          .features = mini_features(dir_ / "cache"),
                          .seconds = 0.001,
                          .rounds = 2,
                          .accuracy = false};
};

// Finding the quickest matrix product takes seconds, so that there is but one of these.
TEST_F(Measurement, HasASpeedForEachRoundOfThePrecisionThatIsAskedFor) {
  request_.features.backbone.precision = Precision::f32;
  Heard heard;
  const auto outcome = measure(request_, heard.hooks());
  ASSERT_EQ(outcome.networks.size(), 1U);
  EXPECT_EQ(outcome.networks[0].precision, Precision::f32);
  EXPECT_EQ(outcome.networks[0].speeds.size(), 2U);
  EXPECT_TRUE(heard.named_stage("measure"));
}

TEST_F(Measurement, RefusesAPictureWithoutAccuracies) {
  request_.output = dir_ / "picture.svg";
  EXPECT_THROW((void)measure(request_), UsageError);
}

TEST_F(Measurement, RefusesItsDataAsPicture) {
  request_.accuracy = true;
  request_.output = request_.data.data;
  const auto message = message_of<UsageError>([&] { (void)measure(request_); });
  EXPECT_TRUE(has(message, "would be overwritten")) << message;
}

TEST_F(Measurement, RefusesCuda) {
  set_device("cuda", request_.features.backbone.device, request_.features.backbone.engine);
  const auto message = message_of<UsageError>([&] { (void)measure(request_); });
  EXPECT_TRUE(has(message, "the device cannot be cuda")) << message;
}

TEST_F(Measurement, StopsOnRequest) {
  EXPECT_THROW((void)measure(request_, cancelled()), Cancelled);
}

class CalibrationOfClips : public ::testing::Test {
protected:
  const TempDir dir_;
  CalibrateRequest request_{.data = {.data = put_video_csv(dir_ / "d.csv")},
                            .features = mini_features(dir_ / "cache"),
                            .output = dir_ / "ranges.safetensors"};
};

TEST_F(CalibrationOfClips, KeepsEveryFourthClipBack) {
  EXPECT_EQ(calibrate(request_).clips, 9U);  // of 12
}

TEST_F(CalibrationOfClips, ComparesInt8WithF32OnTheClipsKeptBack) {
  const auto outcome = calibrate(request_);
  EXPECT_TRUE(outcome.agreement);
  EXPECT_GT(outcome.compared_frames, 0U);
}

TEST_F(CalibrationOfClips, ComparesNothingWhereThereAreTooFewClips) {
  request_.data.data = put(dir_ / "few.csv", "path,label\n" + video_of("Rise").string() +
                                                 ",Rise\n" + video_of("Fall").string() + ",Fall\n");
  EXPECT_FALSE(calibrate(request_).agreement);
}

TEST_F(CalibrationOfClips, WritesTheFileThatItNames) {
  EXPECT_EQ(calibrate(request_).path, request_.output);
  EXPECT_TRUE(fs::exists(request_.output));
}

TEST_F(CalibrationOfClips, WritesWhereInt8LooksUnlessToldOtherwise) {
  request_.output.clear();
  request_.features.backbone.calibration_dir = dir_ / "calibrations";
  EXPECT_EQ(calibrate(request_).path.parent_path(), dir_ / "calibrations");
}

TEST_F(CalibrationOfClips, RefusesItsDataAsOutput) {
  request_.output = request_.data.data;
  const auto message = message_of<UsageError>([&] { (void)calibrate(request_); });
  EXPECT_TRUE(has(message, "would be overwritten")) << message;
}

TEST_F(CalibrationOfClips, RefusesItsModelAsOutput) {
  request_.model = put(dir_ / "m.safetensors");
  request_.output = request_.model;
  EXPECT_THROW((void)calibrate(request_), UsageError);
}

TEST_F(CalibrationOfClips, RefusesCuda) {
  set_device("cuda", request_.features.backbone.device, request_.features.backbone.engine);
  EXPECT_THROW((void)calibrate(request_), UsageError);
}

TEST_F(CalibrationOfClips, StopsOnRequest) {
  EXPECT_THROW((void)calibrate(request_, cancelled()), Cancelled);
  EXPECT_FALSE(fs::exists(request_.output));
}

}  // namespace
}  // namespace vidclass::pipeline::testing

// Every number against scikit-learn's, on random and on degenerate predictions.
// reference.json is written by make_reference.py.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/json.hpp"
#include "evaluate/bootstrap.hpp"
#include "evaluate/calibration.hpp"
#include "evaluate/mcnemar.hpp"
#include "evaluate/metrics.hpp"

namespace vidclass::evaluate {
namespace {

constexpr double tolerance = 1e-9;

const Json& reference() {
  static const Json document = parse_json(
      read_text_file(std::filesystem::path(VIDCLASS_TESTS_DIR) / "evaluate/reference.json"));
  return document;
}

class Reference : public ::testing::TestWithParam<std::size_t> {
protected:
  [[nodiscard]] static const Json& expected() { return reference().at("cases").at(GetParam()); }
  [[nodiscard]] static Tensor tensor(const char* key) {
    const auto rows = expected().at(key).get<std::vector<std::vector<float>>>();
    std::vector<float> values;
    for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
    return Tensor::from<float>({rows.size(), rows.at(0).size()}, values);
  }
  [[nodiscard]] static std::vector<std::size_t> labels() { return expected().at("labels"); }
  [[nodiscard]] static Metrics metrics() {
    return compute_metrics(tensor("probabilities"), labels());
  }
  [[nodiscard]] static double number(const char* group, const char* key) {
    return expected().at(group).at(key).get<double>();
  }
  static void expect_near(const std::vector<double>& values, const char* key) {
    const auto wanted = expected().at(key).get<std::vector<double>>();
    ASSERT_EQ(values.size(), wanted.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], wanted[i], tolerance);
  }
  template <typename Member>
  [[nodiscard]] static std::vector<double> of_classes(Member member) {
    std::vector<double> values;
    for (const ClassMetrics& of_class : metrics().classes) {
      values.push_back(static_cast<double>(of_class.*member));
    }
    return values;
  }
};

TEST_P(Reference, Top1IsAccuracyScore) {
  EXPECT_NEAR(metrics().top1, number("scores", "top1"), tolerance);
}
TEST_P(Reference, Top5IsTopKAccuracyScore) {
  EXPECT_NEAR(metrics().top5, number("scores", "top5"), tolerance);
}
TEST_P(Reference, MeanClassAccuracyIsBalancedAccuracyScore) {
  EXPECT_NEAR(metrics().mean_class_accuracy, number("scores", "mean_class_accuracy"), tolerance);
}
TEST_P(Reference, LossIsLogLoss) {
  EXPECT_NEAR(metrics().loss, number("scores", "loss"), tolerance);
}
TEST_P(Reference, ConfusionIsConfusionMatrix) {
  const std::vector<std::vector<std::size_t>> wanted = expected().at("confusion");
  EXPECT_EQ(metrics().confusion, wanted);
}
TEST_P(Reference, PrecisionIsThatOfPrecisionRecallFscoreSupport) {
  expect_near(of_classes(&ClassMetrics::precision), "precision");
}
TEST_P(Reference, RecallIsThatOfPrecisionRecallFscoreSupport) {
  expect_near(of_classes(&ClassMetrics::recall), "recall");
}
TEST_P(Reference, F1IsThatOfPrecisionRecallFscoreSupport) {
  expect_near(of_classes(&ClassMetrics::f1), "f1");
}
TEST_P(Reference, SupportIsThatOfPrecisionRecallFscoreSupport) {
  expect_near(of_classes(&ClassMetrics::support), "support");
}

TEST_P(Reference, ReliabilityIsThatOfCalibrationCurve) {
  const auto calibration =
      compute_calibration(tensor("probabilities"), labels(), reference().at("bins"));
  const Json& wanted = expected().at("calibration");
  EXPECT_NEAR(calibration.ece, wanted.at("ece").get<double>(), tolerance);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < calibration.bins.size(); ++i) {
    const ReliabilityBin& bin = calibration.bins[i];
    EXPECT_EQ(bin.clips, wanted.at("clips").at(i).get<std::size_t>());
    if (bin.clips == 0) continue;
    EXPECT_NEAR(bin.accuracy, wanted.at("accuracy").at(filled).get<double>(), tolerance);
    EXPECT_NEAR(bin.confidence, wanted.at("confidence").at(filled).get<double>(), tolerance);
    ++filled;
  }
  EXPECT_EQ(filled, wanted.at("accuracy").size());
}

TEST_P(Reference, IntervalsAreQuantilesOfTheSameResamples) {
  const std::vector<std::string> groups = expected().at("groups");
  const auto intervals = bootstrap(tensor("probabilities"), labels(), groups,
                                   {.resamples = reference().at("resamples"),
                                    .level = reference().at("level"),
                                    .seed = reference().at("seed")});
  const Json& wanted = expected().at("bootstrap");
  EXPECT_EQ(intervals.groups, wanted.at("groups").get<std::size_t>());
  const auto expect_interval = [&](const Interval& interval, const char* key) {
    EXPECT_NEAR(interval.low, wanted.at(key).at(0).get<double>(), tolerance) << key;
    EXPECT_NEAR(interval.high, wanted.at(key).at(1).get<double>(), tolerance) << key;
  };
  expect_interval(intervals.top1, "top1");
  expect_interval(intervals.top5, "top5");
  expect_interval(intervals.mean_class_accuracy, "mean_class_accuracy");
  expect_interval(intervals.loss, "loss");
}

TEST_P(Reference, McNemarIsBinomtest) {
  const McNemar test = mcnemar(tensor("probabilities"), tensor("other"), labels());
  EXPECT_EQ(test.only_first, expected().at("mcnemar").at("only_first").get<std::size_t>());
  EXPECT_EQ(test.only_second, expected().at("mcnemar").at("only_second").get<std::size_t>());
  EXPECT_NEAR(test.p_value, number("mcnemar", "p_value"), tolerance);
}

INSTANTIATE_TEST_SUITE_P(Cases, Reference,
                         ::testing::Range(std::size_t{0}, reference().at("cases").size()),
                         [](const ::testing::TestParamInfo<std::size_t>& each) {
                           std::string name = reference().at("cases").at(each.param).at("name");
                           std::erase_if(name, [](char c) {
                             return std::isalnum(static_cast<unsigned char>(c)) == 0;
                           });
                           return name;
                         });

}  // namespace
}  // namespace vidclass::evaluate

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "evaluate/metrics.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

using Labels = std::vector<std::size_t>;

Metrics metrics(const Shape& shape, const std::vector<float>& probabilities, const Labels& labels) {
  return compute_metrics(Tensor::from<float>(shape, probabilities), labels);
}

/// Four clips of three labels: right, right, taken for label 2, taken for label 0.
Metrics example() {
  return metrics({4, 3},
                 {0.7F, 0.2F, 0.1F,  //
                  0.1F, 0.8F, 0.1F,  //
                  0.2F, 0.3F, 0.5F,  //
                  0.6F, 0.15F, 0.25F},
                 {0, 1, 1, 2});
}

TEST(Metrics, CountTheClips) { EXPECT_EQ(example().clips, 4U); }

TEST(Metrics, Top1IsTheShareOfRightAnswers) { EXPECT_DOUBLE_EQ(example().top1, 0.5); }

TEST(Metrics, Top5OfFewerThanFiveLabelsIsOne) { EXPECT_DOUBLE_EQ(example().top5, 1); }

TEST(Metrics, MeanClassAccuracyWeighsClassesEqually) {
  EXPECT_DOUBLE_EQ(example().mean_class_accuracy, (1.0 + 0.5 + 0.0) / 3);
}

TEST(Metrics, LossIsTheMeanNegativeLogarithm) {
  EXPECT_NEAR(example().loss, -(std::log(0.7) + std::log(0.8) + std::log(0.3) + std::log(0.25)) / 4,
              1e-7);
}

TEST(Metrics, ConfusionHasTrueLabelsInRows) {
  const std::vector<std::vector<std::size_t>> expected{{1, 0, 0}, {0, 1, 1}, {1, 0, 0}};
  EXPECT_EQ(example().confusion, expected);
}

TEST(Metrics, Top5CountsTheFifthMostProbable) {
  EXPECT_DOUBLE_EQ(metrics({1, 6}, {0.3F, 0.25F, 0.2F, 0.15F, 0.06F, 0.04F}, {4}).top5, 1);
}

TEST(Metrics, Top5LeavesOutTheSixthMostProbable) {
  EXPECT_DOUBLE_EQ(metrics({1, 6}, {0.3F, 0.25F, 0.2F, 0.15F, 0.06F, 0.04F}, {5}).top5, 0);
}

TEST(Metrics, OfATieNameTheLowerIndex) {
  EXPECT_DOUBLE_EQ(metrics({1, 2}, {0.5F, 0.5F}, {0}).top1, 1);
}

TEST(Metrics, OfATieDoNotNameTheHigherIndex) {
  const Metrics tie = metrics({1, 2}, {0.5F, 0.5F}, {1});
  EXPECT_DOUBLE_EQ(tie.top1, 0);
  EXPECT_EQ(tie.confusion[1][0], 1U);
}

TEST(Metrics, OfATieOfAllLabelsGiveTop5ToTheFirstFive) {
  const std::vector<float> equal(12, 1.0F / 6);
  EXPECT_DOUBLE_EQ(metrics({2, 6}, equal, {4, 5}).top5, 0.5);
}

TEST(Metrics, LeaveAbsentClassesOutOfTheMeanClassAccuracy) {
  EXPECT_DOUBLE_EQ(metrics({2, 3}, {1, 0, 0, 0, 1, 0}, {0, 0}).mean_class_accuracy, 0.5);
}

TEST(Metrics, OfOneRightClipAreOneWithoutLoss) {
  const Metrics one = metrics({1, 2}, {0, 1}, {1});
  EXPECT_DOUBLE_EQ(one.top1, 1);
  EXPECT_DOUBLE_EQ(one.mean_class_accuracy, 1);
  EXPECT_DOUBLE_EQ(one.loss, 0);
}

TEST(Metrics, BoundTheLossOfAnImpossibleLabel) {
  EXPECT_NEAR(metrics({1, 2}, {1, 0}, {1}).loss, -std::log(1e-7), 1e-9);
}

TEST(Metrics, HaveNoNegativeLossByRounding) {
  EXPECT_GE(metrics({1, 2}, {0, std::nextafter(1.0F, 2.0F)}, {1}).loss, 0);
}

TEST(Metrics, OfNoClipAreAnError) { EXPECT_THROW((void)metrics({0, 3}, {}, {}), Error); }

TEST(Metrics, OfFewerLabelsThanClipsAreAnError) {
  EXPECT_THROW((void)metrics({2, 2}, {1, 0, 1, 0}, {0}), Error);
}

TEST(Metrics, OfMoreLabelsThanClipsAreAnError) {
  EXPECT_THROW((void)metrics({1, 2}, {1, 0}, {0, 0}), Error);
}

TEST(Metrics, OfAnotherRankAreAnError) { EXPECT_THROW((void)metrics({2}, {1, 0}, {0, 0}), Error); }

TEST(Metrics, OfAnotherElementTypeAreAnError) {
  const auto doubles = Tensor::from<double>({1, 2}, std::vector<double>{1, 0});
  EXPECT_THROW((void)compute_metrics(doubles, Labels{0}), Error);
}

TEST(Metrics, OfALabelOutOfRangeAreAnError) {
  EXPECT_THROW((void)metrics({1, 2}, {1, 0}, {2}), Error);
}

TEST(Metrics, OfSomethingThatIsNoNumberAreAnError) {
  EXPECT_THROW((void)metrics({1, 2}, {std::numeric_limits<float>::quiet_NaN(), 0}, {0}), Error);
}

TEST(MajorityShare, IsTheShareOfTheMostFrequentLabel) {
  EXPECT_DOUBLE_EQ(majority_share(Labels{2, 0, 2, 1, 2}, 3), 0.6);
}

TEST(MajorityShare, OfOneLabelIsOne) { EXPECT_DOUBLE_EQ(majority_share(Labels{1, 1}, 4), 1); }

TEST(MajorityShare, OfNoClipIsAnError) { EXPECT_THROW((void)majority_share({}, 3), Error); }

TEST(MajorityShare, OfALabelOutOfRangeIsAnError) {
  EXPECT_THROW((void)majority_share(Labels{0, 3}, 3), Error);
}

TEST(MeanAndDeviation, AreThoseOfASample) {
  const MeanAndDeviation result = mean_and_deviation(std::vector<double>{1, 2, 3, 6});
  EXPECT_DOUBLE_EQ(result.mean, 3);
  EXPECT_DOUBLE_EQ(result.deviation, std::sqrt(14.0 / 3));
}

TEST(MeanAndDeviation, OfOneValueHaveNoDeviation) {
  EXPECT_DOUBLE_EQ(mean_and_deviation(std::vector<double>{0.7}).deviation, 0);
}

}  // namespace
}  // namespace vidclass::evaluate

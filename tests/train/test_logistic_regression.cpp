#include "train/logistic_regression.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

struct LabelledRows {
  std::size_t width = 0;
  std::vector<float> values;
  std::vector<std::size_t> labels;

  void add(const std::vector<float>& row, std::size_t label) {
    width = row.size();
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(label);
  }
  [[nodiscard]] std::vector<const float*> rows() const {
    std::vector<const float*> pointers;
    for (std::size_t i = 0; i < labels.size(); ++i) pointers.push_back(values.data() + i * width);
    return pointers;
  }
};

LinearClassifier fit(const LabelledRows& data, std::size_t label_count,
                     const RegressionOptions& options = {},
                     const LinearClassifier* start = nullptr) {
  return fit_logistic_regression(data.rows(), data.width, data.labels, label_count, options, {},
                                 start);
}

LabelledRows corners_of_a_square() {
  LabelledRows data;
  data.add({0, 1}, 0);
  data.add({.5F, 1}, 0);
  data.add({1, 0}, 1);
  data.add({.5F, 0}, 1);
  data.add({1, 1}, 2);
  data.add({1, .5F}, 2);
  data.add({.5F, .5F}, 0);
  data.add({0, 0}, 1);
  return data;
}

/// Three labels that overlap.
LabelledRows noisy_rows(std::size_t count) {
  LabelledRows data;
  Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> row(12);
    for (float& value : row) value = random.between(-1, 1);
    row[i % 3] += .7F;
    data.add(row, i % 3);
  }
  return data;
}

void expect_probabilities_near(const Tensor& given, const Tensor& expected, double tolerance) {
  ASSERT_EQ(given.shape(), expected.shape());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], tolerance) << "at " << i;
  }
}

Tensor where_the_reference_looked(const LinearClassifier& classifier) {
  LabelledRows asked;
  for (const auto& row : {std::vector<float>{0, 1}, {1, 0}, {1, 1}, {.2F, .3F}}) asked.add(row, 0);
  return probabilities(classifier, asked.rows());
}

// The numbers are those of scikit-learn 1.9.1, LogisticRegression(C=4, tol=1e-12).

TEST(LogisticRegression, GivesTheProbabilitiesOfScikitLearnWithBalancedLabels) {
  const Tensor expected =
      Tensor::from<float>({4, 3}, {0.81856F, 0.08177F, 0.09968F, 0.09038F, 0.60726F, 0.30236F,
                                   0.26722F, 0.06070F, 0.67207F, 0.39478F, 0.49766F, 0.10756F});
  expect_probabilities_near(
      where_the_reference_looked(fit(corners_of_a_square(), 3, {.strength = 4})), expected, 1e-3);
}

TEST(LogisticRegression, GivesTheProbabilitiesOfScikitLearnWithLabelsAsTheyAre) {
  const Tensor expected =
      Tensor::from<float>({4, 3}, {0.84008F, 0.07748F, 0.08245F, 0.09605F, 0.66223F, 0.24173F,
                                   0.34812F, 0.07127F, 0.58060F, 0.40015F, 0.50755F, 0.09230F});
  expect_probabilities_near(
      where_the_reference_looked(fit(corners_of_a_square(), 3, {.strength = 4, .balanced = false})),
      expected, 1e-3);
}

TEST(LogisticRegression, GivesEachRowProbabilitiesThatSumTo1) {
  const LabelledRows data = noisy_rows(30);
  const Tensor given = probabilities(fit(data, 3), data.rows());
  for (std::size_t i = 0; i < 30; ++i) {
    const auto row = given.data<float>().subspan(i * 3, 3);
    EXPECT_NEAR(row[0] + row[1] + row[2], 1, 1e-6);
  }
}

TEST(LogisticRegression, FindsTheLabelsOfRowsThatALineSeparates) {
  const LabelledRows data = corners_of_a_square();
  const Tensor given = probabilities(fit(data, 3, {.strength = 1e4}), data.rows());
  for (std::size_t i = 0; i < data.labels.size(); ++i) {
    EXPECT_GT(given.data<float>()[i * 3 + data.labels[i]], 0.9F) << "row " << i;
  }
}

TEST(LogisticRegression, IsSurerWithMoreStrength) {
  const LabelledRows data = noisy_rows(60);
  const auto greatest = [&](double strength) {
    const Tensor given = probabilities(fit(data, 3, {.strength = strength}), data.rows());
    return *std::max_element(given.data<float>().begin(), given.data<float>().end());
  };
  EXPECT_LT(greatest(0.01), 0.5F);
  EXPECT_GT(greatest(100), 0.9F);
}

TEST(LogisticRegression, BalancedLetsLabelsCountAlikeHoweverManyRowsTheyHave) {
  const LabelledRows once = noisy_rows(30);
  LabelledRows twice = once;
  for (std::size_t i = 0; i < 30; i += 3) {
    const float* row = once.values.data() + i * once.width;
    twice.add(std::vector<float>(row, row + once.width), 0);
  }
  // 40 rows count as 40, whichever label they are of.
  expect_probabilities_near(probabilities(fit(twice, 3, {.strength = 3}), once.rows()),
                            probabilities(fit(once, 3, {.strength = 4}), once.rows()), 1e-3);
}

TEST(LogisticRegression, LeavesLabelsWithoutRowsNextToNothing) {
  LabelledRows data = noisy_rows(30);
  for (std::size_t& label : data.labels) label *= 2;
  const LinearClassifier classifier = fit(data, 6);
  const Tensor given = probabilities(classifier, data.rows());
  for (std::size_t i = 0; i < 30; ++i) {
    for (const std::size_t absent : {1, 3, 5}) {
      EXPECT_LT(given.data<float>()[i * 6 + absent], 1e-6F);
    }
  }
  for (std::size_t d = 0; d < data.width; ++d) {
    EXPECT_EQ(classifier.weights.data<float>()[d * 6 + 1], 0);
  }
}

TEST(LogisticRegression, GivesLabelsWithRowsWhatItWouldWithoutTheOthers) {
  const LabelledRows data = noisy_rows(30);
  const Tensor alone = probabilities(fit(data, 3), data.rows());
  const Tensor among = probabilities(fit(data, 4), data.rows());
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(alone.data<float>()[i * 3 + c], among.data<float>()[i * 4 + c], 1e-5);
    }
  }
}

TEST(LogisticRegression, IsSureOfTheOnlyLabel) {
  LabelledRows data = noisy_rows(6);
  data.labels.assign(6, 1);
  EXPECT_GT(probabilities(fit(data, 2), data.rows()).data<float>()[1], 0.999F);
}

TEST(LogisticRegression, EndsAtTheSameWhereverItStarts) {
  const LabelledRows data = noisy_rows(60);
  const LinearClassifier other = fit(data, 3, {.strength = 100});
  expect_probabilities_near(probabilities(fit(data, 3, {}, &other), data.rows()),
                            probabilities(fit(data, 3), data.rows()), 2e-3);
}

TEST(LogisticRegression, IsTheSameToTheBit) {
  const LabelledRows data = noisy_rows(60);
  const LinearClassifier one = fit(data, 3);
  const LinearClassifier other = fit(data, 3);
  EXPECT_TRUE(testing::same_bytes(one.weights, other.weights));
  EXPECT_TRUE(testing::same_bytes(one.bias, other.bias));
}

TEST(LogisticRegression, TakesWhatItHasAfterTheMostIterations) {
  const LabelledRows data = noisy_rows(60);
  const auto early =
      probabilities(fit(data, 3, {.strength = 100, .most_iterations = 1}), data.rows());
  for (const float p : early.data<float>()) EXPECT_TRUE(std::isfinite(p));
}

TEST(LogisticRegression, StopsOnRequest) {
  const LabelledRows data = noisy_rows(30);
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)fit_logistic_regression(data.rows(), data.width, data.labels, 3, {}, cancel),
               Cancelled);
}

TEST(LogisticRegression, RefusesNoRows) { EXPECT_THROW((void)fit({}, 3), Error); }

TEST(LogisticRegression, RefusesRowsWithoutLabels) {
  LabelledRows data = noisy_rows(30);
  const auto rows = data.rows();
  data.labels.pop_back();
  EXPECT_THROW((void)fit_logistic_regression(rows, data.width, data.labels, 3, {}), Error);
}

TEST(LogisticRegression, RefusesALabelBeyondTheLast) {
  EXPECT_THROW((void)fit(noisy_rows(30), 2), Error);
}

TEST(LogisticRegression, RefusesWhatIsNotFinite) {
  LabelledRows data = noisy_rows(30);
  data.values[17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)fit(data, 3), Error);
}

TEST(LogisticRegression, RefusesToStartFromWeightsOfOtherLabels) {
  const LinearClassifier of_four = fit(noisy_rows(30), 4);
  EXPECT_THROW((void)fit(noisy_rows(30), 3, {}, &of_four), Error);
}

}  // namespace
}  // namespace vidclass::train

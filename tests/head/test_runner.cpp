#include "head/runner.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/head_fixtures.hpp"
#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

using testing::made_up_head;
using testing::made_up_tensor;

HeadSpec small(HeadKind kind) {
  return {.kind = kind,
          .features = 12,
          .labels = 4,
          .transforms = {Transform::plain, Transform::centred},
          .projection = 6,
          .hidden = 5};
}

class EveryHead : public ::testing::TestWithParam<HeadKind> {
protected:
  Head head_ = made_up_head(small(GetParam()));
  std::vector<Tensor> clips_{made_up_tensor({7, 12}, 101), made_up_tensor({1, 12}, 102),
                             made_up_tensor({20, 12}, 103)};
};

TEST_P(EveryHead, GivesProbabilitiesThatSumToOne) {
  const Tensor result = HeadRunner({head_}).probabilities(clips_);
  ASSERT_EQ(result.shape(), (Shape{3, 4}));
  for (std::size_t clip = 0; clip < 3; ++clip) {
    double sum = 0;
    for (std::size_t l = 0; l < 4; ++l) sum += result.data<float>()[clip * 4 + l];
    EXPECT_NEAR(sum, 1.0, 1e-5);
  }
}

TEST_P(EveryHead, AClipsResultDoesNotDependOnLongerClipsBesideIt) {
  HeadRunner runner({head_});
  const Tensor together = runner.probabilities(clips_);
  for (std::size_t clip = 0; clip < clips_.size(); ++clip) {
    const Tensor alone = runner.probabilities(clips_[clip]);
    for (std::size_t l = 0; l < 4; ++l) {
      EXPECT_NEAR(alone.data<float>()[l], together.data<float>()[clip * 4 + l], 1e-6);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryHead,
                         ::testing::Values(HeadKind::mean, HeadKind::keras_gru, HeadKind::gru),
                         [](const auto& kind) {
                           std::string name(to_string(kind.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(HeadRunner, AveragesTheProbabilitiesOfItsHeads) {
  const Head a = made_up_head(small(HeadKind::gru), 1);
  const Head b = made_up_head(small(HeadKind::mean), 50);
  const Tensor clip = made_up_tensor({9, 12}, 7);
  const Tensor of_a = HeadRunner({a}).probabilities(clip);
  const Tensor of_b = HeadRunner({b}).probabilities(clip);
  const Tensor of_both = HeadRunner({a, b}).probabilities(clip);
  for (std::size_t l = 0; l < 4; ++l) {
    EXPECT_NEAR(of_both.data<float>()[l], (of_a.data<float>()[l] + of_b.data<float>()[l]) / 2,
                1e-6);
  }
}

TEST(HeadRunner, MeanHeadComputesSoftmaxOfALinearFunctionOfTheMean) {
  Head head{{.kind = HeadKind::mean, .features = 2, .labels = 2}, {}};
  head.parameters["norm/mean"] = Tensor::from<float>({2}, {1, 2});
  head.parameters["norm/scale"] = Tensor::from<float>({2}, {2, 0.5});
  head.parameters["classifier/kernel"] = Tensor::from<float>({2, 2}, {1, 0, 0, 1});
  head.parameters["classifier/bias"] = Tensor::from<float>({2}, {0, 1});
  // Mean (3, 4), normalised (4, 1), logits (4, 2).
  const Tensor clip = Tensor::from<float>({2, 2}, {2, 3, 4, 5});
  const Tensor result = HeadRunner({head}).probabilities(clip);
  EXPECT_NEAR(result.data<float>()[0], 1 / (1 + std::exp(-2.0)), 1e-6);
}

TEST(HeadRunner, CentredViewIgnoresAConstantAddedToAllFrames) {
  HeadSpec spec = small(HeadKind::gru);
  spec.transforms = {Transform::centred};
  HeadRunner runner({made_up_head(spec)});
  const Tensor clip = made_up_tensor({9, 12}, 7);
  Tensor shifted = clip;
  for (float& value : shifted.data<float>()) value += 0.5F;
  const Tensor a = runner.probabilities(clip);
  const Tensor b = runner.probabilities(shifted);
  for (std::size_t l = 0; l < 4; ++l) {
    EXPECT_NEAR(a.data<float>()[l], b.data<float>()[l], 1e-5);
  }
}

TEST(HeadRunner, ViewsOfMotionReadTheSecondPoolingAlone) {
  HeadSpec spec{.kind = HeadKind::gru, .features = 3, .poolings = 2, .labels = 2};
  spec.transforms = {Transform::motion, Transform::centred_motion};
  spec.projection = spec.hidden = 4;
  HeadRunner runner({made_up_head(spec)});
  const Tensor clip = made_up_tensor({5, 6}, 1);
  Tensor other = clip;
  for (std::size_t t = 0; t < 5; ++t) other.data<float>()[t * 6] += 1.0F;
  EXPECT_EQ(runner.probabilities(clip).data<float>()[0],
            runner.probabilities(other).data<float>()[0]);
  other.data<float>()[3] += 1.0F;
  EXPECT_NE(runner.probabilities(clip).data<float>()[0],
            runner.probabilities(other).data<float>()[0]);
}

TEST(HeadRunner, RefusesAViewOfMotionWithoutASecondPooling) {
  HeadSpec spec{.kind = HeadKind::gru, .features = 3, .labels = 2};
  spec.transforms = {Transform::motion};
  EXPECT_THROW(HeadRunner({made_up_head(spec)}), Error);
}

TEST(HeadRunner, RefusesAViewOfTheMiddleWithoutFeaturesOfIt) {
  HeadSpec spec{.kind = HeadKind::gru, .features = 3, .labels = 2};
  spec.transforms = {Transform::middle_centred};
  EXPECT_THROW(HeadRunner({made_up_head(spec)}), Error);
}

TEST(HeadRunner, ViewsOfTheMiddleReadWhatFollowsTheLastMapsFeatures) {
  HeadSpec spec{.kind = HeadKind::moments, .features = 3, .middle = 2, .labels = 2};
  spec.transforms = {Transform::middle_plain};
  HeadRunner runner({made_up_head(spec)});
  const Tensor clip = made_up_tensor({4, 5}, 1);
  Tensor other = clip;
  other.data<float>()[2] += 1.0F;
  EXPECT_EQ(runner.probabilities(clip).data<float>()[0],
            runner.probabilities(other).data<float>()[0]);
  other.data<float>()[3] += 1.0F;
  EXPECT_NE(runner.probabilities(clip).data<float>()[0],
            runner.probabilities(other).data<float>()[0]);
}

TEST(HeadRunner, MomentsAreTheDeviationAndTheCosineTransformEachOfOneLength) {
  // Two transforms of two values: the moments of `centred`, then the mean of `plain`.
  Head head{{.kind = HeadKind::moments, .features = 2, .labels = 2}, {}};
  head.spec.transforms = {Transform::centred, Transform::plain};
  constexpr std::size_t read = 2 * (1 + cosine_moments + 1);
  head.parameters["norm/mean"] = Tensor::from<float>({read}, std::vector<float>(read, 0.25F));
  const Tensor clip = Tensor::from<float>({3, 2}, {1, 0, 4, 1, 1, 5});

  std::vector<double> mean{2, 2};
  std::vector<std::vector<double>> moments;
  for (std::size_t k = 0; k <= cosine_moments; ++k) {
    std::vector<double> moment(2);
    for (std::size_t d = 0; d < 2; ++d) {
      for (std::size_t t = 0; t < 3; ++t) {
        const double value = static_cast<double>(clip.data<float>()[t * 2 + d]) - mean[d];
        const double angle =
            std::numbers::pi * static_cast<double>(k) * (static_cast<double>(t) + .5) / 3;
        moment[d] += k == 0 ? value * value / 3 : std::numbers::sqrt2 / 3 * std::cos(angle) * value;
      }
      if (k == 0) moment[d] = std::sqrt(moment[d]);
    }
    moments.push_back(moment);
  }
  moments.push_back(mean);
  // The first label reads one value, the other none.
  for (std::size_t place = 0; place < read; ++place) {
    std::vector<double> moment = moments[place / 2];
    for (double& value : moment) value -= 0.25;
    const double expected =
        moments_length / std::sqrt(5.0) * moment[place % 2] / std::hypot(moment[0], moment[1]);
    Tensor kernel(DType::f32, {read, 2});
    kernel.data<float>()[place * 2] = 1;
    head.parameters["classifier/kernel"] = kernel;
    head.parameters["classifier/bias"] = Tensor(DType::f32, {2});
    const float given = HeadRunner({head}).probabilities(clip).data<float>()[0];
    EXPECT_NEAR(given, 1 / (1 + std::exp(-expected)), 1e-5) << "value " << place;
  }
}

TEST(HeadRunner, GruTellsAClipFromItsReverse) {
  HeadRunner runner({made_up_head(small(HeadKind::gru))});
  const Tensor clip = made_up_tensor({9, 12}, 7);
  Tensor reversed = clip;
  for (std::size_t t = 0; t < 9; ++t) {
    for (std::size_t d = 0; d < 12; ++d) {
      reversed.data<float>()[t * 12 + d] = clip.data<float>()[(8 - t) * 12 + d];
    }
  }
  EXPECT_GT(std::abs(runner.probabilities(clip).data<float>()[0] -
                     runner.probabilities(reversed).data<float>()[0]),
            1e-4);
}

TEST(HeadRunner, RefusesFeaturesOfAnotherWidth) {
  HeadRunner runner({made_up_head(small(HeadKind::mean))});
  EXPECT_THROW((void)runner.probabilities(made_up_tensor({3, 11}, 1)), Error);
}

TEST(HeadRunner, RefusesAClipWithoutFrames) {
  HeadRunner runner({made_up_head(small(HeadKind::mean))});
  EXPECT_THROW((void)runner.probabilities(Tensor(DType::f32, {0, 12})), Error);
}

TEST(HeadRunner, RefusesHeadsThatDisagreeOnLabels) {
  HeadSpec other = small(HeadKind::mean);
  other.labels = 5;
  EXPECT_THROW(HeadRunner({made_up_head(small(HeadKind::mean)), made_up_head(other)}), Error);
}

}  // namespace
}  // namespace vidclass::head

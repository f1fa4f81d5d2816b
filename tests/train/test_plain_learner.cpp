// The gradients of heads against differences, their probabilities against OpenVINO's graphs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <string_view>

#include "head/runner.hpp"
#include "support/made_up_clips.hpp"
#include "train/member_training.hpp"
#include "train/moments.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;

constexpr std::size_t feature_count = 12;
constexpr std::size_t classes = 3;

void expect_near(const Tensor& given, const Tensor& expected, double tolerance) {
  ASSERT_EQ(given.shape(), expected.shape());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], tolerance) << "at " << i;
  }
}

class PlainLearnerOf : public ::testing::TestWithParam<HeadKind> {
protected:
  HeadSpec spec_ = [] {
    HeadSpec spec = vidclass::testing::small_spec(GetParam(), feature_count, classes);
    spec.transforms = {head::Transform::centred, head::Transform::plain};
    return spec;
  }();
  Recipe recipe_ = recipe_for(GetParam());
  vidclass::testing::MadeUpClips clips_ =
      vidclass::testing::separable_clips(70, classes, feature_count, 1);
  /// As heads of this kind read them.
  LabelledFeatures data() const {
    LabelledFeatures read = clips_;
    if (spec_.kind == HeadKind::moments) {
      read.make = [this](const Tensor& clip) { return moments_over_time(clip, spec_); };
    }
    return read;
  }
};

TEST_P(PlainLearnerOf, GivesTheSameProbabilitiesAsOpenVino) {
  recipe_.epochs = 4;
  MemberTraining training(spec_, recipe_, data(), data(), 5);
  while (!training.finished()) training.step();
  expect_near(head::HeadRunner({{spec_, training.parameters()}}).probabilities(clips_.clips),
              training.probabilities(data()), 1e-5);
}

TEST_P(PlainLearnerOf, GivesTheSameProbabilitiesAsOpenVinoOfTwoPoolings) {
  spec_.features = feature_count / 2;
  spec_.poolings = 2;
  recipe_.epochs = 4;
  MemberTraining training(spec_, recipe_, data(), data(), 5);
  while (!training.finished()) training.step();
  expect_near(head::HeadRunner({{spec_, training.parameters()}}).probabilities(clips_.clips),
              training.probabilities(data()), 1e-5);
}

TEST_P(PlainLearnerOf, ExportsAWholeHeadBeforeTheFirstStep) {
  const auto learner = make_learner(spec_, recipe_, 5);
  learner->prepare(data());
  EXPECT_NO_THROW(head::check({spec_, learner->export_parameters()}));
}

/// The loss of a batch whose dropout is that of `random`, gradients thrown away.
double loss_of(Learner& learner, const Batch& batch, const Loss& loss, const Tensor& random) {
  learner.set_random_state(random);
  return learner.add_gradients(batch, loss, 0);
}

TEST_P(PlainLearnerOf, HasTheGradientsThatDifferencesShow) {
  const auto learner = make_learner(spec_, recipe_, 5);
  learner->prepare(data());
  const std::size_t some[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  const Batch batch = make_batch(data(), some);
  const Loss loss{{1.5F, 0.5F, 1.0F}, 0.1};
  const Tensor random = learner->random_state();
  learner->add_gradients(batch, loss, 1);
  for (const Parameter& parameter : learner->parameters()) {
    const std::vector<float> gradient(parameter.gradient.begin(), parameter.gradient.end());
    const std::size_t stride = std::max<std::size_t>(1, gradient.size() / 40);
    for (std::size_t i = 0; i < gradient.size(); i += stride) {
      const float value = parameter.value[i];
      constexpr float h = 1e-3F;
      parameter.value[i] = value + h;
      const double above = loss_of(*learner, batch, loss, random);
      parameter.value[i] = value - h;
      const double below = loss_of(*learner, batch, loss, random);
      parameter.value[i] = value;
      EXPECT_NEAR(gradient[i], (above - below) / (2 * static_cast<double>(h)), 3e-4)
          << parameter.name << " at " << i;
    }
  }
}

TEST_P(PlainLearnerOf, AddsGradientsByTheScaleAskedFor) {
  const auto learner = make_learner(spec_, recipe_, 5);
  learner->prepare(data());
  const std::size_t some[] = {0, 1, 2, 3};
  const Batch batch = make_batch(data(), some);
  const Tensor random = learner->random_state();
  learner->add_gradients(batch, {}, 1);
  const auto& parameter = learner->parameters().back();
  const std::vector<float> once(parameter.gradient.begin(), parameter.gradient.end());
  learner->set_random_state(random);
  learner->add_gradients(batch, {}, 0.5);
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_NEAR(parameter.gradient[i], 1.5 * once[i], 1e-5);
  }
}

TEST_P(PlainLearnerOf, RefusesARandomStateOfAnotherKind) {
  EXPECT_THROW(make_learner(spec_, recipe_, 5)->set_random_state(Tensor(DType::u8, {5056})), Error);
}

INSTANTIATE_TEST_SUITE_P(Kinds, PlainLearnerOf,
                         ::testing::Values(HeadKind::mean, HeadKind::keras_gru, HeadKind::moments,
                                           HeadKind::gru),
                         [](const auto& tested) {
                           std::string name(head::to_string(tested.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(MakeLearner, RefusesAHeadThatIsTrainedElsewhere) {
  const HeadSpec spec = vidclass::testing::small_spec(HeadKind::layers, feature_count, classes);
  EXPECT_THROW(static_cast<void>(make_learner(spec, Recipe{}, 1)), Error);
}

NamedTensors untrained_keras_gru() {
  const HeadSpec spec{.kind = HeadKind::keras_gru, .features = 2048, .labels = 7};
  return make_learner(spec, recipe_for(spec.kind), 3)->export_parameters();
}

std::span<const float> values_of(const NamedTensors& parameters, std::string_view name) {
  return parameters.at(std::string(name)).data<float>();
}

TEST(UntrainedKerasGru, HasTheNumberOfParametersThatKerasCounts) {
  std::size_t count = 0;
  for (const auto& [name, tensor] : untrained_keras_gru()) count += tensor.size();
  EXPECT_EQ(count, 99'927U);
}

TEST(UntrainedKerasGru, HasGlorotUniformKernels) {
  const NamedTensors parameters = untrained_keras_gru();
  for (const char* name : {"gru/kernel", "gru_1/kernel", "dense/kernel", "dense_1/kernel"}) {
    const Shape& shape = parameters.at(name).shape();
    const double limit = std::sqrt(6.0 / static_cast<double>(shape[0] + shape[1]));
    double largest = 0;
    for (const float value : values_of(parameters, name)) {
      largest = std::max(largest, std::fabs(static_cast<double>(value)));
    }
    EXPECT_LE(largest, limit) << name;
    EXPECT_GE(largest, 0.9 * limit) << name;
  }
}

TEST(UntrainedKerasGru, SpreadsItsKernelsEvenlyUpToTheLimit) {
  const NamedTensors parameters = untrained_keras_gru();
  double sum = 0, squares = 0;
  const auto kernel = values_of(parameters, "gru/kernel");
  for (const float value : kernel) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto count = static_cast<double>(kernel.size());
  const double variance_of_uniform = 6.0 / (2048 + 48) / 3;
  EXPECT_NEAR(sum / count, 0, 0.02 * std::sqrt(variance_of_uniform));
  EXPECT_NEAR(squares / count, variance_of_uniform, 0.02 * variance_of_uniform);
}

TEST(UntrainedKerasGru, HasRecurrentKernelsWithOrthonormalRows) {
  const NamedTensors parameters = untrained_keras_gru();
  for (const char* name : {"gru/recurrent_kernel", "gru_1/recurrent_kernel"}) {
    const Shape& shape = parameters.at(name).shape();
    const auto kernel = values_of(parameters, name);
    for (std::size_t i = 0; i < shape[0]; ++i) {
      for (std::size_t j = 0; j < shape[0]; ++j) {
        const auto row = [&](std::size_t r) { return kernel.subspan(r * shape[1], shape[1]); };
        const double product =
            std::inner_product(row(i).begin(), row(i).end(), row(j).begin(), 0.0);
        EXPECT_NEAR(product, i == j ? 1 : 0, 1e-5) << name << ", rows " << i << " and " << j;
      }
    }
  }
}

TEST(UntrainedKerasGru, HasBiasesOfZero) {
  const NamedTensors parameters = untrained_keras_gru();
  for (const char* name : {"gru/bias", "gru_1/bias", "dense/bias", "dense_1/bias"}) {
    for (const float value : values_of(parameters, name)) EXPECT_EQ(value, 0) << name;
  }
}

}  // namespace
}  // namespace vidclass::train

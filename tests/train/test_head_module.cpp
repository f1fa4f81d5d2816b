// LibTorch's heads against the exported parameters and OpenVINO's graphs of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "made_up_clips.hpp"
#include "train/keras_layout.hpp"
#include "train/member_training.hpp"
#include "vidclass/head/runner.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::View;

constexpr std::size_t width = 12;
constexpr std::size_t label_count = 3;

struct NamedSpec {
  std::string name;
  HeadSpec spec;
};

void PrintTo(const NamedSpec& named, std::ostream* out) { *out << named.name; }

std::vector<NamedSpec> all_specs() {
  const auto gru = [](std::vector<View> views) {
    HeadSpec spec = testing::small_spec(HeadKind::gru, width, label_count);
    spec.views = std::move(views);
    return spec;
  };
  const auto of_two_poolings = [](HeadSpec spec) {
    spec.features = width / 2;
    spec.poolings = 2;
    return spec;
  };
  return {{"Mean", testing::small_spec(HeadKind::mean, width, label_count)},
          {"KerasGru", testing::small_spec(HeadKind::keras_gru, width, label_count)},
          {"GruOfPlainFeatures", gru({View::plain})},
          {"GruOfCentredFeatures", gru({View::centred})},
          {"GruOfBoth", gru({View::plain, View::centred})},
          {"GruOfMotion", of_two_poolings(gru({View::motion, View::centred_motion}))},
          {"GruOfBothPoolings", of_two_poolings(gru({View::centred, View::centred_motion}))},
          {"MeanOfTwoPoolings", of_two_poolings(testing::small_spec(HeadKind::mean, width, 3))},
          {"KerasGruOfTwoPoolings",
           of_two_poolings(testing::small_spec(HeadKind::keras_gru, width, 3))}};
}

class TrainedHead : public ::testing::TestWithParam<NamedSpec> {};

TEST_P(TrainedHead, GivesTheSameProbabilitiesInLibTorchAndOpenVino) {
  const LabelledFeatures data = testing::separable_clips(70, label_count, width, 1);
  Recipe recipe = recipe_for(GetParam().spec.kind);
  recipe.epochs = 4;
  MemberTraining training(GetParam().spec, recipe, data, 5);
  for (int epoch = 1; epoch <= recipe.epochs; ++epoch) training.run_epoch(epoch);

  const Tensor expected = to_tensor(training.probabilities(data));
  head::HeadRunner runner({{GetParam().spec, training.parameters()}});
  const Tensor given = runner.probabilities(data.clips);

  ASSERT_EQ(given.shape(), expected.shape());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], 1e-5)
        << "clip " << i / label_count << " of " << data.clips[i / label_count].dim(0) << " frames";
  }
}

TEST_P(TrainedHead, ExportsAWholeHeadBeforeTheFirstEpoch) {
  const LabelledFeatures data = testing::separable_clips(6, label_count, width, 1);
  const Recipe recipe = recipe_for(GetParam().spec.kind);
  const MemberTraining training(GetParam().spec, recipe, data, 5);
  EXPECT_NO_THROW(head::check({GetParam().spec, training.parameters()}));
}

INSTANTIATE_TEST_SUITE_P(EveryKind, TrainedHead, ::testing::ValuesIn(all_specs()),
                         [](const auto& tested) { return tested.param.name; });

NamedTensors untrained_keras_gru() {
  const HeadSpec spec{.kind = HeadKind::keras_gru, .features = 2048, .labels = 7};
  const auto generator = torch::make_generator<torch::CPUGeneratorImpl>(3);
  return make_head_module(spec, recipe_for(spec.kind), generator)->export_parameters();
}

std::span<const float> values_of(const NamedTensors& parameters, const std::string& name) {
  return parameters.at(name).data<float>();
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

std::vector<float> exported(const NamedTensors& parameters, const std::string& name) {
  const auto values = values_of(parameters, name);
  return {values.begin(), values.end()};
}

class KerasLayout : public ::testing::Test {
protected:
  void SetUp() override {
    const torch::NoGradGuard no_grad;
    auto values = gru_->named_parameters();
    // LibTorch's rows: reset, update, candidate; two units each.
    values["weight_ih_l0"].copy_(torch::tensor({10.F, 11.F, 12.F, 13.F, 14.F, 15.F,  //
                                                20.F, 21.F, 22.F, 23.F, 24.F, 25.F,  //
                                                30.F, 31.F, 32.F, 33.F, 34.F, 35.F})
                                     .view({6, 3}));
    values["weight_hh_l0"].copy_(torch::tensor({1.F, 2.F, 3.F, 4.F,  //
                                                5.F, 6.F, 7.F, 8.F,  //
                                                9.F, 10.F, 11.F, 12.F})
                                     .view({6, 2}));
    values["bias_ih_l0"].copy_(torch::tensor({1.F, 2.F, 3.F, 4.F, 5.F, 6.F}));
    values["bias_hh_l0"].copy_(torch::tensor({-1.F, -2.F, -3.F, -4.F, -5.F, -6.F}));
    export_gru(gru_, "g", parameters_);
  }

  torch::nn::GRU gru_{torch::nn::GRUOptions(3, 2).batch_first(true)};
  NamedTensors parameters_;
};

TEST_F(KerasLayout, PutsTheUpdateGateOfAGruKernelFirst) {
  EXPECT_EQ(parameters_.at("g/kernel").shape(), (Shape{3, 6}));
  EXPECT_EQ(exported(parameters_, "g/kernel"), (std::vector<float>{20, 23, 10, 13, 30, 33,  //
                                                                   21, 24, 11, 14, 31, 34,  //
                                                                   22, 25, 12, 15, 32, 35}));
}

TEST_F(KerasLayout, PutsTheUpdateGateOfARecurrentKernelFirst) {
  EXPECT_EQ(parameters_.at("g/recurrent_kernel").shape(), (Shape{2, 6}));
  EXPECT_EQ(exported(parameters_, "g/recurrent_kernel"), (std::vector<float>{5, 7, 1, 3, 9, 11,  //
                                                                             6, 8, 2, 4, 10, 12}));
}

TEST_F(KerasLayout, PutsTheBiasOfTheInputAboveThatOfTheState) {
  EXPECT_EQ(parameters_.at("g/bias").shape(), (Shape{2, 6}));
  EXPECT_EQ(exported(parameters_, "g/bias"),
            (std::vector<float>{3, 4, 1, 2, 5, 6, -3, -4, -1, -2, -5, -6}));
}

TEST(KerasLayoutOfADenseLayer, IsInputsByOutputs) {
  const torch::NoGradGuard no_grad;
  torch::nn::Linear layer(3, 2);
  layer->weight.copy_(torch::tensor({1.F, 2.F, 3.F, 4.F, 5.F, 6.F}).view({2, 3}));
  layer->bias.copy_(torch::tensor({7.F, 8.F}));
  NamedTensors parameters;
  export_dense(layer, "d", parameters);
  EXPECT_EQ(parameters.at("d/kernel").shape(), (Shape{3, 2}));
  EXPECT_EQ(exported(parameters, "d/kernel"), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(exported(parameters, "d/bias"), (std::vector<float>{7, 8}));
}

TEST(ClipBatch, MarksWhatLiesBeyondAClipsEnd) {
  LabelledFeatures data;
  data.clips.push_back(Tensor::from<float>({1, 2}, std::vector<float>{1, 2}));
  data.clips.push_back(Tensor::from<float>({3, 2}, std::vector<float>{3, 4, 5, 6, 7, 8}));
  data.labels = {1, 0};
  const std::size_t both[] = {0, 1};
  const ClipBatch batch = make_batch(data, both);

  const Tensor features = to_tensor(batch.features);
  const Tensor mask = to_tensor(batch.mask);
  EXPECT_EQ(std::vector<float>(features.data<float>().begin(), features.data<float>().end()),
            (std::vector<float>{1, 2, 0, 0, 0, 0, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(std::vector<float>(mask.data<float>().begin(), mask.data<float>().end()),
            (std::vector<float>{1, 0, 0, 1, 1, 1}));
  EXPECT_FALSE(batch.full);
}

}  // namespace
}  // namespace vidclass::train

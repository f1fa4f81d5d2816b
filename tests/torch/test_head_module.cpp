// LibTorch's heads against the exported parameters and OpenVINO's graphs of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "head/runner.hpp"
#include "support/made_up_clips.hpp"
#include "torch/clip_batch.hpp"
#include "torch/keras_layout.hpp"
#include "torch/torch_learner.hpp"
#include "train/member_training.hpp"

namespace vidclass::torch {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::Transform;

constexpr std::size_t width = 12;
constexpr std::size_t label_count = 3;

struct NamedSpec {
  std::string name;
  HeadSpec spec;
};

void PrintTo(const NamedSpec& named, std::ostream* out) { *out << named.name; }

std::vector<NamedSpec> all_specs() {
  const auto gru = [](std::vector<Transform> transforms) {
    HeadSpec spec = vidclass::testing::small_spec(HeadKind::gru, width, label_count);
    spec.transforms = std::move(transforms);
    return spec;
  };
  const auto of_two_poolings = [](HeadSpec spec) {
    spec.features = width / 2;
    spec.poolings = 2;
    return spec;
  };
  // Four values of the last map and two of the one in the middle, twice.
  const auto with_middle = [](HeadSpec spec) {
    spec.features = 4;
    spec.middle = 2;
    spec.poolings = 2;
    return spec;
  };
  return {
      {"GruOfPlainFeatures", gru({Transform::plain})},
      {"GruOfCentredFeatures", gru({Transform::centred})},
      {"GruOfBoth", gru({Transform::plain, Transform::centred})},
      {"GruOfMotion", of_two_poolings(gru({Transform::motion, Transform::centred_motion}))},
      {"GruOfBothPoolings", of_two_poolings(gru({Transform::centred, Transform::centred_motion}))},
      {"GruOfTheMiddle", with_middle(gru({Transform::motion, Transform::middle_centred_motion,
                                          Transform::middle_plain}))}};
}

class TrainedHead : public ::testing::TestWithParam<NamedSpec> {};

TEST_P(TrainedHead, GivesTheSameProbabilitiesInLibTorchAndOpenVino) {
  const auto data = vidclass::testing::separable_clips(70, label_count, width, 1);
  train::Recipe recipe = train::recipe_for(GetParam().spec.kind);
  recipe.epochs = 4;
  train::MemberTraining training(GetParam().spec, recipe, data, data, 5, make_torch_learner);
  while (!training.finished()) training.step();

  const Tensor expected = training.probabilities(data);
  head::HeadRunner runner({{GetParam().spec, training.parameters()}});
  const Tensor given = runner.probabilities(data.clips);

  ASSERT_EQ(given.shape(), expected.shape());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], 1e-5)
        << "clip " << i / label_count << " of " << data.clips[i / label_count].dim(0) << " frames";
  }
}

TEST_P(TrainedHead, ExportsAWholeHeadBeforeTheFirstEpoch) {
  const auto data = vidclass::testing::separable_clips(6, label_count, width, 1);
  const auto learner =
      make_torch_learner(GetParam().spec, train::recipe_for(GetParam().spec.kind), 5);
  learner->prepare(data);
  EXPECT_NO_THROW(head::check({GetParam().spec, learner->export_parameters()}));
}

INSTANTIATE_TEST_SUITE_P(EveryKind, TrainedHead, ::testing::ValuesIn(all_specs()),
                         [](const auto& tested) { return tested.param.name; });

std::span<const float> values_of(const NamedTensors& parameters, const std::string& name) {
  return parameters.at(name).data<float>();
}

std::vector<float> exported(const NamedTensors& parameters, const std::string& name) {
  const auto values = values_of(parameters, name);
  return {values.begin(), values.end()};
}

class KerasLayout : public ::testing::Test {
protected:
  void SetUp() override {
    const ::torch::NoGradGuard no_grad;
    auto values = gru_->named_parameters();
    // LibTorch's rows: reset, update, candidate; two units each.
    values["weight_ih_l0"].copy_(::torch::tensor({10.F, 11.F, 12.F, 13.F, 14.F, 15.F,  //
                                                  20.F, 21.F, 22.F, 23.F, 24.F, 25.F,  //
                                                  30.F, 31.F, 32.F, 33.F, 34.F, 35.F})
                                     .view({6, 3}));
    values["weight_hh_l0"].copy_(::torch::tensor({1.F, 2.F, 3.F, 4.F,  //
                                                  5.F, 6.F, 7.F, 8.F,  //
                                                  9.F, 10.F, 11.F, 12.F})
                                     .view({6, 2}));
    values["bias_ih_l0"].copy_(::torch::tensor({1.F, 2.F, 3.F, 4.F, 5.F, 6.F}));
    values["bias_hh_l0"].copy_(::torch::tensor({-1.F, -2.F, -3.F, -4.F, -5.F, -6.F}));
    export_gru(gru_, "g", parameters_);
  }

  ::torch::nn::GRU gru_{::torch::nn::GRUOptions(3, 2).batch_first(true)};
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
  const ::torch::NoGradGuard no_grad;
  ::torch::nn::Linear layer(3, 2);
  layer->weight.copy_(::torch::tensor({1.F, 2.F, 3.F, 4.F, 5.F, 6.F}).view({2, 3}));
  layer->bias.copy_(::torch::tensor({7.F, 8.F}));
  NamedTensors parameters;
  export_dense(layer, "d", parameters);
  EXPECT_EQ(parameters.at("d/kernel").shape(), (Shape{3, 2}));
  EXPECT_EQ(exported(parameters, "d/kernel"), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(exported(parameters, "d/bias"), (std::vector<float>{7, 8}));
}

TEST(ClipBatch, MarksWhatLiesBeyondAClipsEnd) {
  train::Batch clips;
  clips.clips.push_back(
      std::make_shared<const Tensor>(Tensor::from<float>({1, 2}, std::vector<float>{1, 2})));
  clips.clips.push_back(std::make_shared<const Tensor>(
      Tensor::from<float>({3, 2}, std::vector<float>{3, 4, 5, 6, 7, 8})));
  const ClipBatch batch = padded(clips);

  const Tensor features = to_tensor(batch.features);
  const Tensor mask = to_tensor(batch.mask);
  EXPECT_EQ(std::vector<float>(features.data<float>().begin(), features.data<float>().end()),
            (std::vector<float>{1, 2, 0, 0, 0, 0, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(std::vector<float>(mask.data<float>().begin(), mask.data<float>().end()),
            (std::vector<float>{1, 0, 0, 1, 1, 1}));
  EXPECT_FALSE(batch.full);
}

}  // namespace
}  // namespace vidclass::torch

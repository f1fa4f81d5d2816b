// Model files of imported networks.
#include <gtest/gtest.h>

#include "exchange/import_keras.hpp"
#include "exchange/keras_writer.hpp"
#include "head/runner.hpp"
#include "support/head_fixtures.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

constexpr std::size_t model_frames = 6;

/// Filled up to six frames: an LSTM that knows of no end of a clip, and a classifier.
head::HeadSpec filled_spec() {
  head::HeadSpec spec{.kind = head::HeadKind::layers, .features = 4, .labels = 3};
  spec.steps = model_frames;
  spec.layers = {{.kind = head::LayerKind::lstm,
                  .name = "lstm",
                  .units = 5,
                  .activation = head::Activation::tanh,
                  .masked = false},
                 {.kind = head::LayerKind::dense, .name = "dense", .units = 3}};
  return spec;
}

class ImportedModelFile : public ::testing::Test {
protected:
  void SetUp() override {
    model::Model model;
    model.labels = {"a", "b", "c"};
    head_ = testing::made_up_head(filled_spec());
    model.heads = {head_};
    write_keras(model, nullptr, dir_ / "network.keras");
    request_ = {.file = dir_ / "network.keras", .labels = model.labels, .output = dir_ / "model"};
    request_.options.arrays = true;
  }

  testing::TempDir dir_;
  head::Head head_;
  ImportRequest request_;
};

TEST_F(ImportedModelFile, HoldsTheLayersAsTheyWereRead) {
  static_cast<void>(import_keras(request_, {}));
  const model::Model read = model::read(request_.output);
  const head::HeadSpec& spec = read.heads.front().spec;
  EXPECT_EQ(read.clip.frames, static_cast<int>(model_frames));
  EXPECT_EQ(spec.steps, model_frames);
  ASSERT_EQ(spec.layers.size(), 2U);
  EXPECT_EQ(spec.layers[0].kind, head::LayerKind::lstm);
  EXPECT_FALSE(spec.layers[0].masked);
  EXPECT_EQ(spec.layers[0].activation, head::Activation::tanh);
  for (const auto& [name, tensor] : head_.parameters) {
    EXPECT_TRUE(testing::same_bytes(read.heads.front().parameters.at(name), tensor)) << name;
  }
}

TEST_F(ImportedModelFile, FillsShortClipsUpWithZeros) {
  const Tensor short_clip = testing::made_up_tensor({2, 4}, 5);
  Tensor filled(DType::f32, {model_frames, 4});
  std::copy(short_clip.data<float>().begin(), short_clip.data<float>().end(),
            filled.data<float>().begin());
  head::HeadRunner runner({head_});
  const Tensor a = runner.probabilities(short_clip);
  const Tensor b = runner.probabilities(filled);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a.data<float>()[i], b.data<float>()[i], 1e-6) << i;
  }
}

TEST_F(ImportedModelFile, TakesNoMoreFramesThanTheNetwork) {
  head::HeadRunner runner({head_});
  EXPECT_THROW(
      static_cast<void>(runner.probabilities(testing::made_up_tensor({model_frames + 1, 4}, 5))),
      Error);
}

TEST_F(ImportedModelFile, HasTheFramesOfTheNetworkOrIsRefused) {
  request_.options.features.frames = 7;
  EXPECT_THROW(static_cast<void>(import_keras(request_, {})), UsageError);
}

}  // namespace
}  // namespace vidclass::exchange

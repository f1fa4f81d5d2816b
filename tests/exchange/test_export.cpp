#include "exchange/export.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/atomic_file.hpp"
#include "core/json.hpp"
#include "exchange/format.hpp"
#include "made_up_model.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

namespace fs = std::filesystem;
using testing::write_made_up_model;
using vidclass::testing::message_of;
using vidclass::testing::TempDir;

bool built(std::string_view format) {
  return (format != "torch" || VIDCLASS_HAS_TORCH) && (format != "onnx" || VIDCLASS_HAS_ONNX);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& each : fs::directory_iterator(folder)) {
    names.push_back(each.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class EveryFormat : public ::testing::TestWithParam<std::string> {
protected:
  void SetUp() override {
    if (!built(GetParam())) GTEST_SKIP() << "built without " << GetParam();
  }
  [[nodiscard]] ExportRequest request() const {
    const std::string ending(format_named(GetParam()).ending);
    return {.model = model_, .format = GetParam(), .output = dir_ / "out" / ("net" + ending)};
  }

  TempDir dir_;
  fs::path model_ = write_made_up_model(dir_.path());
};

TEST_P(EveryFormat, OfTheHeadsComputesWhatTheModelDoes) {
  const ExportReport report = export_model(request());
  EXPECT_LT(report.largest_difference, 1e-5);
  EXPECT_EQ(report.clips, 9U);
}

TEST_P(EveryFormat, FromFramesComputesWhatTheModelDoes) {
  if (GetParam() == "keras") return;  // it writes no networks like mini;
  ExportRequest frames = request();
  frames.options.frames = true;
  EXPECT_LT(export_model(frames).largest_difference, 1e-4);
}

TEST_P(EveryFormat, LeavesTheFilesThatItNamesAndNothingElse) {
  const ExportReport report = export_model(request());
  std::vector<std::string> named{".vidclass-outputs"};
  for (const fs::path& file : report.files) named.push_back(file.filename().string());
  std::sort(named.begin(), named.end());
  EXPECT_EQ(names_in(dir_ / "out"), named);
}

TEST_P(EveryFormat, TakesLengthsBeyondTheStepsForTheSteps) {
  static_cast<void>(export_model(request()));
  std::vector<Trial> trials = feature_trials(testing::made_up_model("mini", 64));
  for (std::int32_t& length : trials[1].inputs.at("lengths").data<std::int32_t>()) length = 1000;
  const RunExported run = format_named(GetParam()).open(request().output);
  EXPECT_LT(largest_difference({trials[1]}, run), 1e-5);
}

TEST_P(EveryFormat, KeepsACardOfTheUsers) {
  write_file_atomically(dir_ / "out" / "MODEL_CARD.md", "the user's");
  EXPECT_THROW(static_cast<void>(export_model(request())), UsageError);
  EXPECT_EQ(names_in(dir_ / "out"), std::vector<std::string>{"MODEL_CARD.md"});
}

TEST_P(EveryFormat, WantsItsEnding) {
  ExportRequest other = request();
  other.output = dir_ / "net.other";
  EXPECT_THROW(static_cast<void>(export_model(other)), UsageError);
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::Values("onnx", "openvino", "torch", "keras"),
                         [](const auto& each) { return each.param; });

/// As a network of Keras that was imported: one layer of each kind.
model::Model model_of_layers(bool reset_after) {
  using head::Activation;
  using head::LayerKind;
  head::HeadSpec spec{.kind = head::HeadKind::layers, .features = 6, .labels = 3};
  const auto dense = [](const char* name, Activation activation, float slope = 0) {
    return head::Layer{.kind = LayerKind::dense,
                       .name = name,
                       .units = 5,
                       .activation = activation,
                       .slope = slope};
  };
  spec.layers = {{.kind = LayerKind::batch_norm, .name = "batch_normalization"},
                 {.kind = LayerKind::lstm,
                  .name = "bidirectional",
                  .units = 4,
                  .activation = Activation::tanh,
                  .sequences = true,
                  .both_directions = head::Merge::concat},
                 {.kind = LayerKind::layer_norm, .name = "layer_normalization"},
                 {.kind = LayerKind::gru,
                  .name = "gru",
                  .units = 5,
                  .activation = Activation::tanh,
                  .reset_after = reset_after},
                 dense("dense", Activation::elu),
                 dense("dense_1", Activation::selu),
                 dense("dense_2", Activation::gelu),
                 dense("dense_3", Activation::softplus),
                 dense("dense_4", Activation::softsign),
                 dense("dense_5", Activation::silu),
                 dense("dense_6", Activation::exponential),
                 dense("dense_7", Activation::leaky_relu, 0.3F),
                 dense("dense_8", Activation::hard_sigmoid, 0.2F),
                 {.kind = LayerKind::dense, .name = "dense_9", .units = 3}};
  model::Model model;
  model.labels = {"a", "b", "c"};
  model.clip.frames = 6;
  model.backbone = model.fingerprint = "arrays";
  model.heads.push_back(testing::made_up_head(spec, 1));
  for (float& value :
       model.heads[0].parameters.at("batch_normalization/moving_variance").data<float>()) {
    value = std::abs(value) + 0.5F;
  }
  return model;
}

TEST_P(EveryFormat, OfImportedLayersComputesWhatTheModelDoes) {
  // LibTorch's GRU resets after the product alone.
  model::write(model_, model_of_layers(GetParam() == "torch"));
  EXPECT_LT(export_model(request()).largest_difference, 1e-5);
}

/// Poolings of two maps, which mini has not.
class TwoMaps : public ::testing::TestWithParam<std::string> {};

TEST_P(TwoMaps, FromFramesAreReadAsTheModelReadsThem) {
  if (!built(GetParam())) GTEST_SKIP() << "built without " << GetParam();
  const TempDir dir;
  ExportRequest request{.model = write_made_up_model(dir.path(), "lite0", 64),
                        .format = GetParam(),
                        .output = dir / ("net" + std::string(format_named(GetParam()).ending))};
  request.options.frames = true;
  EXPECT_LT(export_model(request).largest_difference, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Formats, TwoMaps, ::testing::Values("onnx", "openvino", "torch", "keras"),
                         [](const auto& each) { return each.param; });

class Export : public ::testing::Test {
protected:
  [[nodiscard]] ExportRequest openvino() const {
    return {.model = model_, .format = "openvino", .output = dir_ / "net.xml"};
  }

  TempDir dir_;
  fs::path model_ = write_made_up_model(dir_.path());
};

TEST_F(Export, StoresWeightsInHalfTheRoomAsF16) {
  static_cast<void>(export_model(openvino()));
  const auto whole = fs::file_size(dir_ / "net.bin");
  ExportRequest request = openvino();
  request.options.precision = ExportPrecision::f16;
  const ExportReport report = export_model(request);
  EXPECT_LT(fs::file_size(dir_ / "net.bin"), whole * 6 / 10);
  EXPECT_LT(report.largest_difference, report.allowed_difference);
}

TEST_F(Export, NamesTheLabelsToDlStreamer) {
  static_cast<void>(export_model(openvino()));
  const Json document = parse_json(read_text_file(dir_ / "net.json"));
  EXPECT_EQ(document.at("output_postproc").at(0).at("labels").at(1), "Sit down");
}

TEST_F(Export, NamesTheFormatsThatThereAre) {
  ExportRequest request = openvino();
  request.format = "pickle";
  EXPECT_EQ(message_of<Error>([&] { static_cast<void>(export_model(request)); }),
            "unknown format \"pickle\": choose one of onnx, openvino, torch, keras");
}

TEST_F(Export, HasInt8FromFramesOnly) {
  ExportRequest request = openvino();
  request.options.precision = ExportPrecision::int8;
  EXPECT_THROW(static_cast<void>(export_model(request)), UsageError);
}

TEST_F(Export, HasNoInt8InOnnx) {
  ExportRequest request{.model = model_, .format = "onnx", .output = dir_ / "net.onnx"};
  request.options.frames = true;
  request.options.precision = ExportPrecision::int8;
  EXPECT_THROW(static_cast<void>(export_model(request)), UsageError);
}

TEST_F(Export, StoppedLeavesNothing) {
  Hooks hooks;
  hooks.cancel.request();
  EXPECT_THROW(static_cast<void>(export_model(openvino(), hooks)), Cancelled);
  EXPECT_EQ(names_in(dir_.path()), std::vector<std::string>{"model.safetensors"});
}

TEST_F(Export, TellsWhatItReadsInTheCard) {
  static_cast<void>(export_model(openvino()));
  const std::string card = read_text_file(dir_ / "MODEL_CARD.md");
  EXPECT_NE(card.find("input `features`: float32 [clips, time, 512]"), std::string::npos) << card;
}

TEST_F(Export, TakesNoLabelForMarkdown) {
  static_cast<void>(export_model(openvino()));
  const std::string card = read_text_file(dir_ / "MODEL_CARD.md");
  EXPECT_NE(card.find("2. Jump \\[high\\]"), std::string::npos) << card;
}

TEST_F(Export, SaysInTheCardWhereTheModelTellsNothingOfItsTraining) {
  static_cast<void>(export_model(openvino()));
  const std::string card = read_text_file(dir_ / "MODEL_CARD.md");
  EXPECT_NE(card.find("does not tell how it was trained"), std::string::npos) << card;
}

TEST_F(Export, KeepsTheCardsOfOtherFilesInTheFolder) {
  ExportRequest other = openvino();
  other.output = dir_ / "other.xml";
  for (const ExportRequest& each : {openvino(), other, openvino(), other}) {
    static_cast<void>(export_model(each));
  }
  const std::string cards = read_text_file(dir_ / "MODEL_CARD.md");
  EXPECT_EQ(cards.find("# net.xml\n"), cards.rfind("# net.xml\n")) << cards;
  EXPECT_EQ(cards.find("# other.xml\n"), cards.rfind("# other.xml\n")) << cards;
  EXPECT_NE(cards.find("\n\n# other.xml\n"), std::string::npos) << cards;
}

TEST_F(Export, TellsOfAnImportedNetworkNoScoreThatNobodyMeasured) {
  model::Model imported = testing::made_up_model("mini", 64);
  imported.baseline.reset();
  model::write(model_, imported);
  static_cast<void>(export_model(openvino()));
  const std::string card = read_text_file(dir_ / "MODEL_CARD.md");
  EXPECT_EQ(card.find('%'), std::string::npos) << card;
}

class KerasFile : public ::testing::Test {
protected:
  [[nodiscard]] ExportRequest request() const {
    return {.model = model_, .format = "keras", .output = dir_ / "out" / "net.keras"};
  }

  TempDir dir_;
  fs::path model_ = write_made_up_model(dir_.path());
};

TEST_F(KerasFile, HasACardThatTellsOfItsMask) {
  (void)export_model(request());
  const std::string card = read_text_file(dir_ / "out" / "MODEL_CARD.md");
  EXPECT_NE(card.find("input `mask`"), std::string::npos) << card;
  EXPECT_EQ(card.find("lengths"), std::string::npos) << card;
}

TEST_F(KerasFile, OfANetworkThatAveragesNoMapIsRefused) {
  ExportRequest frames = request();
  frames.options.frames = true;
  EXPECT_NE(message_of<Error>([&] { (void)export_model(frames); }).find("no averages of maps"),
            std::string::npos);
}

}  // namespace
}  // namespace vidclass::exchange

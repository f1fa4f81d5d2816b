// Models as Keras 3 loads and runs them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/npy.hpp"
#include "core/npy_writer.hpp"
#include "exchange/import_keras.hpp"
#include "exchange/keras_writer.hpp"
#include "head/runner.hpp"
#include "peers.hpp"
#include "support/head_fixtures.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

using head::HeadKind;
using head::Transform;

constexpr std::size_t export_frames = 9;
constexpr std::size_t export_labels = 4;
constexpr std::size_t export_features = 6;
constexpr std::size_t export_middle = 3;

head::HeadSpec spec_of(HeadKind kind, std::vector<Transform> transforms = {Transform::plain}) {
  return {.kind = kind,
          .features = export_features,
          .middle = export_middle,
          .poolings = 2,
          .labels = export_labels,
          .transforms = std::move(transforms),
          .projection = 5,
          .hidden = 4};
}

std::vector<Transform> all_transforms() {
  std::vector<Transform> all;
  for (const Transform transform : {Transform::plain, Transform::centred, Transform::motion,
                                    Transform::centred_motion, Transform::contrast}) {
    all.push_back(transform);
    all.push_back(head::in_the_middle(transform));
  }
  return all;
}

head::HeadSpec along_axes(HeadKind kind) {
  head::HeadSpec spec = spec_of(kind, all_transforms());
  spec.axes = 4;
  spec.middle_axes = 2;
  return spec;
}

head::HeadSpec layers_spec(bool masked) {
  using head::LayerKind;
  head::HeadSpec spec = spec_of(HeadKind::layers);
  spec.steps = masked ? 0 : export_frames;
  spec.layers = {
      {.kind = LayerKind::batch_norm, .name = "batch_normalization"},
      {.kind = LayerKind::lstm,
       .name = "bidirectional",
       .units = 4,
       .activation = head::Activation::tanh,
       .sequences = true,
       .both_directions = head::Merge::concat,
       .masked = masked},
      {.kind = LayerKind::layer_norm, .name = "layer_normalization"},
      {.kind = LayerKind::gru,
       .name = "gru",
       .units = 5,
       .activation = head::Activation::tanh,
       .reset_after = false,
       .masked = masked},
      {.kind = LayerKind::dense, .name = "dense", .units = 6, .activation = head::Activation::silu},
      {.kind = LayerKind::dense, .name = "dense_1", .units = export_labels}};
  return spec;
}

head::Head made_up(const head::HeadSpec& spec, std::uint64_t seed = 1) {
  head::Head head = testing::made_up_head(spec, seed);
  for (auto& [name, tensor] : head.parameters) {
    if (!name.ends_with("variance")) continue;
    for (float& value : tensor.data<float>()) value = std::abs(value) + 0.5F;
  }
  return head;
}

/// Models by name.
std::vector<std::pair<std::string, head::Ensemble>> exported_heads() {
  return {{"mean", {made_up(spec_of(HeadKind::mean))}},
          {"keras_gru", {made_up(spec_of(HeadKind::keras_gru))}},
          {"gru", {made_up(spec_of(HeadKind::gru, all_transforms()))}},
          {"moments", {made_up(spec_of(HeadKind::moments, all_transforms()))}},
          {"along_axes",
           {made_up(along_axes(HeadKind::gru)), made_up(along_axes(HeadKind::moments), 2)}},
          {"layers", {made_up(layers_spec(true))}},
          {"filled_up", {made_up(layers_spec(false))}},
          {"ensemble",
           {made_up(spec_of(HeadKind::gru, {Transform::centred}), 1),
            made_up(spec_of(HeadKind::moments, {Transform::plain, Transform::centred_motion}), 2),
            made_up(spec_of(HeadKind::gru, {Transform::contrast, Transform::plain}), 3),
            made_up(spec_of(HeadKind::moments, {Transform::middle_centred}), 4),
            made_up(spec_of(HeadKind::gru, {Transform::centred}), 5),
            made_up(spec_of(HeadKind::mean), 6), made_up(layers_spec(true), 7)}}};
}

/// Of lengths that differ, as Keras takes them: filled up, with a mask.
struct ExportClips {
  std::vector<Tensor> own;
  Tensor together;
  Tensor mask;
};

ExportClips export_clips() {
  const std::size_t lengths[] = {export_frames, 1, 4, 8, 2, export_frames, 3};
  const std::size_t width = 2 * (export_features + export_middle);
  ExportClips clips{.own = {},
                    .together = Tensor(DType::f32, {7, export_frames, width}),
                    .mask = Tensor(DType::u8, {7, export_frames})};
  for (std::size_t i = 0; i < 7; ++i) {
    clips.own.push_back(testing::made_up_tensor({lengths[i], width}, 50 + i));
    const auto values = clips.own.back().data<float>();
    std::copy(values.begin(), values.end(),
              clips.together.data<float>().begin() +
                  static_cast<std::ptrdiff_t>(i * export_frames * width));
    for (std::size_t t = 0; t < lengths[i]; ++t) {
      clips.mask.data<std::uint8_t>()[i * export_frames + t] = 1;
    }
  }
  return clips;
}

float largest(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return HUGE_VALF;
  float found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float difference = std::abs(a.data<float>()[i] - b.data<float>()[i]);
    found = difference <= found ? found : difference;
  }
  return found;
}

model::Model export_model(const head::Ensemble& heads) {
  model::Model model;
  for (std::size_t i = 0; i < export_labels; ++i)
    model.labels.push_back("label" + std::to_string(i));
  model.heads = heads;
  return model;
}

TEST(KerasExportInKeras, GivesTheSameProbabilitiesOfAllHeadsInSafeMode) {
  VIDCLASS_NEED_PEER("keras3");
  const testing::TempDir folder;
  const ExportClips clips = export_clips();
  write_npy(folder / "features.npy", clips.together);
  write_npy(folder / "mask.npy", clips.mask);
  std::string arguments = "'" + folder.path().string() + "'";
  for (const auto& [name, heads] : exported_heads()) {
    const std::string file = folder / (name + ".keras");
    write_keras(export_model(heads), nullptr, file);
    arguments += " '" + file + "'";
  }
  ASSERT_EQ(testing::run_peer("keras3", "run_keras.py", arguments), 0);
  for (const auto& [name, heads] : exported_heads()) {
    SCOPED_TRACE(name);
    const Tensor expected = head::HeadRunner(heads).probabilities(clips.own);
    const Tensor found = read_npy(folder / (name + ".keras.npy"));
    EXPECT_LE(largest(found, expected), 1e-5F);
    std::printf("%s: largest difference %.2g\n", name.c_str(),
                static_cast<double>(largest(found, expected)));
  }
}

class KerasRoundTrip : public ::testing::TestWithParam<const char*> {};

TEST_P(KerasRoundTrip, GivesTheSameHead) {
  const testing::TempDir folder;
  for (auto& [name, heads] : exported_heads()) {
    if (name != GetParam()) continue;
    head::Head& head = heads.front();
    // A head that was imported reads one vector of a frame.
    head.spec.poolings = 1;
    head.spec.middle = 0;
    write_keras(export_model(heads), nullptr, folder / "model.keras");
    int frames = 0;
    const head::Head again = read_keras_head(folder / "model.keras", frames);
    EXPECT_EQ(again.spec.kind, head.spec.kind);
    std::vector<Tensor> clips;
    for (const std::size_t length : {std::size_t{1}, std::size_t{5}, export_frames}) {
      clips.push_back(testing::made_up_tensor({length, export_features}, length));
    }
    EXPECT_LE(largest(head::HeadRunner({again}).probabilities(clips),
                      head::HeadRunner({head}).probabilities(clips)),
              1e-6F);
  }
}

INSTANTIATE_TEST_SUITE_P(Heads, KerasRoundTrip,
                         ::testing::Values("keras_gru", "layers", "filled_up"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace vidclass::exchange

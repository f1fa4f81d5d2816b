#include "model/model.hpp"

#include "model/training_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <memory>
#include <vector>

#include "core/atomic_file.hpp"
#include "support/head_fixtures.hpp"
#include "support/motion_fixtures.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::model {
namespace {

using testing::made_up_head;

/// Every field away from its default.
TrainingRecord made_up_training() {
  TrainingRecord record{
      .seed = 7,
      .split = {.seed = 3, .validation = 0.2, .test = 0.25, .fold = SplitRecord::Fold{2, 4}},
      .train_clips = 40,
      .val_clips = 8,
      .val_top1 = 0.75,
      .val_loss = 0.5,
      .refitted = true,
      .seconds = 12.5,
      .recipe = train::recipe_for(head::HeadKind::gru),
      .members = {{.seed = 11, .epochs = {}, .best_epoch = 1}},
      .ensemble = EnsembleRecord{.mixture = train::Mixture::motion,
                                 .folds = 3,
                                 .groups = 9,
                                 .loss = {{train::Mixture::motion, 0.9}}},
      .finetune = FinetuneRecord{.blocks = "block14",
                                 .best_epoch = 2,
                                 .seconds = 30,
                                 .frozen_seconds = 4,
                                 .clips_per_second = 3,
                                 .epochs = {{.epoch = 0, .val_loss = 1.5}}},
      .streams = StreamsRecord{.folds = 3,
                               .groups = 9,
                               .appearance_loss = 0.7,
                               .motion_loss = 0.6,
                               .joined_loss = 0.4,
                               .strength = 64,
                               .appearance_val_top1 = 0.5,
                               .motion_val_top1 = 0.625,
                               .seconds = 2}};
  record.recipe.optimiser = train::OptimiserKind::sgd;
  record.members[0].epochs = {{.epoch = 1,
                               .train_loss = 1.25,
                               .val_loss = 1.5,
                               .val_objective = 1.75,
                               .val_top1 = 0.5,
                               .learning_rate = 0.001,
                               .seconds = 0.5}};
  return record;
}

Model make_model() {
  const head::HeadSpec gru{.kind = head::HeadKind::gru,
                           .features = 6,
                           .labels = 3,
                           .transforms = {head::Transform::plain, head::Transform::centred},
                           .projection = 4,
                           .hidden = 5};
  return {.labels = {"jump", "run", "läuft, \"quoted\""},
          .clip = {.sampling = video::Sampling::first,
                   .frames = 12,
                   .preprocess = video::Preprocess::standard,
                   .size = 224,
                   .crop = video::Crop::motion},
          .backbone = "mini",
          .fingerprint = "abc",
          .precision = backbone::Precision::bf16,
          .calibration = {{"layer/low", Tensor::from<float>({2}, std::vector<float>{-1, 0})}},
          .heads = {made_up_head(gru, 1), made_up_head(gru, 2)},
          .baseline = made_up_head({.kind = head::HeadKind::mean, .features = 6, .labels = 3}, 3),
          .training = made_up_training()};
}

class ModelFile : public ::testing::Test {
protected:
  testing::TempDir dir_;
  std::filesystem::path path_ = dir_ / "model.safetensors";

  std::string reading_error() {
    try {
      (void)read(path_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no exception";
  }
};

TEST_F(ModelFile, KeepsTheWeightsOfAFineTunedNetwork) {
  Model model = make_model();
  model.tuned = std::make_shared<const NamedTensors>(NamedTensors{
      {"block14_sepconv1_bn/beta", Tensor::from<float>({2}, std::vector{1.5F, -2.0F})}});
  write(path_, model);
  const Model again = read(path_);
  ASSERT_TRUE(again.tuned);
  ASSERT_EQ(again.tuned->size(), 1U);
  const Tensor& weight = again.tuned->at("block14_sepconv1_bn/beta");
  EXPECT_EQ(weight.shape(), (Shape{2}));
  EXPECT_EQ(weight.data<float>()[1], -2.0F);
}

TEST_F(ModelFile, NeedsNoBaseline) {
  Model model = make_model();
  model.baseline.reset();
  write(path_, model);
  EXPECT_FALSE(read(path_).baseline);
}

TEST_F(ModelFile, HasNoTunedWeightsUnlessTheNetworkWasFineTuned) {
  write(path_, make_model());
  EXPECT_FALSE(read(path_).tuned);
}

TEST_F(ModelFile, RefusesTunedWeightsThatAreNotFinite) {
  Model model = make_model();
  model.tuned = std::make_shared<const NamedTensors>(NamedTensors{
      {"block14_sepconv1_bn/beta",
       Tensor::from<float>({1}, std::vector{std::numeric_limits<float>::quiet_NaN()})}});
  EXPECT_THROW(write(path_, model), Error);
}

TEST_F(ModelFile, ReadsBackAsItWasWritten) {
  const Model model = make_model();
  write(path_, model);
  const Model again = read(path_);
  EXPECT_EQ(again.labels, model.labels);
  EXPECT_EQ(again.clip.sampling, model.clip.sampling);
  EXPECT_EQ(again.clip.frames, model.clip.frames);
  EXPECT_EQ(again.clip.preprocess, model.clip.preprocess);
  EXPECT_EQ(again.clip.crop, model.clip.crop);
  EXPECT_EQ(again.clip.size, model.clip.size);
  ASSERT_TRUE(again.calibration.contains("layer/low"));
  EXPECT_EQ(again.calibration.at("layer/low").data<float>()[0], -1);
  EXPECT_EQ(again.backbone, model.backbone);
  EXPECT_EQ(again.fingerprint, model.fingerprint);
  EXPECT_EQ(again.precision, model.precision);
  EXPECT_EQ(to_json(again.training), to_json(model.training));
  ASSERT_EQ(again.heads.size(), 2U);
  EXPECT_EQ(again.heads[1].spec.transforms, model.heads[1].spec.transforms);
  const auto& name = "backward/recurrent_kernel";
  const auto expected = model.heads[1].parameters.at(name).data<float>();
  const auto actual = again.heads[1].parameters.at(name).data<float>();
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), actual.begin(), actual.end()));
}

TEST_F(ModelFile, KeepsTheAxesThatAHeadReadsAlong) {
  Model model = make_model();
  head::HeadSpec spec = model.heads[0].spec;
  spec.axes = 2;
  model.heads = {made_up_head(spec, 1)};
  write(path_, model);
  const Model again = read(path_);
  EXPECT_EQ(again.heads[0].spec.axes, 2U);
  EXPECT_EQ(again.heads[0].parameters.at("axes/last").shape(), (Shape{6, 2}));
}

TEST_F(ModelFile, OfOneThatDoesNotTellOfItsTrainingTellsNothing) {
  Model model = make_model();
  model.training.reset();
  write(path_, model);
  EXPECT_FALSE(read(path_).training);
}

TEST_F(ModelFile, CutShortAnywhereGivesOneLineThatNamesIt) {
  write(path_, make_model());
  const std::string whole = read_text_file(path_);
  for (const std::size_t size :
       {whole.size() - 1, whole.size() / 2, std::size_t{100}, std::size_t{8}, std::size_t{3}}) {
    write_file_atomically(path_, std::string_view(whole).substr(0, size));
    const std::string error = reading_error();
    EXPECT_NE(error.find(path_.string()), std::string::npos) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST_F(ModelFile, AnEmptyFileIsNamed) {
  std::ofstream(path_).close();
  EXPECT_EQ(reading_error(), "cannot read " + path_.string() + ": it is empty");
}

TEST_F(ModelFile, AMissingFileIsWrongUseAndNamed) {
  EXPECT_THROW((void)read(path_), UsageError);
  EXPECT_NE(reading_error().find(path_.string() + ": no such file"), std::string::npos);
}

TEST_F(ModelFile, OtherSafetensorsAreNotTakenForAModel) {
  write_safetensors(path_, {{"x", Tensor(DType::f32, {2})}});
  EXPECT_NE(reading_error().find("is not a vidclass model"), std::string::npos);
}

TEST_F(ModelFile, AMissingParameterIsNamed) {
  write(path_, make_model());
  const SafetensorsFile file(path_);
  NamedTensors tensors = file.load_all();
  tensors.erase("heads/1/forward/kernel");
  const auto damaged = dir_ / "damaged.safetensors";
  write_safetensors(damaged, tensors, file.metadata());
  path_ = damaged;
  EXPECT_NE(reading_error().find("the parameter forward/kernel is missing"), std::string::npos);
}

TEST_F(ModelFile, AModelWithTooFewLabelsIsNotWritten) {
  Model model = make_model();
  model.labels.pop_back();
  EXPECT_THROW(write(path_, model), Error);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ModelFile, ALabelThatOccursTwiceIsRefused) {
  Model model = make_model();
  model.labels[1] = model.labels[0];
  EXPECT_THROW(write(path_, model), Error);
}

Model with_motion() {
  Model model = make_model();
  model.motion = testing::made_up_motion_stream(model.labels.size());
  return model;
}

TEST(ModelWithMotion, ComesBackWhole) {
  const testing::TempDir dir;
  write(dir / "m.safetensors", with_motion());
  const Model back = read(dir / "m.safetensors");
  ASSERT_TRUE(back.motion);
  EXPECT_EQ(back.motion->weights, with_motion().motion->weights);
  EXPECT_FALSE(back.motion->mirror);
  const NamedTensors expected = to_tensors(*with_motion().motion);
  const NamedTensors found = to_tensors(*back.motion);
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    EXPECT_TRUE(testing::same_bytes(found.at(name), tensor)) << name;
  }
}

TEST(ModelWithMotion, IsNotTakenForOneWithoutByEarlierReaders) {
  const testing::TempDir dir;
  write(dir / "with.safetensors", with_motion());
  write(dir / "without.safetensors", make_model());
  const auto version_of = [](const std::filesystem::path& file) {
    const std::string header = SafetensorsFile(file).metadata().at("vidclass_model");
    return header.substr(header.find("\"format_version\":") + 17, 1);
  };
  EXPECT_EQ(version_of(dir / "with.safetensors"), "2");
  EXPECT_EQ(version_of(dir / "without.safetensors"), "1");
}

TEST(ModelWithMotion, KnowsThePlacesAgainThatItWasTrainedIn) {
  const testing::TempDir dir;
  Model model = with_motion();
  const std::size_t width = model.heads.front().spec.features;
  model.motion->weights.motion_elsewhere = 0.9;
  model.motion->places = {.looks = Tensor(DType::f32, {2, width}), .usual = 0.25, .far = 0.5};
  write(dir / "m.safetensors", model);
  const MotionStream back = read(dir / "m.safetensors").motion.value();
  EXPECT_EQ(back.weights.motion_elsewhere, 0.9);
  EXPECT_EQ(back.places.usual, 0.25);
  EXPECT_EQ(back.places.far, 0.5);
  EXPECT_TRUE(testing::same_bytes(back.places.looks, model.motion->places.looks));
}

TEST(ModelWithMotion, IsRefusedWhosePlacesAreOfOtherFeatures) {
  const testing::TempDir dir;
  Model model = with_motion();
  const std::size_t width = model.heads.front().spec.features;
  model.motion->places = {.looks = Tensor(DType::f32, {2, width + 1}), .usual = 0.25, .far = 0.5};
  EXPECT_THROW(write(dir / "m.safetensors", model), Error);
}

TEST(ModelWithMotion, IsRefusedForAWeightOutOfRange) {
  const testing::TempDir dir;
  Model model = with_motion();
  model.motion->weights.motion = 2;
  EXPECT_THROW(write(dir / "m.safetensors", model), Error);
}

TEST(MotionStreamTensors, AreRefusedWhereOneIsMissing) {
  for (const char* name : {"whole/hof/mean", "square/mbhy/variances", "classifier/bias"}) {
    NamedTensors tensors = to_tensors(testing::made_up_motion_stream(3));
    ASSERT_EQ(tensors.erase(name), 1U);
    MotionStream stream;
    EXPECT_THROW(take_tensors(stream, tensors, 3), Error) << name;
  }
}

TEST(MotionStreamTensors, AreRefusedForAnotherNumberOfLabels) {
  MotionStream stream;
  EXPECT_THROW(take_tensors(stream, to_tensors(testing::made_up_motion_stream(3)), 4), Error);
}

TEST(MotionStreamTensors, AreRefusedWhereTheyAreNotFinite) {
  NamedTensors tensors = to_tensors(testing::made_up_motion_stream(3));
  tensors.at("classifier/weights").data<float>()[5] = NAN;
  MotionStream stream;
  EXPECT_THROW(take_tensors(stream, tensors, 3), Error);
}

}  // namespace
}  // namespace vidclass::model

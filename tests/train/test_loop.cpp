// What the options of a training do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "support/made_up_clips.hpp"
#include "train/train.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using vidclass::testing::MadeUpClips;
using vidclass::testing::separable_clips;
using vidclass::testing::unlearnable_clips;

constexpr std::size_t width = 6;
constexpr std::size_t label_count = 3;

TrainOptions keras_gru_options(int epochs) {
  TrainOptions options;
  options.spec = {.kind = head::HeadKind::keras_gru, .features = width, .labels = label_count};
  options.epochs = epochs;
  options.batch_size = 8;
  return options;
}

TrainResult train(const TrainOptions& options, const MadeUpClips& clips,
                  const MadeUpClips& validation) {
  return train_heads(clips, validation, options);
}

TEST(BalancedWeights, MakeRareLabelsCountAsMuchAsFrequentOnes) {
  const std::size_t labels[] = {0, 0, 0, 1, 3, 3};
  EXPECT_EQ(balanced_weights(labels, 4), (std::vector<float>{0.5F, 1.5F, 0, 0.75F}));
}

TEST(Patience, EndsTheTrainingSoManyEpochsAfterTheBest) {
  TrainOptions options = keras_gru_options(400);
  options.learning_rate = 0.02;
  options.patience = 3;
  const auto result = train(options, unlearnable_clips(1, width, label_count),
                            unlearnable_clips(2, width, label_count));
  const auto& member = result.members.at(0);
  EXPECT_LT(member.epochs.size(), 400U);
  EXPECT_EQ(static_cast<int>(member.epochs.size()), member.best_epoch + 3);
  EXPECT_FALSE(result.stopped);
}

TEST(Patience, EndsTheProgressAtItsTotal) {
  TrainOptions options = keras_gru_options(400);
  options.learning_rate = 0.02;
  options.patience = 1;
  ProgressState last;
  static_cast<void>(train_heads(unlearnable_clips(1, width, label_count),
                                unlearnable_clips(2, width, label_count), options,
                                {.progress = [&](const ProgressState& state) { last = state; }}));
  EXPECT_EQ(last.done, last.total);
}

TEST(Accumulation, OfTwoBatchesIsOneOfTwiceTheSize) {
  // `mean` has no dropout, which would differ.
  const MadeUpClips data = separable_clips(32, label_count, width, 1);
  TrainOptions options = keras_gru_options(3);
  options.spec.kind = head::HeadKind::mean;
  options.balanced = false;  // weights are shared out within a batch
  const auto whole = train(options, data, data);
  options.batch_size = 4;
  options.accumulate = 2;
  const auto in_parts = train(options, data, data);
  for (std::size_t e = 0; e < 3; ++e) {
    EXPECT_NEAR(whole.members[0].epochs[e].train_loss, in_parts.members[0].epochs[e].train_loss,
                1e-5);
    EXPECT_NEAR(whole.members[0].epochs[e].val_loss, in_parts.members[0].epochs[e].val_loss, 1e-5);
  }
}

TEST(EveryOptimiser, LearnsASeparableProblem) {
  for (const auto kind : {OptimiserKind::adamw, OptimiserKind::adam, OptimiserKind::sgd}) {
    TrainOptions options = keras_gru_options(40);
    options.spec.kind = head::HeadKind::mean;
    options.weight_decay = 1e-3;
    options.optimiser = kind;
    options.learning_rate = kind == OptimiserKind::sgd ? 0.1 : 1e-2;
    const auto result = train(options, separable_clips(90, label_count, width, 1, 3, 2),
                              separable_clips(45, label_count, width, 2, 3, 2));
    EXPECT_GE(result.val_top1, 0.95) << to_string(kind);
  }
}

TEST(LearningRate, OfEveryEpochIsTold) {
  TrainOptions options = keras_gru_options(10);
  options.schedule = ScheduleKind::cosine;
  options.warm_up = 0.2;
  const MadeUpClips data = separable_clips(24, label_count, width, 1);
  const auto epochs = train(options, data, data).members.at(0).epochs;
  EXPECT_LT(epochs[0].learning_rate, epochs[1].learning_rate);
  EXPECT_GT(epochs[5].learning_rate, epochs[9].learning_rate);
}

std::string failure(const TrainOptions& options, const MadeUpClips& data) {
  try {
    static_cast<void>(train(options, data, data));
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

TEST(ATrainingThatDiverges, SaysWhereAndWhatToTry) {
  TrainOptions options = keras_gru_options(50);
  options.spec.kind = head::HeadKind::mean;
  options.optimiser = OptimiserKind::sgd;
  options.learning_rate = 1e30;
  const std::string said = failure(options, separable_clips(24, label_count, width, 1));
  for (const char* part : {"epoch ", "step ", "learning rate", "clip norm"}) {
    EXPECT_NE(said.find(part), std::string::npos) << said;
  }
  EXPECT_EQ(said.find('\n'), std::string::npos);
}

TEST(ClipNorm, KeepsASteepTrainingFinite) {
  TrainOptions options = keras_gru_options(5);
  options.optimiser = OptimiserKind::sgd;
  options.learning_rate = 1;
  options.clip_norm = 1e-3;
  const MadeUpClips data = separable_clips(24, label_count, width, 1);
  EXPECT_TRUE(std::isfinite(train(options, data, data).val_loss));
}

struct Wrong {
  std::string name;
  std::function<void(TrainOptions&)> set;
  std::string said;
};

TEST(TrainOptionsOutOfRange, AreWrongUseThatIsNamed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Wrong> all{
      {"epochs", [](auto& o) { o.epochs = 0; }, "epochs"},
      {"batch", [](auto& o) { o.batch_size = -1; }, "batch size"},
      {"rate", [=](auto& o) { o.learning_rate = nan; }, "learning rate"},
      {"members", [](auto& o) { o.members = 0; }, "members"},
      {"accumulate", [](auto& o) { o.accumulate = 0; }, "accumulate"},
      {"decay", [](auto& o) { o.weight_decay = -1; }, "weight decay"},
      {"clip", [](auto& o) { o.clip_norm = -1; }, "norm"},
      {"patience", [](auto& o) { o.patience = -1; }, "patience"},
      {"momentum", [](auto& o) { o.momentum = 1; }, "momentum"},
      {"warm-up", [](auto& o) { o.warm_up = 1; }, "warm-up"},
      {"smoothing", [](auto& o) { o.label_smoothing = 1; }, "label smoothing"},
      {"dropout", [](auto& o) { o.output_dropout = 1; }, "dropout"},
      {"nesterov", [](auto& o) { o.nesterov = true; }, "sgd"}};
  for (const Wrong& wrong : all) {
    TrainOptions options = keras_gru_options(1);
    wrong.set(options);
    try {
      static_cast<void>(chosen_recipe(options));
      ADD_FAILURE() << wrong.name;
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find(wrong.said), std::string::npos) << error.what();
    }
  }
}

/// Counts how many clips are in use at the same time.
class CountedFeatures final : public FeatureSource {
public:
  explicit CountedFeatures(std::size_t clips) : clips_(clips) {}
  [[nodiscard]] std::size_t size() const noexcept override { return clips_; }
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    most_ = std::max(most_, ++in_use_);
    Tensor tensor(DType::f32, {2, width});
    tensor.data<float>()[clip % label_count] = 1;
    return {new Tensor(std::move(tensor)), [this](const Tensor* gone) {
              --in_use_;
              delete gone;
            }};
  }
  [[nodiscard]] std::size_t most() const { return most_; }

private:
  std::size_t clips_;
  mutable std::size_t in_use_ = 0;
  mutable std::size_t most_ = 0;
};

TEST(Training, HoldsNoMoreClipsThanABatchHas) {
  const auto source = std::make_shared<CountedFeatures>(200);
  LabelledFeatures data{source, {}};
  for (std::size_t i = 0; i < 200; ++i) data.labels.push_back(i % label_count);
  static_cast<void>(train_heads(data, data, keras_gru_options(2)));
  EXPECT_LE(source->most(), 64U);  // the validation's
  EXPECT_GE(source->most(), 8U);
}

TEST(SubsetOfClips, HasTheClipsAndLabelsAskedFor) {
  const MadeUpClips all = separable_clips(9, label_count, width, 1);
  const LabelledFeatures some = subset(all, {7, 2});
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some.labels, (std::vector{all.labels[7], all.labels[2]}));
  EXPECT_EQ(some.clips->features(0)->shape(), all.clips[7].shape());
}

}  // namespace
}  // namespace vidclass::train

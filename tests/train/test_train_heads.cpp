#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "evaluate/score.hpp"
#include "head/runner.hpp"
#include "support/made_up_clips.hpp"
#include "train/train.hpp"
#include "vidclass/error.hpp"

// Training whole heads of every kind.
namespace vidclass::train {
namespace {

using head::HeadKind;
namespace testing = vidclass::testing;
using testing::MadeUpClips;

constexpr std::size_t head_width = 6;
constexpr std::size_t head_labels = 3;

TrainOptions options_for(HeadKind kind, int epochs = 3) {
  TrainOptions options;
  options.spec = testing::small_spec(kind, head_width, head_labels);
  options.epochs = epochs;
  options.learning_rate = 1e-2;
  options.batch_size = 8;
  options.threads = 2;
  return options;
}

bool same_bits(const head::Ensemble& a, const head::Ensemble& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].parameters.size() != b[i].parameters.size()) return false;
    for (const auto& [name, tensor] : a[i].parameters) {
      const auto other = b[i].parameters.at(name).bytes();
      if (!std::equal(tensor.bytes().begin(), tensor.bytes().end(), other.begin(), other.end())) {
        return false;
      }
    }
  }
  return true;
}

evaluate::Score score_of(const head::Ensemble& heads, const MadeUpClips& data) {
  return evaluate::score_of(head::HeadRunner(heads).probabilities(data.clips), data.labels, 0);
}

/// The message of the Error of kind E that training on these ends with.
template <typename E = Error>
std::string failure(const LabelledFeatures& train, const LabelledFeatures& validation,
                    const TrainOptions& options) {
  try {
    static_cast<void>(train_heads(train, validation, options));
  } catch (const E& error) {
    return error.what();
  }
  return "no failure";
}

void expect_says(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

class EveryHead : public ::testing::TestWithParam<HeadKind> {};

TEST_P(EveryHead, LearnsASeparableProblem) {
  const auto options = options_for(GetParam(), GetParam() == HeadKind::gru ? 12 : 40);
  const auto result =
      train_heads(testing::separable_clips(90, head_labels, head_width, 1, 3, 2),
                  testing::separable_clips(45, head_labels, head_width, 2, 3, 2), options);
  EXPECT_GE(result.val_top1, 0.95);
}

TEST_P(EveryHead, IsTheSameBitForBitForTheSameSeed) {
  const auto train = testing::separable_clips(24, head_labels, head_width, 1);
  const auto validation = testing::separable_clips(12, head_labels, head_width, 2);
  const auto options = options_for(GetParam());
  EXPECT_TRUE(same_bits(train_heads(train, validation, options).heads,
                        train_heads(train, validation, options).heads));
}

TEST_P(EveryHead, DiffersForAnotherSeed) {
  const auto train = testing::separable_clips(24, head_labels, head_width, 1);
  const auto validation = testing::separable_clips(12, head_labels, head_width, 2);
  auto options = options_for(GetParam());
  const auto first = train_heads(train, validation, options);
  options.seed = 2;
  EXPECT_FALSE(same_bits(first.heads, train_heads(train, validation, options).heads));
}

TEST_P(EveryHead, TrainsOnClipsOfOneFrame) {
  MadeUpClips data = testing::separable_clips(12, head_labels, head_width, 1);
  for (Tensor& clip : data.clips) {
    clip = Tensor::from<float>({1, head_width}, clip.data<float>().first(head_width));
  }
  const auto result = train_heads(data, data, options_for(GetParam()));
  EXPECT_TRUE(std::isfinite(result.val_loss));
  EXPECT_NO_THROW(static_cast<void>(score_of(result.heads, data)));
}

TEST_P(EveryHead, ReportsItsProgressUpToTheTotal) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  auto options = options_for(GetParam(), 4);
  options.members = 3;
  std::vector<ProgressState> states;
  static_cast<void>(train_heads(data, data, options, {.progress = [&](const ProgressState& state) {
                                  states.push_back(state);
                                }}));
  ASSERT_FALSE(states.empty());
  const std::size_t steps = 3 * 4 * 2;  // members, epochs, batches
  EXPECT_EQ(states.size(), steps);
  for (std::size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ(states[i].done, i + 1);
    EXPECT_EQ(states[i].total, steps);
  }
}

TEST_P(EveryHead, TellsOfEveryEpochOfEveryMember) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  auto options = options_for(GetParam(), 4);
  options.members = 3;
  std::vector<std::vector<int>> told(3);
  static_cast<void>(
      train_heads(data, data, options, {.on_epoch = [&](int member, const Epoch& epoch) {
                    told.at(static_cast<std::size_t>(member)).push_back(epoch.epoch);
                  }}));
  for (const auto& epochs : told) EXPECT_EQ(epochs, (std::vector{1, 2, 3, 4}));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryHead,
                         ::testing::Values(HeadKind::mean, HeadKind::keras_gru, HeadKind::gru,
                                           HeadKind::moments),
                         [](const auto& tested) {
                           std::string name(head::to_string(tested.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(TrainHeads, GivesTheSameBitsOnAnyNumberOfThreads) {
  const auto train = testing::separable_clips(24, head_labels, head_width, 1);
  const auto validation = testing::separable_clips(12, head_labels, head_width, 2);
  auto options = options_for(HeadKind::gru);
  options.members = 3;
  options.threads = 1;
  const auto alone = train_heads(train, validation, options);
  options.threads = 3;
  EXPECT_TRUE(same_bits(alone.heads, train_heads(train, validation, options).heads));
}

TEST(TrainHeads, TrainsMembersThatDiffer) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  auto options = options_for(HeadKind::gru);
  options.members = 2;
  const auto heads = train_heads(data, data, options).heads;
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_FALSE(same_bits({heads[0]}, {heads[1]}));
}

class Overfitted : public ::testing::Test {
protected:
  void SetUp() override {
    auto options = options_for(HeadKind::gru, 15);
    options.members = 2;
    result_ =
        train_heads(testing::unlearnable_clips(1, head_width, head_labels), validation_, options);
    // What follows says something only if a later epoch was worse.
    for (const auto& member : result_.members) {
      ASSERT_LT(member.best_epoch, static_cast<int>(member.epochs.size()));
    }
  }

  MadeUpClips validation_ = testing::unlearnable_clips(2, head_width, head_labels);
  TrainResult result_;
};

TEST_F(Overfitted, NamesTheEpochOfTheLowestValidationLossAsTheBest) {
  for (const auto& member : result_.members) {
    const auto lowest = std::min_element(
        member.epochs.begin(), member.epochs.end(),
        [](const Epoch& a, const Epoch& b) { return a.val_objective < b.val_objective; });
    EXPECT_EQ(member.best_epoch, lowest->epoch);
  }
}

TEST_F(Overfitted, ReturnsTheWeightsOfTheBestEpoch) {
  for (std::size_t i = 0; i < result_.heads.size(); ++i) {
    const auto& member = result_.members[i];
    const Epoch& best = member.epochs[static_cast<std::size_t>(member.best_epoch) - 1];
    const evaluate::Score score = score_of({result_.heads[i]}, validation_);
    EXPECT_NEAR(score.loss, best.val_loss, 1e-4);
    EXPECT_DOUBLE_EQ(score.top1, best.val_top1);
  }
}

TEST_F(Overfitted, KeepsTheLastEpochWhereThatIsAskedFor) {
  auto options = options_for(HeadKind::gru, 15);
  options.members = 1;
  options.keep_last = true;
  const TrainResult last =
      train_heads(testing::unlearnable_clips(1, head_width, head_labels), validation_, options);
  EXPECT_EQ(last.members[0].best_epoch, 15);
  const evaluate::Score score = score_of(last.heads, validation_);
  EXPECT_NEAR(score.loss, last.members[0].epochs.back().val_loss, 1e-4);
}

TEST_F(Overfitted, ScoresTheAverageOfTheMembers) {
  const evaluate::Score score = score_of(result_.heads, validation_);
  EXPECT_NEAR(score.loss, result_.val_loss, 1e-4);
  EXPECT_DOUBLE_EQ(score.top1, result_.val_top1);
}

double order_top1(HeadKind kind) {
  constexpr std::size_t features = 4;
  TrainOptions options = options_for(kind, 15);
  options.spec = testing::small_spec(kind, features, 2);
  return train_heads(testing::rising_and_falling_clips(30, features, 1),
                     testing::rising_and_falling_clips(15, features, 2), options)
      .val_top1;
}

TEST(OrderOfFrames, IsLearnedByTheGru) { EXPECT_GE(order_top1(HeadKind::gru), 0.95); }

TEST(OrderOfFrames, IsLearnedByMoments) { EXPECT_GE(order_top1(HeadKind::moments), 0.95); }

TEST(OrderOfFrames, IsHiddenFromTheMean) { EXPECT_NEAR(order_top1(HeadKind::mean), 0.5, 0.1); }

class TrainingInput : public ::testing::Test {
protected:
  MadeUpClips good_ = testing::separable_clips(12, head_labels, head_width, 1);
  MadeUpClips bad_ = good_;
  TrainOptions options_ = options_for(HeadKind::gru);
};

TEST_F(TrainingInput, WithoutClipsIsRefused) {
  expect_says(failure({}, good_, options_), "there is no training clip");
}

TEST_F(TrainingInput, WithoutValidationClipsIsRefused) {
  expect_says(failure(good_, {}, options_), "there is no validation clip");
}

TEST_F(TrainingInput, WithALabelOutOfRangeIsRefused) {
  bad_.labels[4] = head_labels;
  expect_says(failure(bad_, good_, options_), "training clip 4 has the label 3 of 3");
}

TEST_F(TrainingInput, WithFewerLabelsThanClipsIsRefused) {
  bad_.labels.pop_back();
  expect_says(failure(bad_, good_, options_), "12 training clips have 11 labels");
}

TEST_F(TrainingInput, OfAnotherWidthIsRefused) {
  bad_.clips[2] = Tensor(DType::f32, {4, head_width + 1});
  expect_says(failure(good_, bad_, options_), "validation clip 2 is F32 [4, 7]");
}

TEST_F(TrainingInput, OfAnotherElementTypeIsRefused) {
  bad_.clips[2] = Tensor(DType::u8, {4, head_width});
  expect_says(failure(bad_, good_, options_), "training clip 2 is U8 [4, 6]");
}

TEST_F(TrainingInput, WithAClipWithoutFramesIsRefused) {
  bad_.clips[2] = Tensor(DType::f32, {0, head_width});
  expect_says(failure(bad_, good_, options_), "training clip 2 is F32 [0, 6]");
}

TEST_F(TrainingInput, WithATrainingValueThatIsNotFiniteIsRefused) {
  bad_.clips[2].data<float>()[1] = std::numeric_limits<float>::quiet_NaN();
  expect_says(failure(bad_, good_, options_), "training clip 2 holds values that are not finite");
}

TEST_F(TrainingInput, WithAValidationValueThatIsNotFiniteIsRefused) {
  bad_.clips[2].data<float>()[1] = std::numeric_limits<float>::infinity();
  expect_says(failure(good_, bad_, options_), "validation clip 2 holds values that are not finite");
}

TEST_F(TrainingInput, OfNoEpochsIsWrongUse) {
  options_.epochs = 0;
  expect_says(failure<UsageError>(good_, good_, options_), "epochs must be above 0");
}

TEST_F(TrainingInput, OfALearningRateThatIsNoNumberIsWrongUse) {
  options_.learning_rate = std::numeric_limits<double>::quiet_NaN();
  expect_says(failure<UsageError>(good_, good_, options_), "learning rate must be above 0");
}

TEST_F(TrainingInput, ThatDivergesIsAnErrorThatSaysWhatToTry) {
  options_.learning_rate = 1e30;
  options_.epochs = 50;
  expect_says(failure(good_, good_, options_), "lower learning rate");
}

TEST(CancelledTraining, GivesTheBestEpochSoFar) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  TrainHooks hooks;
  hooks.on_epoch = [&](int, const Epoch& epoch) {
    if (epoch.epoch == 3) hooks.cancel.request();
  };
  auto options = options_for(HeadKind::gru, 1'000'000);
  options.members = 1;
  const auto result = train_heads(data, data, options, hooks);
  EXPECT_TRUE(result.stopped);
  ASSERT_EQ(result.members.size(), 1U);
  EXPECT_EQ(result.members[0].epochs.size(), 3U);
  EXPECT_NO_THROW(head::check(result.heads.at(0)));
}

TEST(CancelledTraining, LeavesOutMembersThatHaveNoEpochYet) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  TrainHooks hooks;
  hooks.on_epoch = [&](int member, const Epoch&) {
    if (member == 1) hooks.cancel.request();
  };
  auto options = options_for(HeadKind::mean, 2);
  options.members = 3;
  options.threads = 1;
  EXPECT_EQ(train_heads(data, data, options, hooks).heads.size(), 2U);
}

TEST(CancelledTraining, EndsWithCancelledBeforeTheFirstEpochHasEnded) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  TrainHooks hooks;
  hooks.progress = [&](const ProgressState&) { hooks.cancel.request(); };
  EXPECT_THROW(static_cast<void>(train_heads(data, data, options_for(HeadKind::gru), hooks)),
               Cancelled);
}

TEST(CancelledTraining, DoesNotBeginWhenItWasStoppedBefore) {
  const auto data = testing::separable_clips(12, head_labels, head_width, 1);
  bool began = false;
  TrainHooks hooks;
  hooks.progress = [&](const ProgressState&) { began = true; };
  hooks.cancel.request();
  EXPECT_THROW(static_cast<void>(train_heads(data, data, options_for(HeadKind::mean), hooks)),
               Cancelled);
  EXPECT_FALSE(began);
}

}  // namespace
}  // namespace vidclass::train

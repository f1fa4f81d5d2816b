// A training that is ended at any moment and resumed is the one that was not.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "core/atomic_file.hpp"
#include "support/made_up_clips.hpp"
#include "support/temp_dir.hpp"
#include "train/train.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

namespace fs = std::filesystem;
using vidclass::testing::MadeUpClips;
using vidclass::testing::separable_clips;
using vidclass::testing::TempDir;

constexpr std::size_t features_a_frame = 6;
constexpr std::size_t labels_in_all = 3;
constexpr std::size_t steps_in_all = 12;  // 4 epochs of 3

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

class ResumedTraining : public ::testing::Test {
protected:
  ResumedTraining() {
    options_.spec = {
        .kind = head::HeadKind::keras_gru, .features = features_a_frame, .labels = labels_in_all};
    options_.epochs = 4;
    options_.batch_size = 8;
    options_.checkpoints.dir = dir_ / "checkpoints";
    options_.checkpoints.seconds = 0;  // after every step
  }

  TrainResult train(const TrainHooks& hooks = {}) {
    return train_heads(clips_, validation_, options_, hooks);
  }

  /// As SIGKILL would: nothing more is written after step `step`.
  void train_and_die_after(std::size_t step) {
    TrainHooks hooks;
    hooks.progress = [&](const ProgressState& state) {
      if (state.done == step) throw Killed();
    };
    EXPECT_THROW(static_cast<void>(train(hooks)), Killed);
  }

  TrainResult resume() {
    options_.checkpoints.resume = true;
    return train();
  }

  std::string failure_of_resume() {
    try {
      static_cast<void>(resume());
    } catch (const Error& error) {
      return error.what();
    }
    return "no failure";
  }

  static void expect_same(const TrainResult& a, const TrainResult& b) {
    ASSERT_EQ(a.heads.size(), b.heads.size());
    for (std::size_t i = 0; i < a.heads.size(); ++i) {
      for (const auto& [name, tensor] : a.heads[i].parameters) {
        const auto other = b.heads[i].parameters.at(name).bytes();
        EXPECT_TRUE(
            std::equal(tensor.bytes().begin(), tensor.bytes().end(), other.begin(), other.end()))
            << name;
      }
      EXPECT_EQ(a.members[i].best_epoch, b.members[i].best_epoch);
      ASSERT_EQ(a.members[i].epochs.size(), b.members[i].epochs.size());
      for (std::size_t e = 0; e < a.members[i].epochs.size(); ++e) {
        EXPECT_EQ(a.members[i].epochs[e].train_loss, b.members[i].epochs[e].train_loss);
        EXPECT_EQ(a.members[i].epochs[e].val_objective, b.members[i].epochs[e].val_objective);
      }
    }
    EXPECT_EQ(a.val_loss, b.val_loss);
  }

  TempDir dir_;
  MadeUpClips clips_ = separable_clips(24, labels_in_all, features_a_frame, 1);
  MadeUpClips validation_ = separable_clips(12, labels_in_all, features_a_frame, 2);
  TrainOptions options_;
};

TEST_F(ResumedTraining, GivesTheSameBitsWhereverItWasKilled) {
  const TrainResult whole = train();
  for (std::size_t step = 1; step <= steps_in_all; ++step) {
    options_.checkpoints.resume = false;
    train_and_die_after(step);
    expect_same(resume(), whole);
  }
}

TEST_F(ResumedTraining, GivesTheSameBitsFromACheckpointOfStepsAgo) {
  options_.checkpoints.seconds = 1e9;
  options_.checkpoints.epochs = 1;
  const TrainResult whole = train();
  train_and_die_after(8);  // two steps after the second epoch
  expect_same(resume(), whole);
}

TEST_F(ResumedTraining, GivesTheSameBitsWithEveryOptimiser) {
  for (const auto kind : {OptimiserKind::adamw, OptimiserKind::adam, OptimiserKind::sgd}) {
    options_.optimiser = kind;
    options_.checkpoints.resume = false;
    const TrainResult whole = train();
    train_and_die_after(7);
    expect_same(resume(), whole);
  }
}

TEST_F(ResumedTraining, GivesTheSameBitsOfSeveralMembers) {
  options_.members = 3;
  options_.threads = 2;
  const TrainResult whole = train();
  train_and_die_after(20);
  expect_same(resume(), whole);
}

TEST_F(ResumedTraining, GivesTheSameBitsAfterBeingStoppedOnRequest) {
  const TrainResult whole = train();
  TrainHooks hooks;
  hooks.progress = [&](const ProgressState& state) {
    if (state.done == 5) hooks.cancel.request();
  };
  options_.checkpoints.seconds = 1e9;
  EXPECT_TRUE(train(hooks).stopped);
  expect_same(resume(), whole);
}

TEST_F(ResumedTraining, TellsOfTheEpochsBehindIt) {
  train_and_die_after(8);
  options_.checkpoints.resume = true;
  std::vector<int> epochs;
  static_cast<void>(
      train({.on_epoch = [&](int, const Epoch& epoch) { epochs.push_back(epoch.epoch); }}));
  EXPECT_EQ(epochs, (std::vector{1, 2, 3, 4}));
}

TEST_F(ResumedTraining, DoesNotTrainAgainWhatWasFinished) {
  const TrainResult whole = train();
  options_.checkpoints.resume = true;
  std::size_t told = 0;
  expect_same(train({.progress = [&](const ProgressState&) { ++told; }}), whole);
  EXPECT_LE(told, 1U);
}

TEST_F(ResumedTraining, BeginsAnewWhereNothingWasKept) {
  const TrainResult whole = train();
  fs::remove_all(options_.checkpoints.dir);
  expect_same(resume(), whole);
}

TEST_F(ResumedTraining, NamesTheSettingThatDiffers) {
  train_and_die_after(4);
  options_.learning_rate = 0.5;
  const std::string said = failure_of_resume();
  EXPECT_NE(said.find("the learning rate was 0.001 and is now 0.5"), std::string::npos) << said;
  EXPECT_NE(said.find("member-1.safetensors"), std::string::npos) << said;
}

TEST_F(ResumedTraining, SaysThatTheDataDiffer) {
  train_and_die_after(4);
  clips_.clips[3].data<float>()[0] += 1;
  const std::string said = failure_of_resume();
  EXPECT_NE(said.find("content of the training clips"), std::string::npos) << said;
}

TEST_F(ResumedTraining, SaysThatTheNumberOfClipsDiffers) {
  train_and_die_after(4);
  validation_ = separable_clips(9, labels_in_all, features_a_frame, 2);
  const std::string said = failure_of_resume();
  EXPECT_NE(said.find("number of validation clips was 12 and is now 9"), std::string::npos) << said;
}

TEST_F(ResumedTraining, RefusesADamagedCheckpointByItsName) {
  train_and_die_after(4);
  const fs::path file = options_.checkpoints.dir / "member-1.safetensors";
  write_file_atomically(file, read_text_file(file).substr(0, 900));
  EXPECT_NE(failure_of_resume().find(file.string()), std::string::npos);
}

TEST_F(ResumedTraining, RefusesAModelInPlaceOfACheckpoint) {
  write_safetensors(options_.checkpoints.dir / "member-1.safetensors",
                    {{"a", Tensor(DType::f32, {1})}});
  EXPECT_NE(failure_of_resume().find("not a checkpoint"), std::string::npos);
}

TEST_F(ResumedTraining, WithoutResumeForgetsWhatWasKept) {
  train_and_die_after(4);
  options_.seed = 2;  // otherwise this would be refused
  EXPECT_NO_THROW(static_cast<void>(train()));
}

TEST_F(ResumedTraining, KeepsNothingUnlessAskedTo) {
  options_.checkpoints = {};
  static_cast<void>(train());
  EXPECT_TRUE(fs::is_empty(dir_.path()));
}

}  // namespace
}  // namespace vidclass::train

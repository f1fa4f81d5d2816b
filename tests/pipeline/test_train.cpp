// The work of `train`: from a data set to a model file.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/format.hpp"
#include "fixtures.hpp"
#include "model/model.hpp"
#include "pipeline/make_model.hpp"
#include "pipeline/train.hpp"
#include "support/footage.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using vidclass::testing::film;
using vidclass::testing::same_bytes;

bool same_heads(const model::Model& a, const model::Model& b) {
  if (a.heads.size() != b.heads.size()) return false;
  for (std::size_t i = 0; i < a.heads.size(); ++i) {
    for (const auto& [name, values] : a.heads[i].parameters) {
      if (!same_bytes(values, b.heads[i].parameters.at(name))) return false;
    }
  }
  return true;
}

class Training : public ::testing::Test {
protected:
  [[nodiscard]] fs::path model() const { return dir_ / "m.safetensors"; }
  [[nodiscard]] fs::path checkpoints() const { return dir_ / "m.safetensors.checkpoints"; }
  [[nodiscard]] TrainOutcome run(const TrainEvents& events = {}) {
    return train(request_, heard_.hooks(), events);
  }
  [[nodiscard]] std::string refusal() {
    return message_of<UsageError>([&] { (void)run(); });
  }
  /// Cancels after some epochs of the head.
  [[nodiscard]] TrainEvents cancelling_after(int epochs) const {
    return {.on_epoch = [this, epochs](const TrainingName&, int, const train::Epoch& epoch) {
      if (epoch.epoch == epochs) heard_.cancel.request();
    }};
  }

  const TempDir dir_;
  const fs::path data_ = ArraySet::of_groups(dir_ / "a", 8);
  TrainRequest request_ = mean_request(data_, model());
  Heard heard_;
};

TEST_F(Training, WritesTheModelThatItReturns) {
  const auto outcome = run();
  EXPECT_TRUE(same_heads(model::read(model()), outcome.model));
}

TEST_F(Training, RecordsTheSeed) {
  request_.seed = 7;
  (void)run();
  EXPECT_EQ(model::read(model()).training.value().seed, 7U);
}

TEST_F(Training, RecordsTheRecipe) {
  (void)run();
  EXPECT_EQ(model::read(model()).training.value().recipe.epochs, 3);
}

TEST_F(Training, RecordsHowTheSplitWasMade) {
  request_.split = {.validation = 0.25, .test = 0.2, .seed = 9};
  (void)run();
  const auto split = split_options_of(model::read(model()));
  EXPECT_EQ(split.validation, 0.25);
  EXPECT_EQ(split.test, 0.2);
  EXPECT_EQ(split.seed, 9U);
}

TEST_F(Training, RecordsWhichFoldIsTheTestSet) {
  request_.split.fold = dataset::Fold{2, 4};
  (void)run();
  const auto fold = split_options_of(model::read(model())).fold;
  ASSERT_TRUE(fold);
  EXPECT_EQ(fold->number, 2);
  EXPECT_EQ(fold->of, 4);
}

TEST_F(Training, TellsOfRecordingsAcrossASplitWhereGroupsAreGivenToo) {
  std::string rows = "path,label,group,split\n";
  for (const int place : {1, 2}) {
    for (const char* split : {"train", "val"}) {
      const fs::path path = dir_ / format("{}{}.avi", split, place);
      film(path, {.place = place, .seconds = split[0] == 't' ? 1 : 1.5, .still = true});
      rows += format("{0},label{1},{2}{1},{2}\n", path.string(), place, split);
    }
  }
  request_.data.data = put(dir_ / "clips.csv", rows);
  EXPECT_EQ(run().leaks, 2U);
  EXPECT_TRUE(heard_.warned_of("2 recordings"));
}

TEST_F(Training, RecordsTheNumberOfItsClips) {
  request_.data.data = ArraySet::with_splits(dir_ / "b");
  (void)run();
  const auto record = model::read(model()).training.value();
  EXPECT_EQ(record.train_clips, 8U);
  EXPECT_EQ(record.val_clips, 4U);
}

TEST_F(Training, KeepsWhatItHasSeenOfTheClips) {
  request_.data.data = ArraySet::with_splits(dir_ / "b");
  (void)run();
  const auto seen = model::read(model()).seen;
  EXPECT_EQ(seen.train.size(), 8U);
  EXPECT_EQ(seen.validation.size(), 4U);
}

TEST_F(Training, TrainsAgainOnTheValidationClipsByDefault) {
  (void)run();
  EXPECT_TRUE(was_refitted(model::read(model())));
}

TEST_F(Training, DoesNotTrainAgainWhereItShallNot) {
  request_.head.refit = false;
  (void)run();
  EXPECT_FALSE(was_refitted(model::read(model())));
}

TEST_F(Training, DoesNotTrainTheKerasExamplesHeadAgain) {
  request_.head.options.spec.kind = head::HeadKind::keras_gru;
  request_.head.options.epochs = 1;
  (void)run();
  EXPECT_FALSE(was_refitted(model::read(model())));
}

TEST_F(Training, OfTheSameSeedGivesTheSameModel) {
  const auto first = run(), second = run();
  EXPECT_TRUE(same_heads(first.model, second.model));
}

TEST_F(Training, OfAnotherSeedGivesAnotherModel) {
  const auto first = run();
  request_.seed = 2;
  EXPECT_FALSE(same_heads(first.model, run().model));
}

TEST_F(Training, OfSeveralSeedsHasAScoreEach) {
  request_.seeds = 3;
  EXPECT_EQ(run().seeds.loss.size(), 3U);
}

TEST_F(Training, OfSeveralSeedsKeepsTheLowestValidationLoss) {
  request_.seeds = 3;
  const auto outcome = run();
  EXPECT_EQ(outcome.model.training.value().val_loss, *std::ranges::min_element(outcome.seeds.loss));
}

TEST_F(Training, HasAScoreForEachFold) {
  request_.folds = 3;
  EXPECT_EQ(run().folds.value().top1.size(), 3U);
}

TEST_F(Training, TellsOfWhichFoldAnEpochIs) {
  request_.folds = 2;
  std::set<int> folds;
  (void)run({.on_epoch = [&](const TrainingName& name, int, const train::Epoch&) {
    folds.insert(name.fold);
  }});
  EXPECT_EQ(folds, (std::set<int>{0, 1, 2}));
}

TEST_F(Training, TellsOfWhichSeedAnEpochIs) {
  request_.seed = 4;
  request_.seeds = 2;
  std::set<std::uint64_t> seeds;
  (void)run({.on_epoch = [&](const TrainingName& name, int, const train::Epoch&) {
    seeds.insert(name.seed);
  }});
  EXPECT_EQ(seeds, (std::set<std::uint64_t>{4, 5}));
}

TEST_F(Training, TellsTheFeaturesBeforeTheFirstEpoch) {
  std::vector<std::string> told;
  TrainEvents events;
  events.on_features = [&](const auto&, const auto&) { told.emplace_back("features"); };
  events.on_epoch = [&](const auto&, int, const auto&) { told.emplace_back("epoch"); };
  (void)run(events);
  EXPECT_EQ(told.at(0), "features");
}

TEST_F(Training, NamesItsStages) {
  (void)run();
  EXPECT_TRUE(heard_.named_stage("read"));
  EXPECT_TRUE(heard_.named_stage("train mean"));
}

TEST_F(Training, NamesTheStageThatTrainsAgain) {
  (void)run();
  EXPECT_TRUE(heard_.named_stage("train mean on all clips"));
}

TEST_F(Training, NamesTheFoldInItsStage) {
  request_.folds = 2;
  (void)run();
  EXPECT_TRUE(heard_.named_stage("train mean, fold 2 of 2"));
}

TEST_F(Training, PrintsNothing) {
  ArraySet set(dir_ / "b");
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "", split);
  }
  set.add_broken(1, "train");
  request_.data.data = set.csv();
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  (void)run();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(Training, TellsOfClipsThatCannotBeUsed) {
  ArraySet set(dir_ / "b");
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "", split);
  }
  const fs::path broken = set.add_broken(1, "train");
  request_.data.data = set.csv();
  const auto outcome = run();
  EXPECT_TRUE(heard_.warned_of("unusable clip " + broken.string()));
  ASSERT_EQ(outcome.extraction.unusable.size(), 1U);
  EXPECT_EQ(outcome.model.training.value().train_clips, 2U);
}

TEST_F(Training, FailsWhereNoClipCanBeUsed) {
  ArraySet set(dir_ / "b");
  for (const char* split : {"val", "test"}) set.add(0, "", split);
  set.add_broken(0, "train");
  set.add_broken(1, "train");
  request_.data.data = set.csv();
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "no usable clip in the split \"train\"")) << message;
}

TEST_F(Training, RefusesAFolderAsOutput) {
  request_.output = dir_.path();
  const auto message = refusal();
  EXPECT_TRUE(has(message, dir_.path().string() + " is a folder; name the model file")) << message;
}

TEST_F(Training, RefusesAnOutputWithoutAName) {
  request_.output.clear();
  EXPECT_TRUE(has(refusal(), "the model file to write has no name"));
}

TEST_F(Training, RefusesAClipAsOutput) {
  request_.output = open_data({.data = data_}).clips.at(0).path;
  const auto message = refusal();
  EXPECT_TRUE(has(message, "is read by this call and would be overwritten")) << message;
}

TEST_F(Training, RefusesTheListOfClipsAsOutput) {
  request_.output = data_;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Training, RefusesFoldsWithFineTuning) {
  request_.folds = 3;
  request_.finetune.emplace();
  EXPECT_TRUE(has(refusal(), "folds leave clips out that a fine-tuned network has seen"));
}

TEST_F(Training, RefusesFadedClipsForAHeadOfMeans) {
  request_.head.faded = true;
  EXPECT_TRUE(has(refusal(), "a head mean is trained on plain clips: faded ones cannot be added"));
}

TEST_F(Training, RefusesNoEpochs) {
  request_.head.options.epochs = 0;
  const auto message = refusal();
  EXPECT_TRUE(has(message, "the number of epochs must be above 0, not 0")) << message;
}

TEST_F(Training, RefusesNoSeeds) {
  request_.seeds = 0;
  const auto message = refusal();
  EXPECT_TRUE(has(message, "seeds must be 1 or more, not 0")) << message;
}

TEST_F(Training, RefusesMoreFoldsThanGroups) {
  request_.folds = 20;
  EXPECT_TRUE(has(refusal(), "cannot make 20 folds"));
}

class LeakingTraining : public Training {
protected:
  LeakingTraining() {
    ArraySet set(dir_ / "leaking");
    set.add(0, "", "train");
    set.add(0, "", "val");
    set.add(1, "", "val");
    set.add_copy(set.add(1, "", "train"), 1, "test");
    request_.data.data = set.csv();
  }
};

TEST_F(LeakingTraining, IsTold) {
  (void)run();
  EXPECT_TRUE(heard_.warned_of("1 of 1 test clips leak from other splits (1 of the same content"));
}

TEST_F(LeakingTraining, IsCounted) { EXPECT_EQ(run().leaks, 1U); }

TEST_F(LeakingTraining, IsRefusedWhereThatWasAskedFor) {
  request_.refuse_leaks = true;
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "1 of 1 test clips leak")) << message;
}

TEST_F(LeakingTraining, WritesNothingWhereItIsRefused) {
  request_.refuse_leaks = true;
  EXPECT_THROW((void)run(), Error);
  EXPECT_FALSE(fs::exists(model()));
}

TEST_F(Training, CancelledBeforeItBeganWritesNothing) {
  heard_.cancel.request();
  EXPECT_THROW((void)run(), Cancelled);
  EXPECT_FALSE(fs::exists(model()));
}

TEST_F(Training, CancelledOnTheWayWritesTheBestSoFar) {
  request_.head.options.epochs = 50;
  EXPECT_TRUE(run(cancelling_after(2)).stopped);
  EXPECT_EQ(model::read(model()).training.value().members.at(0).epochs.size(), 2U);
}

TEST_F(Training, CancelledOnTheWayStillHasABaseline) {
  request_.head.options.epochs = 50;
  (void)run(cancelling_after(1));
  EXPECT_NO_THROW(head::check(model::read(model()).baseline.value()));
}

TEST_F(Training, CancelledOnTheWayKeepsItsCheckpoints) {
  request_.head.options.epochs = 50;
  (void)run(cancelling_after(1));
  EXPECT_TRUE(fs::exists(checkpoints() / "seed-1"));
}

TEST_F(Training, CancelledOnTheWayDoesNotTrainAgain) {
  request_.head.options.epochs = 50;
  (void)run(cancelling_after(1));
  EXPECT_FALSE(was_refitted(model::read(model())));
}

TEST_F(Training, CancelledInTheSecondSeedKeepsTheFirst) {
  request_.seeds = 2;
  TrainEvents events;
  events.on_epoch = [&](const TrainingName& name, int, const train::Epoch&) {
    if (name.seed == 2) heard_.cancel.request();
  };
  EXPECT_TRUE(run(events).stopped);
  EXPECT_TRUE(fs::exists(model()));
}

TEST_F(Training, LeavesNoCheckpointsWhenDone) {
  request_.checkpoints.epochs = 1;
  (void)run();
  EXPECT_FALSE(fs::exists(checkpoints()));
}

TEST_F(Training, ResumedGivesWhatItWouldHaveGivenInOneGo) {
  request_.head.options.epochs = 6;
  const auto whole = run();
  (void)run(cancelling_after(3));
  request_.checkpoints.resume = true;
  EXPECT_TRUE(same_heads(train(request_).model, whole.model));
}

TEST_F(Training, RefusesToResumeAnother) {
  request_.head.options.epochs = 6;
  (void)run(cancelling_after(3));
  request_.checkpoints.resume = true;
  request_.head.options.learning_rate = 0.5;
  EXPECT_THROW((void)train(request_), Error);
}

class HelpingRank : public Training {
protected:
  HelpingRank() {
    request_ = mean_request(put_video_csv(dir_ / "d.csv"), model());
    request_.features.rank = 1;
    request_.features.ranks = 2;
  }
};

TEST_F(HelpingRank, WritesNoModel) {
  EXPECT_TRUE(run().helped_only);
  EXPECT_FALSE(fs::exists(model()));
}

TEST_F(HelpingRank, LeavesNothingToExtract) {
  (void)run();
  request_.features.rank = 0;
  EXPECT_EQ(run().extraction.frames, 0U);
}

TEST_F(HelpingRank, TellsNoProgress) {
  (void)run();
  EXPECT_FALSE(heard_.named_stage("extract"));
}

TEST(HeadToTrain, ChoosesItsMembersOnlyIfItIsAGru) {
  HeadRequest request;
  request.options.spec.kind = head::HeadKind::mean;
  EXPECT_FALSE(chooses_ensemble(request));
  request.options.spec.kind = head::HeadKind::gru;
  EXPECT_TRUE(chooses_ensemble(request));
}

TEST(HeadToTrain, ChoosesNoMembersThatWereAskedFor) {
  EXPECT_FALSE(chooses_ensemble({.mixture = train::Mixture::motion}));
}

TEST(HeadToTrain, WantsFadedClipsWhereItDrawsAugmentedClips) { EXPECT_TRUE(wants_faded({})); }

TEST(HeadToTrain, WantsNoFadedClipsWhereTheyAreDeclined) {
  EXPECT_FALSE(wants_faded({.faded = false}));
}

}  // namespace
}  // namespace vidclass::pipeline::testing

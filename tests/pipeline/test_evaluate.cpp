// The work of `evaluate`: models scored on the clips of a data set.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/npy_writer.hpp"
#include "fixtures.hpp"
#include "model/model.hpp"
#include "pipeline/evaluate.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

void train_model_of(const fs::path& data, const fs::path& file, std::uint64_t seed = 1) {
  TrainRequest request = mean_request(data, file);
  request.seed = seed;
  (void)train(request);
}

/// Data and a model of it, made once a process. Only to be read.
struct Trained {
  explicit Trained(fs::path (*make)(const fs::path& folder)) : data(make(dir / "a")) {
    train_model_of(data, model);
  }
  TempDir dir;
  fs::path model = dir / "m.safetensors";
  fs::path data;
};

const Trained& of_given_splits() {
  static const Trained trained(ArraySet::with_splits);
  return trained;
}

const Trained& of_made_splits() {
  static const Trained trained(
      [](const fs::path& folder) { return ArraySet::of_groups(folder, 10); });
  return trained;
}

/// A model of arrays, trained on data that gives splits.
class Evaluation : public ::testing::Test {
protected:
  explicit Evaluation(const Trained& trained = of_given_splits())
      : model_(trained.model), data_(trained.data) {}

  [[nodiscard]] EvaluateOutcome run() { return evaluate(request_, heard_.hooks()); }
  [[nodiscard]] std::string refusal() {
    return message_of<UsageError>([&] { (void)run(); });
  }

  const TempDir dir_;
  const fs::path model_;
  const fs::path data_;
  EvaluateRequest request_ = evaluation_of(model_, data_);
  Heard heard_;
};

TEST_F(Evaluation, IsOfTheTestClips) { EXPECT_EQ(run().record.verdict.model.metrics.clips, 4U); }

TEST_F(Evaluation, OfSplitsWithoutLeaksWarnsOfNothing) {
  EXPECT_TRUE(run().warnings.empty());
  EXPECT_TRUE(heard_.warnings.empty());
}

TEST_F(Evaluation, IsOfTheSplitThatIsAskedFor) {
  request_.split = "val";
  EXPECT_EQ(run().answers.clips.size(), 4U);
}

TEST_F(Evaluation, OfValidationClipsSaysThatTheModelWasTrainedAgainOnThem) {
  request_.split = "val";
  EXPECT_TRUE(any_has(run().warnings, "was trained again on these validation clips"));
}

TEST_F(Evaluation, RefusesAnUnknownSplit) {
  request_.split = "probe";
  const auto message = refusal();
  EXPECT_TRUE(has(message, "probe")) << message;
}

TEST_F(Evaluation, RefusesASplitWithoutAName) {
  request_.split = "";
  EXPECT_TRUE(has(refusal(), "the split has no name: use train, val, test or all"));
}

TEST_F(Evaluation, RefusesASplitWithoutClips) {
  ArraySet set(dir_ / "b", 1);
  for (const std::size_t label : {0U, 1U}) set.add(label, "", "test");
  request_.data.data = set.csv();
  request_.split = "val";
  const auto message = refusal();
  EXPECT_TRUE(has(message, "has no clip in the split \"val\"")) << message;
}

TEST_F(Evaluation, RefusesLabelsThatTheModelDoesNotKnow) {
  ArraySet set(dir_ / "b", 1);
  for (const std::size_t label : {0U, 2U}) set.add(label, "", "test");
  request_.data.data = set.csv();
  const auto message = refusal();
  EXPECT_TRUE(has(message, "the label \"odd\" of " + request_.data.data.string() +
                               " is unknown to " + model_.string()))
      << message;
}

TEST_F(Evaluation, RefusesClipsForAModelOfArrays) {
  request_.data.data = put_video_csv(dir_ / "d.csv");
  const auto message = refusal();
  EXPECT_TRUE(has(message, "reads arrays of 6 features a frame")) << message;
}

TEST_F(Evaluation, RefusesAModelThatIsNotThere) {
  request_.model = dir_ / "none.safetensors";
  EXPECT_TRUE(has(refusal(), "none.safetensors"));
}

TEST_F(Evaluation, RefusesToWriteItsAnswersOntoTheModel) {
  request_.predictions = model_;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Evaluation, RefusesAFolderForItsAnswers) {
  request_.predictions = dir_.path();
  EXPECT_TRUE(has(refusal(), "is a folder; name the file to write"));
}

TEST_F(Evaluation, RefusesAFolderForItsPage) {
  request_.report = dir_.path();
  EXPECT_TRUE(has(refusal(), "is a folder; name the file to write"));
}

TEST_F(Evaluation, RefusesToWriteItsPageOntoAClip) {
  request_.report = open_data({.data = data_}).clips.at(0).path;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Evaluation, RefusesToWriteItsAnswersOntoTheOtherModel) {
  request_.against = dir_ / "other.safetensors";
  fs::copy_file(model_, request_.against);
  request_.predictions = request_.against;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Evaluation, CountsClipsThatTheModelWasTrainedOn) {
  request_.split = "all";
  const auto record = run().record;
  EXPECT_EQ(record.trained_on, 8U);
  EXPECT_EQ(record.validated_on, 4U);
}

TEST_F(Evaluation, WarnsOfClipsThatTheModelWasTrainedOn) {
  request_.split = "all";
  (void)run();
  EXPECT_TRUE(heard_.warned_of("12 of 16 clips to test on have the content of clips that " +
                               model_.string() + " was trained on (8) or validated on (4)"));
}

TEST_F(Evaluation, KnowsClipsThatTheModelWasTrainedOnUnderOtherNames) {
  const auto clips = open_data({.data = data_}).clips;
  ArraySet set(dir_ / "b", 1);
  set.add(0, "", "test");
  set.add_copy(clips.at(1).path, 1, "test");
  request_.data.data = set.csv();
  EXPECT_EQ(run().record.trained_on, 1U);
}

TEST_F(Evaluation, RefusesClipsThatTheModelWasTrainedOnWhereThatWasAskedFor) {
  request_.split = "all";
  request_.refuse_leaks = true;
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "12 of 16 clips to test on")) << message;
}

TEST_F(Evaluation, RefusesLeaksBetweenSplitsWhereThatWasAskedFor) {
  ArraySet set(dir_ / "b", 1);
  for (const char* split : {"train", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "scene", split);
  }
  request_.data.data = set.csv();
  request_.refuse_leaks = true;
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "1 divided group")) << message;
}

TEST_F(Evaluation, KeepsInItsOutcomeWhatItWarnsOf) {
  request_.split = "all";
  EXPECT_EQ(run().warnings, heard_.warnings);
}

TEST_F(Evaluation, GoesOnWithoutClipsThatCannotBeUsed) {
  ArraySet set(dir_ / "b", 1);
  set.add(0, "", "test");
  set.add(1, "", "test");
  const fs::path broken = set.add_broken(1, "test");
  request_.data.data = set.csv();
  const auto outcome = run();
  EXPECT_EQ(outcome.record.verdict.model.metrics.clips, 2U);
  ASSERT_EQ(outcome.record.unusable.size(), 1U);
  EXPECT_EQ(outcome.record.unusable[0].path, broken);
}

TEST_F(Evaluation, WarnsOfClipsThatCannotBeUsed) {
  ArraySet set(dir_ / "b", 1);
  set.add(0, "", "test");
  const fs::path broken = set.add_broken(1, "test");
  request_.data.data = set.csv();
  (void)run();
  EXPECT_TRUE(heard_.warned_of("unusable clip " + broken.string()));
}

TEST_F(Evaluation, FailsWhereNoClipCanBeUsed) {
  ArraySet set(dir_ / "b", 1);
  for (const std::size_t label : {0U, 1U}) set.add_broken(label, "test");
  request_.data.data = set.csv();
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "no clip is usable")) << message;
}

TEST_F(Evaluation, ComparesWithAnotherModelOnTheSameClips) {
  request_.against = dir_ / "other.safetensors";
  train_model_of(data_, request_.against, 2);
  const auto comparisons = run().record.verdict.comparisons;
  ASSERT_EQ(comparisons.size(), 2U);
  EXPECT_EQ(comparisons[1].name, request_.against.string());
  EXPECT_EQ(comparisons[1].metrics.clips, 4U);
}

TEST_F(Evaluation, RefusesToCompareWithAModelOfOtherLabels) {
  ArraySet set(dir_ / "b", 1);
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 2U}) set.add(label, "", split);
  }
  request_.against = dir_ / "other.safetensors";
  train_model_of(set.csv(), request_.against);
  const auto message = refusal();
  EXPECT_TRUE(has(message, "is unknown to " + request_.against.string())) << message;
}

TEST_F(Evaluation, RefusesToCompareWithAModelOfMoreLabels) {
  ArraySet set(dir_ / "b", 1);
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 1U, 2U}) set.add(label, "", split);
  }
  request_.against = dir_ / "other.safetensors";
  train_model_of(set.csv(), request_.against);
  const auto message = refusal();
  EXPECT_TRUE(has(message, "was trained for 3 labels")) << message;
}

TEST_F(Evaluation, HasAScoreForEachModelOfOtherSeeds) {
  request_.also = {dir_ / "2.safetensors"};
  train_model_of(data_, request_.also[0], 2);
  const auto heads = run().record.heads;
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(heads[0].seeds.size(), 2U);
}

TEST_F(Evaluation, WritesALineForEachClip) {
  request_.predictions = dir_ / "p.csv";
  (void)run();
  EXPECT_EQ(lines_of(request_.predictions), 1U + 4U);
}

TEST_F(Evaluation, WritesAPageThatNamesItsCommand) {
  request_.report = dir_ / "page.html";
  request_.command = "make the page again";
  (void)run();
  EXPECT_TRUE(has(text_of(request_.report), "make the page again"));
}

TEST_F(Evaluation, StopsOnRequest) {
  EXPECT_THROW((void)evaluate(request_, cancelled()), Cancelled);
}

TEST_F(Evaluation, CancelledWritesNothing) {
  request_.predictions = dir_ / "p.csv";
  EXPECT_THROW((void)evaluate(request_, cancelled()), Cancelled);
  EXPECT_FALSE(fs::exists(request_.predictions));
}

TEST_F(Evaluation, PrintsNothing) {
  request_.split = "all";
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  (void)run();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

/// Of data that gives no splits, whose groups are known.
class EvaluationOfMadeSplits : public Evaluation {
protected:
  EvaluationOfMadeSplits() : Evaluation(of_made_splits()) {}

  /// The model without what it tells of its clips.
  void forget_the_clips() {
    model::Model forgetful = model::read(model_);
    forgetful.seen = {};
    request_.model = dir_ / "forgetful.safetensors";
    model::write(request_.model, forgetful);
  }

  const model::SeenClips seen_ = model::read(model_).seen;
};

TEST_F(EvaluationOfMadeSplits, TestsOnAllThatTheModelHasNotSeen) {
  EXPECT_EQ(run().answers.clips.size(), 20 - seen_.train.size() - seen_.validation.size());
}

TEST_F(EvaluationOfMadeSplits, TestsOnNothingThatTheModelWasTrainedOn) {
  EXPECT_EQ(run().record.trained_on, 0U);
}

TEST_F(EvaluationOfMadeSplits, TakesTheClipsOfTheTrainingForTrain) {
  request_.split = "train";
  EXPECT_EQ(run().answers.clips.size(), seen_.train.size());
}

TEST_F(EvaluationOfMadeSplits, TakesTheClipsValidatedOnForVal) {
  request_.split = "val";
  EXPECT_EQ(run().answers.clips.size(), seen_.validation.size());
}

TEST_F(EvaluationOfMadeSplits, LeavesOutNewClipsOfGroupsThatTheModelHasSeen) {
  const std::size_t before = run().answers.clips.size();
  // A new clip in each group.
  fs::copy(data_.parent_path(), dir_ / "more");
  request_.data.data = dir_.path() / "more" / data_.filename();
  std::string rows = text_of(data_);
  for (int group = 0; group < 10; ++group) {
    const std::string name = "new" + std::to_string(group) + ".npy";
    Tensor array(DType::f32, {3, ArraySet::width});
    array.data<float>()[0] = static_cast<float>(group);
    write_npy(dir_.path() / "more" / name, array);
    rows += name + ",high,g" + std::to_string(group) + ",\n";
  }
  put(request_.data.data, rows);
  const auto outcome = run();
  EXPECT_EQ(outcome.answers.clips.size(), before + before / 2);
  EXPECT_TRUE(any_has(outcome.warnings, "belong to groups that it was trained or validated on"));
}

TEST_F(EvaluationOfMadeSplits, MakesTheSplitAgainForAModelThatDoesNotTellItsClips) {
  const auto told = run().answers.clips;
  forget_the_clips();
  EXPECT_EQ(run().answers.clips, told);
}

TEST_F(EvaluationOfMadeSplits, SaysThatItMadeTheSplitAgain) {
  forget_the_clips();
  EXPECT_TRUE(any_has(run().warnings, "the split was made again from its seed"));
}

/// A model of clips.
TEST(EvaluationOfClips, RefusesArrays) {
  const TempDir dir;
  const fs::path model = dir / "m.safetensors";
  (void)train(mean_request(put_video_csv(dir / "d.csv"), model));
  const auto message = message_of<UsageError>(
      [&] { (void)evaluate(evaluation_of(model, ArraySet::with_splits(dir / "a"))); });
  EXPECT_TRUE(has(message, "reads clips with the network mini")) << message;
}

}  // namespace
}  // namespace vidclass::pipeline::testing

// Training, weighing and scoring a motion stream beside a head.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "model/model.hpp"
#include "pipeline/run.hpp"
#include "pipeline/stream_scores.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

/// Two classes of made-up videos, and a head `mean` of them.
class WithMotion : public ::testing::Test {
protected:
  WithMotion() {
    (void)user_cache();
    request_.features = mini_features(dir_ / "cache");
    request_.head.motion = true;
  }

  const TempDir dir_;
  const fs::path data_ = put_video_csv(dir_ / "data.csv");
  TrainRequest request_ = mean_request(data_, dir_ / "m.safetensors");
};

TEST_F(WithMotion, TheModelHasBothStreams) {
  (void)train(request_);
  EXPECT_TRUE(model::read(request_.output).motion);
}

TEST_F(WithMotion, TheRecordSaysHowTheyWereWeighed) {
  (void)train(request_);
  const auto record = model::read(request_.output).training.value().streams;
  ASSERT_TRUE(record);
  EXPECT_EQ(record->folds, 0);  // there was nothing but the validation clips
  EXPECT_GT(record->motion_loss, 0);
}

TEST_F(WithMotion, TheWeightsAreToldOnce) {
  int told = 0;
  TrainEvents events;
  events.on_streams = [&](const auto&, const auto&) { ++told; };
  (void)train(request_, {}, events);
  EXPECT_EQ(told, 1);
}

TEST_F(WithMotion, TheSameSeedGivesTheSameStreamToTheBit) {
  (void)train(request_);
  const auto first = to_tensors(*model::read(request_.output).motion);
  request_.features.backbone.threads = 1;
  (void)train(request_);
  for (const auto& [name, tensor] : to_tensors(*model::read(request_.output).motion)) {
    EXPECT_EQ(std::vector<float>(tensor.data<float>().begin(), tensor.data<float>().end()),
              std::vector<float>(first.at(name).data<float>().begin(),
                                 first.at(name).data<float>().end()))
        << name;
  }
}

TEST_F(WithMotion, AnEvaluationComparesTheModelWithEachStream) {
  (void)train(request_);
  const auto record = evaluate(evaluation_of(request_.output, data_)).record;
  std::vector<std::string> names;
  for (const auto& comparison : record.verdict.comparisons) names.push_back(comparison.name);
  EXPECT_EQ(names.size(), 3U);
  EXPECT_EQ(names.back(), "motion alone");
  EXPECT_EQ(record.weights.size(), 11U);
}

TEST_F(WithMotion, ACancelledTrainingKeepsItsStream) {
  Heard heard;
  TrainEvents events;
  events.on_epoch = [&](const TrainingName&, int, const train::Epoch&) { heard.cancel.request(); };
  const TrainOutcome outcome = train(request_, heard.hooks(), events);
  EXPECT_TRUE(outcome.stopped);
  EXPECT_TRUE(outcome.model.motion);
}

TEST_F(WithMotion, FoldsAreScoredOnBothStreams) {
  request_.folds = 2;
  const TrainOutcome outcome = train(request_);
  ASSERT_TRUE(outcome.folds);
  EXPECT_EQ(outcome.folds->loss.size(), 2U);
}

TEST_F(WithMotion, TheWholeJobTellsOfEachStream) {
  RunRequest request{.data = {.data = data_},
                     .features = mini_features(dir_ / "cache"),
                     .head = request_.head,
                     .near_duplicates = false,
                     .compare = false,
                     .output = dir_ / "out",
                     .seeds = 2};
  const RunOutcome outcome = run(request);
  EXPECT_EQ(outcome.appearance.test.seeds.size(), 2U);
  EXPECT_EQ(outcome.motion.test.seeds.size(), 2U);
  EXPECT_TRUE(outcome.model.motion);
}

TEST(MotionOfAHead, IsWantedBesideAGruAlone) {
  HeadRequest head;
  head.options.spec.kind = head::HeadKind::gru;
  EXPECT_TRUE(wants_motion(head, dataset::Content::clips));
  head.options.spec.kind = head::HeadKind::keras_gru;
  EXPECT_FALSE(wants_motion(head, dataset::Content::clips));
}

TEST(MotionOfAHead, IsNotWantedOfArrays) {
  HeadRequest head;
  head.options.spec.kind = head::HeadKind::gru;
  EXPECT_FALSE(wants_motion(head, dataset::Content::arrays));
  head.motion = true;
  EXPECT_THROW((void)wants_motion(head, dataset::Content::arrays), UsageError);
}

TEST(StreamScores, TellWhatOtherWeightsWouldHaveScored) {
  const Tensor right = Tensor::from<float>({2, 2}, std::vector<float>{.9F, .1F, .1F, .9F});
  const Tensor wrong = Tensor::from<float>({2, 2}, std::vector<float>{.1F, .9F, .9F, .1F});
  report::EvaluationRecord record;
  const std::vector<std::size_t> truth{0, 1};
  tell_streams(record, {.appearance = wrong, .motion = right}, right, truth, {.motion = 0.7});
  EXPECT_EQ(record.motion_weight, 0.7);
  EXPECT_EQ(record.weights.front().top1, 0);
  EXPECT_EQ(record.weights.back().top1, 1);
}

}  // namespace
}  // namespace vidclass::pipeline::testing

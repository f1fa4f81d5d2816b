// The whole job in one go.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "model/model.hpp"
#include "pipeline/run.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

class WholeRun : public ::testing::Test {
protected:
  WholeRun() {
    request_.head.options.spec.kind = head::HeadKind::mean;
    request_.head.options.epochs = 2;
    request_.near_duplicates = false;
    request_.compare = false;
  }
  [[nodiscard]] RunOutcome start(const RunEvents& events = {}) {
    return run(request_, heard_.hooks(), events);
  }
  [[nodiscard]] std::string refusal() {
    return message_of<UsageError>([&] { (void)start(); });
  }
  [[nodiscard]] fs::path written(const char* name) const { return request_.output / name; }

  const TempDir dir_;
  RunRequest request_{.data = {.data = ArraySet::of_groups(dir_ / "a", 8)},
                      .features = mini_features(dir_ / "cache"),
                      .output = dir_ / "out"};
  Heard heard_;
};

TEST_F(WholeRun, WritesItsFiles) {
  (void)start();
  for (const char* name :
       {run_files::model, run_files::page, run_files::predictions, run_files::manifest}) {
    EXPECT_TRUE(fs::exists(written(name))) << name;
  }
}

TEST_F(WholeRun, LeavesTheDocumentToItsCaller) {
  (void)start();
  EXPECT_FALSE(fs::exists(written(run_files::document)));
}

TEST_F(WholeRun, WritesAManifestOfItsSplits) {
  const auto outcome = start();
  EXPECT_EQ(open_data({.data = written(run_files::manifest)}).indices(dataset::Split::test),
            outcome.manifest.indices(dataset::Split::test));
}

TEST_F(WholeRun, ScoresTheModelThatItWrites) {
  const auto outcome = start();
  const auto again =
      evaluate(evaluation_of(written(run_files::model), written(run_files::manifest)));
  EXPECT_NEAR(again.record.verdict.model.metrics.loss,
              outcome.evaluation.verdict.model.metrics.loss, 1e-5);
}

TEST_F(WholeRun, TellsWhatItReachesInOrder) {
  std::vector<std::string> told;
  RunEvents events;
  events.on_opened = [&] { told.emplace_back("opened"); };
  events.on_scanned = [&](const auto&, const auto&) { told.emplace_back("scanned"); };
  events.on_extracting = [&] { told.emplace_back("extracting"); };
  events.on_features = [&](const auto&) { told.emplace_back("features"); };
  events.on_evaluated = [&](const auto&, std::uint64_t) { told.emplace_back("evaluated"); };
  (void)start(events);
  EXPECT_EQ(told,
            (std::vector<std::string>{"opened", "scanned", "extracting", "features", "evaluated"}));
}

TEST_F(WholeRun, ScoresEachSeed) {
  request_.seeds = 2;
  EXPECT_EQ(start().heads.at(head::HeadKind::mean).test.seeds.size(), 2U);
}

TEST_F(WholeRun, KeepsTheSeedThatItNames) {
  request_.seeds = 2;
  const auto outcome = start();
  EXPECT_EQ(model::read(written(run_files::model)).training.value().seed, outcome.seed);
}

TEST_F(WholeRun, TrainsTheKerasExamplesNetworkToCompare) {
  request_.compare = true;
  EXPECT_TRUE(start().heads.contains(head::HeadKind::keras_gru));
}

TEST_F(WholeRun, TrainsTheBaselineBesideAnotherHead) {
  request_.head.options.spec.kind = head::HeadKind::keras_gru;
  EXPECT_TRUE(start().heads.contains(head::HeadKind::mean));
}

TEST_F(WholeRun, ScoresKnownAndNewPlacesByFoldsWhereTheTestClipsAreTooFew) {
  const PlaceScores places = start().places;
  ASSERT_TRUE(places.known && places.other) << places.missing;
  EXPECT_EQ(places.known->folds, 3);
  EXPECT_EQ(places.other->folds, 3);
  EXPECT_EQ(places.test_share_known, 0);
}

TEST_F(WholeRun, ScoresNewPlacesByTestClipsFromThere) {
  request_.data.data = ArraySet::of_groups(dir_ / "b", 60);
  const PlaceScores places = start().places;
  ASSERT_TRUE(places.known && places.other) << places.missing;
  EXPECT_EQ(places.other->folds, 0);
  EXPECT_EQ(places.known->folds, 3);
}

TEST_F(WholeRun, TrainsNoFoldsByPlaceWhereThatIsNotWanted) {
  request_.place_folds = false;
  EXPECT_FALSE(start().places.known);
}

TEST_F(WholeRun, SaysThatNobodyKnowsOfPlacesWithoutGroups) {
  request_.data.data = ArraySet::with_splits(dir_ / "b");
  const PlaceScores places = start().places;
  EXPECT_FALSE(places.known || places.other);
  EXPECT_TRUE(has(places.missing, "nobody can know"));
}

TEST_F(WholeRun, RefusesAFileAsOutput) {
  request_.output = put(dir_ / "file");
  EXPECT_TRUE(has(refusal(), "is not a folder; name one to write into"));
}

TEST_F(WholeRun, RefusesToWriteOntoItsData) {
  fs::create_directory(request_.output);
  fs::create_hard_link(request_.data.data, written(run_files::manifest));
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(WholeRun, RefusesNoSeeds) {
  request_.seeds = 0;
  EXPECT_TRUE(has(refusal(), "seeds must be 1 or more, not 0"));
}

TEST_F(WholeRun, RefusesFadedClipsForAHeadOfMeans) {
  request_.head.faded = true;
  EXPECT_TRUE(has(refusal(), "faded ones cannot be added"));
}

TEST_F(WholeRun, RefusesLeaksWhereThatWasAskedFor) {
  ArraySet set(dir_ / "b");
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "", split);
  }
  set.add_copy(set.add(0, "", "train"), 0, "test");
  request_.data.data = set.csv();
  request_.refuse_leaks = true;
  const auto message = message_of<Error>([&] { (void)start(); });
  EXPECT_TRUE(has(message, "1 of 3 test clips leak")) << message;
}

TEST_F(WholeRun, StopsOnRequest) { EXPECT_THROW((void)run(request_, cancelled()), Cancelled); }

TEST_F(WholeRun, CancelledInItsTrainingWritesNoModel) {
  RunEvents events;
  events.on_features = [&](const auto&) { heard_.cancel.request(); };
  EXPECT_THROW((void)start(events), Cancelled);
  EXPECT_FALSE(fs::exists(written(run_files::model)));
}

TEST_F(WholeRun, PrintsNothing) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  (void)start();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace vidclass::pipeline::testing

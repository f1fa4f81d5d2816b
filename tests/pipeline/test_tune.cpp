// Settings of a training tried by successive halving.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/tune.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

class Tuning : public ::testing::Test {
protected:
  Tuning() {
    request_.head.options.spec.kind = head::HeadKind::mean;
    request_.head.options.epochs = 2;
    request_.trials = 3;
  }
  [[nodiscard]] TuneOutcome run() const { return tune(request_); }
  [[nodiscard]] std::string refusal() const {
    return message_of<UsageError>([&] { (void)run(); });
  }

  const TempDir dir_;
  TuneRequest request_{.data = {.data = ArraySet::of_groups(dir_ / "a", 8)},
                       .features = mini_features(dir_ / "cache"),
                       .table = dir_ / "table.jsonl"};
};

TEST_F(Tuning, HasALineInTheTableForEachTrial) {
  const auto outcome = run();
  EXPECT_EQ(outcome.results.size(), outcome.done_here);
  // The first line says what it is a table of.
  EXPECT_EQ(lines_of(request_.table), outcome.done_here + 1);
}

TEST_F(Tuning, TellsEachTrial) {
  std::size_t told = 0;
  TuneEvents events;
  events.on_trial = [&](const auto&, const auto&) { ++told; };
  EXPECT_EQ(tune(request_, {}, events).done_here, told);
}

TEST_F(Tuning, GoesOnWithATable) {
  const auto first = run();
  const auto second = run();
  EXPECT_EQ(second.done_here, 0U);
  EXPECT_EQ(second.results.size(), first.results.size());
}

TEST_F(Tuning, RefusesTheTableOfAnotherSearch) {
  (void)run();
  request_.seed = 2;
  EXPECT_THROW((void)run(), Error);
}

TEST_F(Tuning, CrossValidatesWhereThatIsAskedFor) {
  request_.folds = 2;
  EXPECT_GT(run().done_here, 0U);
}

TEST_F(Tuning, RefusesMoreFoldsThanGroups) {
  request_.folds = 50;
  EXPECT_TRUE(has(refusal(), "cannot make 50 folds"));
}

TEST_F(Tuning, KeepsHowTheSettingsWouldBeAskedFor) {
  request_.describe = [](const train::TrainOptions&) { return "so and so"; };
  (void)run();
  EXPECT_TRUE(has(text_of(request_.table), "so and so"));
}

TEST_F(Tuning, FailsWithoutTimeForATrial) {
  request_.minutes = 0;
  const auto message = message_of<Error>([&] { (void)run(); });
  EXPECT_TRUE(has(message, "there was no time for one")) << message;
}

TEST_F(Tuning, RefusesAFolderAsTable) {
  request_.table = dir_.path();
  EXPECT_TRUE(has(refusal(), "is a folder; name the table to write"));
}

TEST_F(Tuning, RefusesItsDataAsTable) {
  request_.table = request_.data.data;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Tuning, StopsOnRequest) { EXPECT_THROW((void)tune(request_, cancelled()), Cancelled); }

}  // namespace
}  // namespace vidclass::pipeline::testing

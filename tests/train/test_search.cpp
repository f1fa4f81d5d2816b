// Which settings are tried, and how processes share the table of results.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "core/atomic_file.hpp"
#include "support/temp_dir.hpp"
#include "train/search.hpp"
#include "train/trial_table.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using vidclass::testing::TempDir;

SearchOptions search_of(int trials) {
  SearchOptions search;
  search.base.spec = {.kind = head::HeadKind::gru, .features = 6, .labels = 3};
  search.base.epochs = 36;
  search.trials = trials;
  return search;
}

bool nobody(const Trial&) { return false; }

/// Trials in the order in which one process does them; the lower its number, the
/// better a trial turns out.
std::vector<Trial> order_of(const SearchOptions& search) {
  std::vector<TrialResult> results;
  std::vector<Trial> order;
  while (const auto trial = next_trial(search, results, nobody)) {
    order.push_back(*trial);
    results.push_back({*trial, static_cast<double>(trial->number), 0});
    if (order.size() > 1000) break;
  }
  return order;
}

TEST(Rungs, TakeAThirdOfTheEpochsEach) {
  EXPECT_EQ(rung_epochs(search_of(9)), (std::vector{4, 12, 36}));
}

TEST(Rungs, AreFewerWhereThereAreFewEpochs) {
  SearchOptions search = search_of(9);
  search.base.epochs = 10;
  EXPECT_EQ(rung_epochs(search), (std::vector{3, 10}));
  search.base.epochs = 5;
  EXPECT_EQ(rung_epochs(search), (std::vector{5}));
}

TEST(Halving, TakesTheBestThirdOfEachRungFurther) {
  std::vector<int> trials_of_rung(3, 0);
  for (const Trial& trial : order_of(search_of(27))) {
    ++trials_of_rung[static_cast<std::size_t>(trial.rung)];
  }
  EXPECT_EQ(trials_of_rung, (std::vector{27, 9, 3}));
}

TEST(Halving, TakesAResultFurtherAsSoonAsItIsAmongTheBestThird) {
  const auto order = order_of(search_of(9));
  EXPECT_EQ(order.at(3), (Trial{1, 1}));
}

TEST(Halving, TakesTheBetterOfTwo) {
  const std::vector<TrialResult> results{{{1, 0}, 0.9, 0}, {{2, 0}, 0.4, 0}, {{3, 0}, 0.7, 0}};
  EXPECT_EQ(next_trial(search_of(9), results, nobody), (Trial{2, 1}));
}

TEST(Halving, LeavesTrialsThatOthersWorkOnToThem) {
  std::set<int> taken{1, 2};
  const auto is_taken = [&](const Trial& trial) { return taken.contains(trial.number); };
  EXPECT_EQ(next_trial(search_of(9), {}, is_taken), (Trial{3, 0}));
  EXPECT_EQ(next_trial(search_of(2), {}, is_taken), std::nullopt);
}

TEST(SettingsOfATrial, AreTheUsersOwnInTheFirst) {
  const TrainOptions settings = settings_of(search_of(9), {1, 2});
  EXPECT_EQ(settings.epochs, 36);
  EXPECT_FALSE(settings.learning_rate);
}

TEST(SettingsOfATrial, AreTheSameInEveryRungButForTheEpochs) {
  const TrainOptions few = settings_of(search_of(9), {5, 0}),
                     many = settings_of(search_of(9), {5, 2});
  EXPECT_EQ(few.epochs, 4);
  EXPECT_EQ(many.epochs, 36);
  EXPECT_EQ(few.learning_rate, many.learning_rate);
  EXPECT_EQ(few.hidden, many.hidden);
}

TEST(SettingsOfATrial, DifferFromTrialToTrialAndStayInTheirSpace) {
  std::set<double> rates;
  for (int number = 2; number < 40; ++number) {
    const TrainOptions settings = settings_of(search_of(99), {number, 0});
    rates.insert(settings.learning_rate.value());
    EXPECT_GE(*settings.learning_rate, 2.99e-4);
    EXPECT_LE(*settings.learning_rate, 1.01e-2);
    EXPECT_NO_THROW(static_cast<void>(chosen_recipe(settings)));
  }
  EXPECT_GT(rates.size(), 35U);
}

TEST(SettingsOfATrial, KeepWhatTheUserFixedWithoutChangingTheRest) {
  SearchOptions search = search_of(9);
  const TrainOptions free = settings_of(search, {4, 0});
  search.base.learning_rate = 0.123;
  const TrainOptions fixed = settings_of(search, {4, 0});
  EXPECT_EQ(fixed.learning_rate, 0.123);
  EXPECT_EQ(fixed.weight_decay, free.weight_decay);
  EXPECT_EQ(fixed.hidden, free.hidden);
}

class Table : public ::testing::Test {
protected:
  TempDir dir_;
  std::filesystem::path path_ = dir_ / "sub/table.jsonl";
  std::string subject_ = R"({"head":"gru","seed":1})";
};

TEST_F(Table, GivesBackWhatWasAddedByAnotherProcess) {
  const TrialTable mine(path_, subject_), others(path_, subject_);
  mine.add({{3, 1}, 0.25, 0.75}, R"({"seconds":1.5})");
  const auto results = others.results();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].trial, (Trial{3, 1}));
  EXPECT_EQ(results[0].val_loss, 0.25);
  EXPECT_EQ(results[0].val_top1, 0.75);
}

TEST_F(Table, LetsOneHaveATrialAtATime) {
  const TrialTable mine(path_, subject_), others(path_, subject_);
  auto claim = mine.claim({1, 0});
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(others.claim({1, 0}), nullptr);
  EXPECT_NE(others.claim({2, 0}), nullptr);
  claim.reset();
  EXPECT_NE(others.claim({1, 0}), nullptr);
}

TEST_F(Table, OutlivesALineThatWasCutOff) {
  {
    const TrialTable table(path_, subject_);
    table.add({{1, 0}, 0.5, 0.5}, "{}");
  }
  write_file_atomically(path_, read_text_file(path_) + R"({"trial":2,"ru)");
  const TrialTable table(path_, subject_);
  EXPECT_EQ(table.results().size(), 1U);
  table.add({{3, 0}, 0.4, 0.5}, "{}");
  const auto results = table.results();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].trial.number, 3);
}

std::string failure(const std::filesystem::path& path, const std::string& subject) {
  try {
    const TrialTable table(path, subject);
  } catch (const Error& error) {
    return error.what();
  }
  return "no failure";
}

TEST_F(Table, OfAnotherSearchIsRefusedByWhatDiffers) {
  const TrialTable table(path_, subject_);
  const std::string said = failure(path_, R"({"head":"gru","seed":2})");
  EXPECT_NE(said.find("the seed was 1 and is now 2"), std::string::npos) << said;
  EXPECT_NE(said.find(path_.string()), std::string::npos);
}

TEST_F(Table, ThatIsSomethingElseIsRefusedAndStaysAsItWas) {
  write_file_atomically(path_, std::string_view("dear diary\n"));
  EXPECT_NE(failure(path_, subject_).find("not a table"), std::string::npos);
  EXPECT_EQ(read_text_file(path_), "dear diary\n");
}

TEST(Ranked, PutsTheHighestRungAndTheLowestLossFirst) {
  const auto results = ranked({{{1, 0}, 0.1, 0}, {{2, 1}, 0.9, 0}, {{3, 1}, 0.8, 0}});
  EXPECT_EQ(results[0].trial.number, 3);
  EXPECT_EQ(results[1].trial.number, 2);
  EXPECT_EQ(results[2].trial.number, 1);
}

}  // namespace
}  // namespace vidclass::train

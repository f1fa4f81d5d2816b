// Training as a person steers it: stopping, going on, curves, seeds, folds, searching.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/safetensors.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

std::vector<Json> json_lines(const fs::path& path) {
  std::vector<Json> lines;
  std::istringstream text(read_text_file(path));
  for (std::string line; std::getline(text, line);) lines.push_back(parse_json(line));
  return lines;
}

/// The line about the clips says that every look at each was there; with a number of frames that
/// were computed it would end otherwise.
void expect_all_from_the_cache(const Result& result) {
  EXPECT_TRUE(
      std::regex_search(result.out, std::regex(R"(([1-9]\d*) clips, \1 from the cache \(mini )")))
      << result.out;
}

class TrainVerb : public ::testing::Test {
protected:
  [[nodiscard]] Arguments words(const std::string& model, const Arguments& more = {}) const {
    Arguments all{"train",  demo_clips(), "-o",      dir_ / model,  "--backbone",
                  "mini",   "--pooling",  "avg",     "--head",      head_,
                  "--seed", "3",          "--cache", dir_ / "cache"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Result train(const std::string& model, const Arguments& more = {}) const {
    Result result = run(words(model, more));
    EXPECT_EQ(result.status, 0) << result.err;
    return result;
  }

  TempDir dir_;
  std::string head_ = "keras-gru";
};

TEST_F(TrainVerb, TrainsAgainOnTheClipsThatItHadSetAside) {
  head_ = "gru";
  const Arguments gru{"--members", "1", "--epochs", "2", "--hidden", "4"};
  Arguments without = gru;
  without.emplace_back("--no-refit");
  EXPECT_NE(train("again", gru).out.find("trained again"), std::string::npos);
  EXPECT_EQ(train("once", without).out.find("trained again"), std::string::npos);
  EXPECT_FALSE(same_tensors(dir_ / "again", dir_ / "once"));
}

TEST_F(TrainVerb, BalancesLabelsUnlessItIsToldNotTo) {
  head_ = "gru";
  const Arguments small{"--members", "1", "--epochs", "2", "--hidden", "4"};
  const auto recipe = [&](const std::string& more) {
    Arguments options = small;
    if (!more.empty()) options.push_back(more);
    train("m", options);
    return SafetensorsFile(dir_ / "m").metadata().begin()->second;
  };
  EXPECT_NE(recipe("").find(R"("balanced":true)"), std::string::npos);
  EXPECT_NE(recipe("--no-balanced").find(R"("balanced":false)"), std::string::npos);
}

TEST_F(TrainVerb, TakesFadedClipsTooUnlessItIsToldNotTo) {
  head_ = "moments";
  const Arguments short_one{"--epochs", "2"};
  const Result twice = train("twice", short_one);
  const Result once = train("once", {"--epochs", "2", "--augment", "none"});
  EXPECT_NE(twice.err.find("extract faded"), std::string::npos) << twice.err;
  EXPECT_EQ(once.err.find("extract faded"), std::string::npos) << once.err;
  EXPECT_FALSE(same_tensors(dir_ / "twice", dir_ / "once"));
}

TEST_F(TrainVerb, FindsTheFadedClipsOfExtract) {
  head_ = "moments";
  const Arguments at_clips{demo_clips(), "--backbone", "mini",         "--pooling",
                           "avg",        "--cache",    dir_ / "cache", "--augment"};
  Arguments extract{"extract"};
  extract.insert(extract.end(), at_clips.begin(), at_clips.end());
  extract.emplace_back("faded");
  const Result taken = run(extract);
  ASSERT_EQ(taken.status, 0) << taken.err;
  expect_all_from_the_cache(train("m", {"--epochs", "1"}));
}

TEST_F(TrainVerb, TakesNoFadedClipsForTheExamplesHead) {
  EXPECT_EQ(train("m", {"--epochs", "1"}).err.find("extract faded"), std::string::npos);
}

TEST_F(TrainVerb, FindsTheFadedClipsInTheCache) {
  head_ = "moments";
  EXPECT_NE(train("first", {"--epochs", "2"}).out.find(" 0 from the cache, "), std::string::npos);
  const Result again = train("again", {"--epochs", "2", "--feature-memory", "0"});
  expect_all_from_the_cache(again);
  EXPECT_TRUE(same_tensors(dir_ / "first", dir_ / "again"));
}

TEST_F(TrainVerb, TrainsHeadsOfAllKindsWithoutLibTorch) {
  for (const char* head : {"mean", "keras-gru", "moments", "gru"}) {
    head_ = head;
    const Result result =
        run(words(head, {"--epochs", "1"}), {{"VIDCLASS_TORCH_LIBRARY", dir_ / "nowhere.so"}});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(fs::exists(dir_ / head));
  }
}

TEST_F(TrainVerb, LeavesTheExamplesHeadAsItWasValidated) {
  EXPECT_EQ(train("m", {"--epochs", "2"}).out.find("trained again"), std::string::npos);
}

TEST_F(TrainVerb, TrainedAgainSaysSoOfItsValidationClips) {
  head_ = "gru";
  train("m", {"--members", "1", "--epochs", "2", "--hidden", "4"});
  const Result result =
      run({"evaluate", dir_ / "m", demo_clips(), "--split", "val", "--cache", dir_ / "cache"});
  EXPECT_NE(result.err.find("trained again on these validation clips"), std::string::npos)
      << result.err;
}

TEST_F(TrainVerb, StoppedByCtrlCLeavesAModelThatPredicts) {
  Program program(words("m", {"--epochs", "1000000", "--log", dir_ / "log"}));
  ASSERT_TRUE(program.wait_until(
      [&] { return fs::exists(dir_ / "log") && json_lines(dir_ / "log").size() >= 3; }));
  program.interrupt();
  const Result result = program.wait();
  EXPECT_EQ(result.status, 4) << result.err;
  EXPECT_NE(result.err.find("--resume"), std::string::npos) << result.err;
  EXPECT_EQ(run({"predict", dir_ / "m", demo_clip("Rise")}).status, 0);
}

TEST_F(TrainVerb, StoppedAndResumedGivesTheWeightsOfTheUndisturbed) {
  train("whole", {"--epochs", "3000"});
  Program program(words("m", {"--epochs", "3000", "--log", dir_ / "log"}));
  ASSERT_TRUE(program.wait_until(
      [&] { return fs::exists(dir_ / "log") && json_lines(dir_ / "log").size() >= 3; }));
  program.interrupt();
  ASSERT_EQ(program.wait().status, 4);
  train("m", {"--epochs", "3000", "--resume"});
  EXPECT_TRUE(same_tensors(dir_ / "whole", dir_ / "m"));
  EXPECT_FALSE(fs::exists(dir_ / "m.checkpoints"));
}

TEST_F(TrainVerb, RefusesToResumeWithOtherSettings) {
  Program program(words("m", {"--epochs", "1000000", "--log", dir_ / "log"}));
  ASSERT_TRUE(program.wait_until(
      [&] { return fs::exists(dir_ / "log") && !json_lines(dir_ / "log").empty(); }));
  program.interrupt();
  ASSERT_EQ(program.wait().status, 4);
  expect_failure(run(words("m", {"--epochs", "1000000", "--lr", "0.5", "--resume"})), 1,
                 {"m.checkpoints", "the learning rate was 0.001 and is now 0.5"});
}

TEST_F(TrainVerb, GivesTheSameWeightsFromMemoryAndFromTheCache) {
  train("a", {"--epochs", "3"});
  train("b", {"--epochs", "3", "--feature-memory", "0"});
  EXPECT_TRUE(same_tensors(dir_ / "a", dir_ / "b"));
}

TEST_F(TrainVerb, LogsALineForEveryEpochOfEveryMember) {
  train("m", {"--epochs", "4", "--members", "2", "--log", dir_ / "logs/log.jsonl"});
  const auto lines = json_lines(dir_ / "logs/log.jsonl");
  ASSERT_EQ(lines.size(), 8U);
  for (const char* name : {"seed", "member", "epoch", "train_loss", "val_loss", "val_top1",
                           "learning_rate", "seconds"}) {
    EXPECT_TRUE(lines[7].contains(name)) << name;
  }
}

TEST_F(TrainVerb, WritesCurvesForTensorBoard) {
  train("m", {"--epochs", "2", "--members", "2", "--tensorboard", dir_ / "board"});
  std::vector<std::string> folders;
  for (const fs::path& file : files_below(dir_ / "board")) {
    EXPECT_EQ(file.filename().string().rfind("events.out.tfevents.", 0), 0U);
    folders.push_back(file.parent_path().filename());
  }
  std::sort(folders.begin(), folders.end());
  EXPECT_EQ(folders, (std::vector<std::string>{"seed-3-member-1", "seed-3-member-2"}));
}

TEST_F(TrainVerb, KeepsTheSeedWithTheLowestValidationLoss) {
  const Json document = train("m", {"--epochs", "3", "--seeds", "3", "--json"}).json();
  const auto losses = document.at("seeds").at("val_loss").get<std::vector<double>>();
  ASSERT_EQ(losses.size(), 3U);
  const auto best = std::min_element(losses.begin(), losses.end());
  EXPECT_EQ(document.at("seed"), 3 + (best - losses.begin()));
  EXPECT_EQ(document.at("val_loss"), *best);
}

TEST_F(TrainVerb, CrossValidatesAndThenTrainsAsWithout) {
  train("a", {"--epochs", "3"});
  const Json document = train("b", {"--epochs", "3", "--folds", "2", "--json"}).json();
  EXPECT_EQ(document.at("folds").at("val_top1").size(), 2U);
  EXPECT_TRUE(same_tensors(dir_ / "a", dir_ / "b"));
}

TEST_F(TrainVerb, RefusesMoreFoldsThanThereAreGroups) {
  expect_failure(run(words("m", {"--folds", "99"})), 2, {"99 folds", "groups"});
}

TEST_F(TrainVerb, RefusesAnUnknownOptimiser) {
  expect_wrong_use(run(words("m", {"--optimiser", "rmsprop"})), {"rmsprop", "adamw"});
}

class TuneVerb : public TrainVerb {
protected:
  [[nodiscard]] Arguments tune_words(int trials, const Arguments& more = {}) const {
    Arguments all = words("table");
    all[0] = "tune";
    all.insert(all.end(), {"--epochs", "6", "--trials", std::to_string(trials)});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST_F(TuneVerb, KeepsEveryResultInItsTable) {
  const Result result = run(tune_words(4, {"--json"}));
  ASSERT_EQ(result.status, 0) << result.err;
  // Four trials of two epochs, and of six at least the best of these.
  EXPECT_GE(result.json().at("results"), 5);
  EXPECT_EQ(result.json().at("results"), json_lines(dir_ / "table").size() - 1);  // a head line
  EXPECT_NE(result.json().at("best")[0].at("train").get<std::string>().find("--epochs 6"),
            std::string::npos);
}

TEST_F(TuneVerb, GoesOnWithATableThatIsThere) {
  ASSERT_EQ(run(tune_words(2)).status, 0);
  const Json document = run(tune_words(4, {"--json"})).json();
  EXPECT_GE(document.at("results"), 5);
  EXPECT_EQ(document.at("done_now"), document.at("results").get<int>() - 2);
}

TEST_F(TuneVerb, SharesTheWorkWithAnotherProcess) {
  ASSERT_EQ(run(tune_words(1)).status, 0);  // fills the cache
  Program first(tune_words(9)), second(tune_words(9));
  EXPECT_EQ(first.wait().status, 0);
  EXPECT_EQ(second.wait().status, 0);
  const auto lines = json_lines(dir_ / "table");
  std::set<std::pair<int, int>> trials;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::pair trial{lines[i].at("trial").get<int>(), lines[i].at("rung").get<int>()};
    EXPECT_TRUE(trials.insert(trial).second) << lines[i].dump();
  }
  EXPECT_GE(trials.size(), 9U + 3);
}

TEST_F(TuneVerb, RefusesTheTableOfAnotherSearch) {
  ASSERT_EQ(run(tune_words(1)).status, 0);
  expect_failure(run(tune_words(1, {"--weight-decay", "0.5"})), 1,
                 {(dir_ / "table").string(), "weight decay was"});
}

}  // namespace
}  // namespace vidclass::cli::testing

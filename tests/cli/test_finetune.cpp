// train --finetune with the real network, at its smallest size.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "demo.hpp"
#include "support/shared_data.hpp"

namespace vidclass::cli::testing {
namespace {

/// Two labels of the demo's clips, two epochs of block14.
class FineTuning : public ::testing::Test {
protected:
  void SetUp() override {
    VIDCLASS_NEED_SHARED_DATA();
    copy_classes(dir / "clips", {"Rise", "Fall"});
  }

  [[nodiscard]] Environment environment() const {
    return {{"VIDCLASS_WEIGHTS_DIR", (vidclass::testing::shared_data() / "weights").string()}};
  }
  [[nodiscard]] Arguments train(const std::string& model) const {
    return {"train",
            dir / "clips",
            "-o",
            dir / model,
            "--cache",
            dir / "cache",
            "--size",
            "71",
            "--frames",
            "4",
            "--precision",
            "f32",
            "--finetune",
            "block14",
            "--finetune-epochs",
            "2",
            "--finetune-rate",
            "1e-3",
            "--epochs",
            "2",
            "--threads",
            "1",
            "--json"};
  }

  TempDir dir;
};

TEST_F(FineTuning, MakesAModelThatPredictsByItself) {
  const Result trained = run(train("model"), environment());
  ASSERT_EQ(trained.status, 0) << trained.err;
  const Json finetune = trained.json().at("finetune");
  EXPECT_EQ(finetune.at("blocks"), "block14");
  EXPECT_EQ(finetune.at("epochs").size(), 3U);  // the network as it came, and two

  for (const char* precision : {"f32", "bf16"}) {
    const Result predicted =
        run({"predict", dir / "model", demo_clip("Rise"), "--precision", precision, "--json"},
            environment());
    EXPECT_EQ(predicted.status, 0) << predicted.err;
    EXPECT_EQ(predicted.json().at("clips").size(), 1U);
  }
}

TEST_F(FineTuning, RunsInInt8WithACalibrationOfTheTunedNetwork) {
  Environment user = environment();
  user["XDG_CACHE_HOME"] = dir / "user";
  ASSERT_EQ(run(train("model"), user).status, 0);
  const Arguments predict{"predict",     dir / "model", demo_clip("Rise"),
                          "--precision", "int8",        "--json"};
  expect_failure(run(predict, user), 1, {"calibration", "--model"});
  const Result made =
      run({"backbone", "quantise", "--calibrate", demo_clips(), "--model", dir / "model", "--json"},
          user);
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_GT(made.json().at("cosine").at("mean"), 0.95);
  const Result predicted = run(predict, user);
  EXPECT_EQ(predicted.status, 0) << predicted.err;
}

TEST_F(FineTuning, TrainedForInt8CarriesItsCalibration) {
  Arguments words = train("model");
  *(std::find(words.begin(), words.end(), "--precision") + 1) = "int8";
  Environment user = environment();
  user["XDG_CACHE_HOME"] = dir / "user";
  const Result trained = run(words, user);
  ASSERT_EQ(trained.status, 0) << trained.err;
  // Another user, who has no calibration.
  user["XDG_CACHE_HOME"] = dir / "other";
  const Result predicted = run({"predict", dir / "model", demo_clip("Rise"), "--json"}, user);
  EXPECT_EQ(predicted.status, 0) << predicted.err;
}

TEST_F(FineTuning, SaysInOneLineBeforeTheLongWorkThatItNeedsLibTorch) {
  Environment without = environment();
  without["VIDCLASS_TORCH_LIBRARY"] = dir / "nowhere.so";
  const Result result = run(train("model"), without);
  expect_failure(result, 1, {"fine-tuning", (dir / "nowhere.so").string(), "cannot be loaded"});
  for (const auto& file : files_below(dir / "cache")) EXPECT_NE(file.extension(), ".safetensors");
}

TEST_F(FineTuning, RefusesToCrossValidateOnWhatItHasSeen) {
  Arguments words = train("model");
  words.insert(words.end(), {"--folds", "2"});
  expect_wrong_use(run(words, environment()), {"folds", "fine-tune"});
}

TEST_F(FineTuning, TakesTheActivationsFromTheCacheTheSecondTime) {
  ASSERT_EQ(run(train("a"), environment()).status, 0);
  const auto entries = files_below(dir / "cache/activations");
  ASSERT_EQ(run(train("b"), environment()).status, 0);
  EXPECT_EQ(files_below(dir / "cache/activations"), entries);
}

TEST_F(FineTuning, OnTwoRanksTrainsTheSameNetwork) {
  const Result alone = run(train("alone"), environment());
  ASSERT_EQ(alone.status, 0) << alone.err;

  Environment ranks = environment();
  ranks.insert({{"WORLD_SIZE", "2"},
                {"LOCAL_WORLD_SIZE", "2"},
                {"MASTER_ADDR", "127.0.0.1"},
                {"MASTER_PORT", "29640"}});
  Environment second = ranks;
  ranks["RANK"] = "0";
  second["RANK"] = "1";
  auto other = std::async(std::launch::async, [&] { return run(train("together"), second); });
  const Result first = run(train("together"), ranks);
  const Result last = other.get();
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(last.out, "") << "only the first rank speaks";
  const Json a = alone.json().at("finetune").at("epochs");
  const Json b = first.json().at("finetune").at("epochs");
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i].at("train_loss").get<double>(), b[i].at("train_loss").get<double>(), 1e-3);
    EXPECT_NEAR(a[i].at("val_loss").get<double>(), b[i].at("val_loss").get<double>(), 1e-3);
  }
}

TEST_F(FineTuning, EndsInOneLineWhenARankNeverComes) {
  Environment ranks = environment();
  ranks.insert({{"WORLD_SIZE", "2"},
                {"LOCAL_WORLD_SIZE", "2"},
                {"RANK", "0"},
                {"MASTER_ADDR", "127.0.0.1"},
                {"MASTER_PORT", "29641"},
                {"VIDCLASS_RANK_TIMEOUT", "2"}});
  expect_failure(run(train("model"), ranks), 1, {"rank 0 of 2", "29641"});
  EXPECT_FALSE(std::filesystem::exists(dir / "model"));
}

}  // namespace
}  // namespace vidclass::cli::testing

// Feature arrays that were computed elsewhere, in the place of clips.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "core/safetensors.hpp"
#include "demo.hpp"
#include "program.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// [T, width] around `mean`.
void put_array(const fs::path& path, std::size_t width, float mean, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(mean, 1.0F);
  const std::size_t frames = 5 + seed % 4;
  std::vector<float> values(frames * width);
  for (float& value : values) value = noise(random);
  fs::create_directories(path.parent_path());
  write_safetensors(path, {{"features", Tensor::from<float>({frames, width}, values)}});
}

class Arrays : public ::testing::Test {
protected:
  Arrays() {
    unsigned seed = 0;
    for (const auto& [label, mean] : {std::pair("low", -1.0F), std::pair("high", 1.0F)}) {
      for (int i = 0; i < 12; ++i) {
        put_array(data() / label / (std::to_string(i) + ".safetensors"), 24, mean, seed++);
      }
    }
  }
  [[nodiscard]] fs::path data() const { return dir_ / "data"; }
  [[nodiscard]] fs::path model() const { return dir_ / "m.safetensors"; }
  [[nodiscard]] fs::path one() const { return data() / "high/3.safetensors"; }
  void train() const {
    const Result result = run({"train", data(), "-o", model(), "--epochs", "20", "-q"});
    ASSERT_EQ(result.status, 0) << result.err;
  }

  const TempDir dir_;
};

TEST_F(Arrays, AreScanned) {
  const Result result = run({"scan", data(), "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 24);
}

TEST_F(Arrays, AreExtractedByReadingThem) {
  const Result result = run({"extract", data()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "24 feature arrays of 24 features a frame\n");
}

TEST_F(Arrays, TrainTheSameHeadFromMemoryAndFromTheirFiles) {
  for (const char* megabytes : {"256", "0"}) {
    const Result result = run({"train", data(), "-o", dir_ / megabytes, "--head", "keras-gru",
                               "--feature-memory", megabytes, "-q"});
    ASSERT_EQ(result.status, 0) << result.err;
  }
  const SafetensorsFile first(dir_ / "256"), second(dir_ / "0");
  const auto in_memory = first.bytes("heads/0/gru/kernel");
  const auto from_files = second.bytes("heads/0/gru/kernel");
  EXPECT_TRUE(std::equal(in_memory.begin(), in_memory.end(), from_files.begin(), from_files.end()));
}

TEST_F(Arrays, TrainEvaluateAndPredictLikeClips) {
  train();
  const Json evaluation = run({"evaluate", model(), data(), "--json", "-q"}).json();
  EXPECT_EQ(evaluation.at("clips"), 4);
  EXPECT_GT(evaluation.at("top1").get<double>(), 0.7);
  const Result predicted = run({"predict", model(), one(), "--json", "-q"});
  EXPECT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_EQ(predicted.json().at("clips")[0].at("predictions")[0].at("label"), "high");
  EXPECT_EQ(run({"predict", model(), data(), "--json", "-q"}).json().at("clips").size(), 24U);
}

TEST_F(Arrays, DoTheWholeJob) {
  const Result result = run({"run", data(), "-o", dir_ / "out", "--epochs", "2", "--members", "1",
                             "--no-compare", "--json", "-q"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(fs::exists(dir_ / "out/model.safetensors"));
}

TEST_F(Arrays, OfAnotherWidthStopTheJobAndAreNamed) {
  put_array(data() / "low/odd.safetensors", 16, 0, 99);
  expect_failure(run({"extract", data()}), 1, {"odd.safetensors has 16 features", "24 are needed"});
  const Result scanned = run({"scan", data()});
  EXPECT_NE(scanned.err.find("differ in features a frame"), std::string::npos) << scanned.err;
}

TEST_F(Arrays, ThatCannotBeReadAreUnusableClips) {
  write_text(data() / "low/bad.npy", "text");
  const Result result = run({"extract", data(), "--json"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.json().at("clips"), 24);
  EXPECT_NE(result.err.find("bad.npy"), std::string::npos) << result.err;
}

TEST_F(Arrays, AreNoUseToAModelOfClips) {
  expect_wrong_use(run({"evaluate", demo_model(), data()}), {"reads clips with the network mini"});
  expect_wrong_use(run({"predict", demo_model(), one()}), {one(), "made elsewhere"});
}

TEST_F(Arrays, AreWhatTheirModelNeeds) {
  train();
  expect_wrong_use(run({"predict", model(), demo_clip("Rise")}),
                   {"reads arrays of 24 features a frame", demo_clip("Rise").string()});
  expect_wrong_use(run({"evaluate", model(), demo_clips()}), {"reads arrays of 24 features"});
}

TEST_F(Arrays, OfAnotherWidthThanTheModelsAreNamed) {
  train();
  put_array(dir_ / "wide.safetensors", 32, 0, 1);
  expect_failure(run({"predict", model(), dir_ / "wide.safetensors"}), 1,
                 {"wide.safetensors has 32 features", "24 are needed"});
}

TEST_F(Arrays, HaveNoTimes) {
  expect_wrong_use(run({"extract", data(), "--start", "1"}), {"no times", "span"});
}

}  // namespace
}  // namespace vidclass::cli::testing

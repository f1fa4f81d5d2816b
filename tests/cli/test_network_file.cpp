// A network of a file from the command line.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "demo.hpp"
#include "support/shared_data.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A copy of tiny.onnx, a model of it, and one user's cache folder.
class NetworkFileProgram : public ::testing::Test {
protected:
  NetworkFileProgram() {
    fs::copy_file(fs::path(VIDCLASS_TESTS_DIR) / "backbone/data/tiny.onnx", network_);
  }

  Result run_here(const Arguments& words) const {
    return run(words, {{"XDG_CACHE_HOME", dir_ / "cache"}});
  }
  /// With statistics of its own.
  [[nodiscard]] Result train() const {
    return run_here({"train", demo_clips(), "--backbone", network_, "--mean", "127.5", "--scale",
                     "64", "--head", "mean", "--epochs", "2", "-o", model_});
  }
  [[nodiscard]] Result predict(const Arguments& more = {}) const {
    Arguments words{"predict", model_, demo_clip("Rise"), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_here(words);
  }

  TempDir dir_;
  std::string network_ = dir_ / "tiny.onnx";
  std::string model_ = dir_ / "models/model.safetensors";
};

TEST_F(NetworkFileProgram, TrainsAModelThatPredicts) {
  const Result trained = train();
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_NE(trained.out.find("tiny.onnx 32 px"), std::string::npos) << trained.out;
  const Result found = predict();
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(run_here({"evaluate", model_, demo_clips()}).status, 0);
  EXPECT_EQ(run_here({"explain", model_, demo_clip("Rise")}).status, 0);
}

TEST_F(NetworkFileProgram, IsLookedForBesideTheModelOnceItHasMoved) {
  ASSERT_EQ(train().status, 0);
  const Json before = predict().json();
  fs::rename(network_, dir_ / "models/tiny.onnx");
  const Result found = predict();
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json(), before);
}

TEST_F(NetworkFileProgram, ThatIsGoneIsAskedFor) {
  ASSERT_EQ(train().status, 0);
  const std::string elsewhere = dir_ / "elsewhere.onnx";
  fs::rename(network_, elsewhere);
  expect_wrong_use(predict(), {"tiny.onnx", "the option network"});
  EXPECT_EQ(predict({"--network", elsewhere}).status, 0);
}

TEST_F(NetworkFileProgram, OfAnotherContentIsRefused) {
  ASSERT_EQ(train().status, 0);
  std::string bytes = bytes_of(network_);
  // The numbers of the weights are somewhere in the middle of the file.
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 4; ++i) bytes[i] ^= 1;
  write_text(network_, bytes);
  expect_failure(predict(), 1, {"another tiny.onnx"});
}

TEST_F(NetworkFileProgram, DamagedIsOneLine) {
  write_text(network_, "no network");
  expect_failure(run_here({"extract", demo_clips(), "--backbone", network_}), 1,
                 {"tiny.onnx", "cannot be read as a network"});
}

TEST_F(NetworkFileProgram, CannotBeFineTuned) {
  expect_wrong_use(run_here({"train", demo_clips(), "--backbone", network_, "--finetune", "block14",
                             "-o", model_}),
                   {"cannot be fine-tuned"});
}

TEST_F(NetworkFileProgram, HasOptionsThatTheBuiltInNetworksRefuse) {
  expect_wrong_use(run_here({"extract", demo_clips(), "--backbone", "mini", "--mean", "1"}),
                   {"mean is for", "mini"});
  expect_wrong_use(run_here({"extract", demo_clips(), "--backbone", network_, "--scale", "1,2"}),
                   {"--scale"});
  expect_wrong_use(
      run_here({"extract", demo_clips(), "--backbone", network_, "--input-layout", "chw"}),
      {"input layout", "nchw"});
}

TEST_F(NetworkFileProgram, IsNothingForAModelOfABuiltInNetwork) {
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), "--network", network_}),
                   {"mini", "the option network"});
}

TEST(Device, ThatIsNotThereIsNamed) {
  const TempDir dir;
  expect_failure(run({"extract", demo_clips(), "--backbone", "mini", "--device", "TOASTER"}), 1,
                 {"TOASTER"});
}

TEST(Device, OfCudaThatIsNotThereIsNamed) {
  VIDCLASS_NEED_SHARED_DATA();
  const TempDir dir;
  const Environment weights{
      {"VIDCLASS_WEIGHTS_DIR", (vidclass::testing::shared_data() / "weights").string()}};
  expect_wrong_use(run({"extract", demo_clips(), "--device", "cuda:99"}, weights), {"cuda:99"});
}

TEST(Device, OfCudaRunsXceptionAlone) {
  expect_wrong_use(run({"extract", demo_clips(), "--backbone", "mini", "--device", "cuda"}),
                   {"mini", "device CPU"});
}

TEST(Device, OfCudaDoesNotRunInt8) {
  expect_wrong_use(run({"extract", demo_clips(), "--device", "cuda", "--precision", "int8"}),
                   {"int8", "cuda"});
}

TEST(Device, OfCudaIsNotForWhatIsMeasuredOnTheCpu) {
  expect_wrong_use(run({"bench", "precision", demo_clips(), "--device", "cuda"}), {"cuda"});
  expect_wrong_use(run({"backbone", "quantise", "--calibrate", demo_clips(), "--device", "cuda"}),
                   {"cuda"});
}

TEST(Device, HasFeaturesOfItsOwn) {
  const TempDir dir;
  const auto extract = [&](const std::string& device) {
    return run({"extract", demo_clips(), "--backbone", "mini", "--device", device, "--json",
                "--cache", dir / "features"});
  };
  EXPECT_EQ(extract("CPU").json().at("cached"), 0);
  const Result other = extract("AUTO:CPU");
  ASSERT_EQ(other.status, 0) << other.err;
  EXPECT_EQ(other.json().at("cached"), 0);
}

}  // namespace
}  // namespace vidclass::cli::testing

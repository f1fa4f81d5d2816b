// What cannot be done: status 1, one line of an error that names the file, and
// nothing left behind.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

Arguments quick_training(const std::string& verb, const fs::path& output) {
  return {verb,   demo_clips(), "-o", output,      "--backbone",
          "mini", "--epochs",   "1",  "--members", "1"};
}

TEST(AFolderOfOneClass, IsRefusedByEveryCommandThatNeedsLabels) {
  const TempDir dir;
  copy_classes(dir / "data", {"Rise"});
  for (const Arguments& words :
       {Arguments{"scan", dir / "data"}, Arguments{"train", dir / "data", "-o", dir / "out"},
        Arguments{"run", dir / "data", "-o", dir / "out"}}) {
    expect_failure(run(words), 1, {dir / "data", "one class only", "Rise"});
  }
  EXPECT_FALSE(fs::exists(dir / "out"));
}

TEST(AModelFile, CutShortIsRefusedByItsName) {
  const TempDir dir;
  write_half(dir / "cut.safetensors", demo_model());
  for (const Arguments& words : {Arguments{"predict", dir / "cut.safetensors", demo_clip("Rise")},
                                 Arguments{"evaluate", dir / "cut.safetensors", demo_clips()}}) {
    const Result result = run(words);
    expect_failure(result, 1, {dir / "cut.safetensors", "cut short"});
    EXPECT_EQ(result.out, "");
  }
}

TEST(AModelFile, ThatIsNotThereIsWrongUse) {
  for (const Arguments& words : {Arguments{"predict", "no/such/model", demo_clip("Rise")},
                                 Arguments{"evaluate", "no/such/model", demo_clips()}}) {
    expect_wrong_use(run(words), {"no/such/model", "no such file", "a model file"});
  }
}

TEST(AModelFile, ThatIsAVideoIsRefusedByItsName) {
  expect_failure(run({"predict", demo_clip("Fall"), demo_clip("Rise")}), 1,
                 {demo_clip("Fall").string(), "not a safetensors file"});
}

TEST(AModelFile, ThatIsEmptyIsRefusedByItsName) {
  const TempDir dir;
  write_text(dir / "empty.safetensors", "");
  expect_failure(run({"predict", dir / "empty.safetensors", demo_clip("Rise")}), 1,
                 {dir / "empty.safetensors"});
}

class WithoutWeights : public ::testing::TestWithParam<std::string> {};

TEST_P(WithoutWeights, XceptionIsAFailureThatSaysWhatToDo) {
  const TempDir dir;
  Arguments words{GetParam(), demo_clips()};
  if (GetParam() != "extract") words.insert(words.end(), {"-o", dir / "out"});
  expect_failure(run(words), 1,
                 {"xception_weights_tf_dim_ordering_tf_kernels_notop.h5", "VIDCLASS_OFFLINE",
                  "put the file into", "VIDCLASS_WEIGHTS_DIR"});
  EXPECT_TRUE(files_below(dir.path()).empty());
}

INSTANTIATE_TEST_SUITE_P(Verbs, WithoutWeights, ::testing::Values("extract", "train", "run"),
                         [](const auto& tested) { return tested.param; });

TEST(Weights, ThatAreCutShortAreNamed) {
  const TempDir dir;
  const std::string name = "xception_weights_tf_dim_ordering_tf_kernels_notop.h5";
  write_text(dir / name, "\x89HDF\r\n\x1a\n and no more");
  expect_failure(run({"extract", demo_clips()}, {{"VIDCLASS_WEIGHTS_DIR", dir.path()}}), 1,
                 {dir / name});
}

TEST(TrainsOutput, ThatIsAFolderIsRefusedAndStaysAsItWas) {
  const TempDir dir;
  const Result result = run(quick_training("train", dir.path()));
  EXPECT_NE(result.status, 0);
  expect_failure(result, result.status, {dir.path().string(), "folder"});
  EXPECT_TRUE(files_below(dir.path()).empty());
}

TEST(TrainsOutput, BelowAFileIsRefusedAndTheFileStaysAsItWas) {
  const TempDir dir;
  write_text(dir / "file", "mine");
  const Result result = run(quick_training("train", dir / "file/m.safetensors"));
  EXPECT_NE(result.status, 0);
  expect_failure(result, result.status, {dir / "file"});
  EXPECT_EQ(fs::file_size(dir / "file"), 4U);
}

TEST(TrainsOutput, WhereNothingCanBeMadeIsNamed) {
  // Not even root makes folders there.
  const Result result = run(quick_training("train", "/proc/nowhere/m.safetensors"));
  EXPECT_NE(result.status, 0);
  expect_failure(result, result.status, {"/proc/nowhere"});
}

TEST(RunsOutput, ThatIsAFileIsRefusedAndStaysAsItWas) {
  const TempDir dir;
  write_text(dir / "file", "mine");
  const Result result = run(quick_training("run", dir / "file"));
  EXPECT_NE(result.status, 0);
  expect_failure(result, result.status, {dir / "file"});
  EXPECT_EQ(fs::file_size(dir / "file"), 4U);
}

TEST(Generating, WhereNothingCanBeMadeIsNamed) {
  expect_failure(run({"generate", "/proc/nowhere"}), 1, {"/proc/nowhere"});
}

TEST(VerifyingWeights, ThatAreNotThereSaysHowToGetThem) {
  expect_failure(run({"backbone", "verify"}), 1, {"backbone fetch"});
}

TEST(VerifyingWeights, OfAFileThatIsNotThereIsWrongUse) {
  expect_wrong_use(run({"backbone", "verify", "no/such/file.h5"}), {"no/such/file.h5"});
}

TEST(VerifyingWeights, ThatAreNoHdf5FileNamesTheFile) {
  expect_failure(run({"backbone", "verify", demo_clip("Rise")}), 1,
                 {demo_clip("Rise").string(), "HDF5"});
}

}  // namespace
}  // namespace vidclass::cli::testing

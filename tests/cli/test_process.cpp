// The program as a process: how it stops, and what it loads.
#include <gtest/gtest.h>

#include "core/atomic_file.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// SIGINT reaches `run` when `sign` is on stdout.
void expect_clean_stop_at(const std::string& sign) {
  const TempDir dir;
  // More epochs than anyone waits for.
  Program program({"run", demo_clips(), "-o", dir / "out", "--cache", dir / "cache", "--backbone",
                   "mini", "--epochs", "1000000"});
  ASSERT_TRUE(program.wait_for_output(sign));
  program.interrupt();
  const Result result = program.wait();
  expect_failure(result, 4, {"stopped on request"});
  EXPECT_FALSE(fs::exists(dir / "out/model.safetensors"));
  for (const fs::path& file : files_below(dir.path())) {
    EXPECT_EQ(file.string().find(".tmp"), std::string::npos) << file;
  }
}

TEST(InterruptedRun, StopsCleanlyWhileItExtracts) { expect_clean_stop_at("2. extract"); }

TEST(InterruptedRun, StopsCleanlyWhileItTrains) { expect_clean_stop_at("3. train"); }

TEST(InterruptedPredict, HasPrintedTheLinesThatItReached) {
  const TempDir dir;
  Arguments words{"predict", demo_model(), "--jsonl"};
  for (int i = 0; i < 3000; ++i) words.push_back(demo_clip("Rise"));
  Program program(words);
  ASSERT_TRUE(program.wait_for_output("{\"path\""));
  program.interrupt();
  const Result result = program.wait();
  expect_failure(result, 4, {"stopped on request"});
  for (const std::string& line : lines_of(result.out)) EXPECT_TRUE(Json::accept(line)) << line;
}

TEST(InterruptedGenerate, LeavesNoHalfWrittenClipAndIsCompletedByTheNext) {
  const TempDir dir;
  Program program({"generate", dir / "clips", "--groups", "99", "--clips-per-group", "9"});
  ASSERT_TRUE(program.wait_until([&] { return files_below(dir / "clips").size() >= 3; }));
  program.interrupt();
  expect_failure(program.wait(), 4, {"stopped on request"});
  for (const fs::path& file : files_below(dir / "clips")) {
    EXPECT_EQ(file.string().find(".tmp"), std::string::npos) << file;
  }
  EXPECT_EQ(run({"generate", dir / "clips", "--groups", "2", "--clips-per-group", "1"}).status, 0);
  EXPECT_EQ(run({"scan", dir / "clips", "--json"}).json().at("clips"), 16);
}

/// What the dynamic loader says of the libraries that a run loads.
std::string libraries_of(const Arguments& words) {
  const TempDir dir;
  const Result result = run(words, {{"LD_DEBUG", "files"}, {"LD_DEBUG_OUTPUT", dir / "loader"}});
  EXPECT_EQ(result.status, 0) << result.err;
  std::string said;
  for (const fs::path& file : files_below(dir.path())) said += read_text_file(file);
  return said;
}

TEST(LoadedLibraries, OfPredictAreWithoutLibTorch) {
  const std::string libraries = libraries_of({"predict", demo_model(), demo_clip("Rise")});
  EXPECT_NE(libraries.find("libopenvino"), std::string::npos);
  EXPECT_EQ(libraries.find("libtorch"), std::string::npos);
  EXPECT_EQ(libraries.find("libvidclass_torch"), std::string::npos);
}

TEST(LoadedLibraries, OfEvaluateAreWithoutLibTorch) {
  EXPECT_EQ(libraries_of({"evaluate", demo_model(), demo_clips()}).find("libtorch"),
            std::string::npos);
}

TEST(LoadedLibraries, OfTrainAreWithoutLibTorch) {
  const TempDir dir;
  EXPECT_EQ(
      libraries_of({"train", demo_clips(), "-o", dir / "m", "--backbone", "mini", "--epochs", "1"})
          .find("libtorch"),
      std::string::npos);
}

}  // namespace
}  // namespace vidclass::cli::testing

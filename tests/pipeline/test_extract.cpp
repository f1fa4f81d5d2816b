// The work of `extract`: features into the cache and into files.
#include <gtest/gtest.h>

#include <fstream>

#include "core/json.hpp"
#include "core/npy.hpp"
#include "core/safetensors.hpp"
#include "fixtures.hpp"
#include "pipeline/extract.hpp"
#include "pipeline/gather.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using vidclass::testing::same_bytes;

class Extraction : public ::testing::Test {
protected:
  [[nodiscard]] ExtractOutcome run() { return extract(request_, heard_.hooks()); }
  [[nodiscard]] std::string refusal() {
    return message_of<UsageError>([&] { (void)run(); });
  }
  void write_to(const std::string& name) { request_.output = dir_ / name; }

  const TempDir dir_;
  ExtractRequest request_{.clips = {video_of("Rise"), video_of("Fall"), video_of("Darken")},
                          .features = mini_features(dir_ / "cache")};
  Heard heard_;
};

TEST_F(Extraction, IntoAFolderNamesFilesAsTheirClips) {
  write_to("out");
  EXPECT_EQ(run().written, 3U);
  EXPECT_TRUE(fs::exists(dir_.path() / "out" / "v_Rise_g01_c01.npy"));
}

TEST_F(Extraction, IntoAFolderNamesFilesAsIsAskedFor) {
  write_to("out");
  request_.names = {"up/one", "down/one", "dark/one"};
  (void)run();
  EXPECT_TRUE(fs::exists(dir_.path() / "out" / "up" / "one.npy"));
}

TEST_F(Extraction, TellsFilesOfOneNameApartByNumbers) {
  write_to("out");
  request_.names = {"one", "one", "one"};
  (void)run();
  for (const char* name : {"one.npy", "one-2.npy", "one-3.npy"}) {
    EXPECT_TRUE(fs::exists(dir_.path() / "out" / name)) << name;
  }
}

TEST_F(Extraction, WritesAnArrayOfFramesByFeatures) {
  write_to("out");
  const auto outcome = run();
  const auto array = read_npy(dir_.path() / "out" / "v_Rise_g01_c01.npy");
  EXPECT_EQ(array.shape(), (Shape{4, 2 * outcome.settings.backbone.feature_size}));
}

TEST_F(Extraction, OfOneClipWritesOneArray) {
  write_to("one.npy");
  request_.clips.resize(1);
  (void)run();
  EXPECT_EQ(read_npy(request_.output).dim(0), 4U);
}

TEST_F(Extraction, OfSeveralClipsRefusesOneNpy) {
  write_to("all.npy");
  const auto message = refusal();
  EXPECT_TRUE(has(message, "or of a single clip as one .npy file")) << message;
}

TEST_F(Extraction, RefusesAnotherEnding) {
  write_to("all.csv");
  EXPECT_TRUE(has(refusal(), "all.csv: features are written as"));
}

TEST_F(Extraction, TakesAFolderThatIsThereWhateverItsEnding) {
  write_to("features.v1");
  fs::create_directory(request_.output);
  EXPECT_EQ(run().written, 3U);
}

TEST_F(Extraction, RefusesAFileWhereAFolderIsToBe) {
  put(dir_ / "out");
  write_to("out");
  EXPECT_TRUE(has(refusal(), (dir_ / "out").string()));
}

TEST_F(Extraction, WritesLinesInTheOrderOfTheClips) {
  write_to("all.jsonl");
  (void)run();
  std::ifstream lines(request_.output);
  std::string line;
  for (const video::ClipSource& clip : request_.clips) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(Json::parse(line).at("path"), clip.path.string());
  }
}

TEST_F(Extraction, WritesLinesWithTheMeanOfTheArray) {
  request_.clips.resize(1);
  write_to("one.jsonl");
  (void)run();
  write_to("one.npy");
  (void)run();
  const auto vector = Json::parse(text_of(dir_ / "one.jsonl")).at("vector");
  const Tensor array = read_npy(dir_ / "one.npy");
  ASSERT_EQ(vector.size(), array.dim(1));
  for (std::size_t i = 0; i < array.dim(1); ++i) {
    double sum = 0;
    for (std::size_t t = 0; t < array.dim(0); ++t) {
      sum += static_cast<double>(array.data<float>()[t * array.dim(1) + i]);
    }
    EXPECT_NEAR(vector[i].get<double>(), sum / static_cast<double>(array.dim(0)), 1e-5) << i;
  }
}

TEST_F(Extraction, WritesLinesWithTheNumberOfFrames) {
  write_to("all.jsonl");
  (void)run();
  const std::string text = text_of(request_.output);
  EXPECT_EQ(Json::parse(text.substr(0, text.find('\n'))).at("frames"), 4);
}

TEST_F(Extraction, IntoOneFileNamesArraysByThePathsOfTheirClips) {
  write_to("all.safetensors");
  (void)run();
  const SafetensorsFile file(request_.output);
  EXPECT_EQ(file.names().size(), 3U);
  for (const video::ClipSource& clip : request_.clips) {
    EXPECT_TRUE(file.contains(clip.path.string())) << clip.path;
  }
}

TEST_F(Extraction, IntoOneFileTellsClipsOfOneFileApartByNumbers) {
  write_to("all.safetensors");
  const std::string path = video_of("Rise").string();
  request_.clips = {{path, 0, 0.2}, {path, 0.2}};
  (void)run();
  const SafetensorsFile file(request_.output);
  EXPECT_TRUE(file.contains(path));
  EXPECT_TRUE(file.contains(path + "#2"));
}

TEST_F(Extraction, RefusesAClipAsOutput) {
  ArraySet set(dir_ / "a");
  request_ = {.clips = {set.add(0)}, .features = request_.features};
  request_.features.array_width = ArraySet::width;
  request_.output = request_.clips[0].path;
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Extraction, RefusesAFolderInWhichItWouldOverwriteAClip) {
  ArraySet set(dir_ / "a");
  request_ = {.clips = {set.add(0), set.add(1)}, .features = request_.features};
  request_.features.array_width = ArraySet::width;
  write_to("a");
  EXPECT_TRUE(has(refusal(), "would be overwritten"));
}

TEST_F(Extraction, GoesOnWithoutClipsThatCannotBeUsed) {
  write_to("out");
  request_.clips[1] = put(dir_ / "broken.avi", "no video");
  const auto outcome = run();
  EXPECT_EQ(outcome.written, 2U);
  EXPECT_EQ(outcome.report.unusable.size(), 1U);
}

TEST_F(Extraction, WarnsOfClipsThatCannotBeUsed) {
  request_.clips[1] = put(dir_ / "broken.avi", "no video");
  (void)run();
  EXPECT_TRUE(heard_.warned_of("unusable clip " + (dir_ / "broken.avi").string()));
}

TEST_F(Extraction, FailsWhereNoClipCanBeUsed) {
  request_.clips = {put(dir_ / "broken.avi", "no video")};
  EXPECT_EQ(message_of<Error>([&] { (void)run(); }), "no clip is usable");
}

TEST_F(Extraction, WritesNothingWhereNoClipCanBeUsed) {
  write_to("all.jsonl");
  request_.clips = {put(dir_ / "broken.avi", "no video")};
  EXPECT_THROW((void)run(), Error);
  EXPECT_FALSE(fs::exists(request_.output));
}

TEST_F(Extraction, WritesNothingUnlessAsked) { EXPECT_EQ(run().written, 0U); }

TEST_F(Extraction, FindsInTheCacheWhatItComputedBefore) {
  (void)run();
  const auto again = run().report;
  EXPECT_EQ(again.cached, 3U);
  EXPECT_EQ(again.frames, 0U);
}

TEST_F(Extraction, FindsBytesInTheCacheOfTheirFile) {
  (void)run();
  const std::string text = text_of(video_of("Rise"));
  const auto* const first = reinterpret_cast<const std::byte*>(text.data());
  request_.clips = {ClipSource::from_bytes(
      std::make_shared<std::vector<std::byte>>(first, first + text.size()), "upload.avi")};
  EXPECT_EQ(run().report.cached, 1U);
}

TEST_F(Extraction, NamesItsStage) {
  (void)run();
  EXPECT_EQ(heard_.stages, std::vector<std::string>{"extract"});
}

TEST_F(Extraction, NamesTheStageOfFadedClips) {
  request_.faded = {0};
  (void)run();
  EXPECT_TRUE(heard_.named_stage("extract faded"));
}

TEST_F(Extraction, LooksAtFadedClipsOnTop) {
  request_.faded = {0, 2};
  EXPECT_EQ(run().report.frames, 3U * 4 + 2U * 2);
}

TEST_F(Extraction, LeavesNothingToComputeForATrainingThatFades) {
  const auto manifest = open_data({.data = put_video_csv(dir_ / "d.csv")});
  (void)extract(request_of(manifest, request_.features, true));
  const auto features =
      gather_features(manifest, {dataset::Split::train, dataset::Split::validation},
                      request_.features, true, 1'000'000, {});
  EXPECT_EQ(features.report.frames, 0U);
}

TEST_F(Extraction, OfADataSetNamesClipsByLabelAndFile) {
  const auto request = request_of(open_data({.data = put_video_csv(dir_ / "d.csv")}), {}, false);
  EXPECT_EQ(request.names.at(0), "Brighten/v_Brighten_g01_c01");
}

TEST_F(Extraction, OfADataSetNeverFadesItsTestClips) {
  const auto manifest = open_data({.data = put_video_csv(dir_ / "d.csv")});
  for (const std::size_t clip : request_of(manifest, {}, true).faded) {
    EXPECT_NE(manifest.clips.at(clip).split, dataset::Split::test) << clip;
  }
}

TEST_F(Extraction, OfArraysTakesTheirWidth) {
  const auto manifest = open_data({.data = ArraySet::of_groups(dir_ / "a", 2)});
  EXPECT_EQ(request_of(manifest, request_.features, true).features.array_width, ArraySet::width);
}

TEST_F(Extraction, StopsOnRequest) {
  EXPECT_THROW((void)extract(request_, cancelled()), Cancelled);
}

TEST_F(Extraction, StoppedOnTheWayWritesNoFile) {
  write_to("all.jsonl");
  Hooks hooks;
  hooks.progress = [&](const ProgressState&) { hooks.cancel.request(); };
  EXPECT_THROW((void)extract(request_, hooks), Cancelled);
  EXPECT_FALSE(fs::exists(request_.output));
}

TEST_F(Extraction, PrintsNothing) {
  request_.clips[1] = put(dir_ / "broken.avi", "no video");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  (void)run();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace vidclass::pipeline::testing

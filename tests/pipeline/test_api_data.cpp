// The public headers: frames, data sets at hand, explanations, choices by name, linear classifiers.
#include <gtest/gtest.h>

#include <cmath>

#include "fixtures.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/vidclass.hpp"
#include "video/sample.hpp"

namespace vidclass::pipeline::testing {
namespace {

using vidclass::testing::same_bytes;

TEST(LibraryFrames, AreThoseOfTheSampler) {
  const ClipFrames found = read_frames(video_of("Rise"), {.size = 48, .frames = 5});
  const auto expected = video::sample_clip(video_of("Rise"), {.frames = 5, .size = 48});
  EXPECT_TRUE(same_bytes(found.frames, expected.frames));
  EXPECT_EQ(found.times, expected.times);
}

TEST(LibraryFrames, OfSeveralKeepTheirOrder) {
  const std::vector<ClipSource> clips{video_of("Rise"), video_of("Fall", 2)};
  const auto found = read_frames(clips, {.size = 48});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(same_bytes(found[1].frames, read_frames(clips[1], {.size = 48}).frames));
}

TEST(LibraryFrames, OfSeveralTellWhichCannotBeUsed) {
  const TempDir dir;
  const std::vector<ClipSource> clips{dir / "missing.avi", video_of("Rise")};
  const auto found = read_frames(clips);
  EXPECT_EQ(found[0].error, "file not found");
  EXPECT_EQ(found[1].error, "");
}

TEST(LibraryFrames, ThrowForAClipThatCannotBeUsed) {
  const TempDir dir;
  EXPECT_THROW((void)read_frames(put(dir / "broken.avi", "no video")), ClipError);
}

TEST(LibraryFrames, RefuseASizeOutOfRange) {
  EXPECT_THROW((void)read_frames(video_of("Rise"), {.size = 0}), UsageError);
}

TEST(LibraryFrames, StopOnRequest) {
  const std::vector<ClipSource> clips{video_of("Rise")};
  EXPECT_THROW((void)read_frames(clips, {}, {}, cancelled()), Cancelled);
}

/// Brighten and Rise as a caller may list them.
class DatasetAtHand : public ::testing::Test {
protected:
  DatasetAtHand() { (void)user_cache(); }

  [[nodiscard]] std::string refusal() const {
    return message_of<Error>([&] { write_dataset(data_, dir_ / "d.csv"); });
  }
  [[nodiscard]] vidclass::TrainOptions quick() const {
    vidclass::TrainOptions options;
    options.features.backbone = "mini";
    options.features.frames = 4;
    options.machine.cache = dir_ / "cache";
    options.head = "mean";
    options.epochs = 3;
    return options;
  }

  const TempDir dir_;
  vidclass::Dataset data_ = read_dataset(put_video_csv(dir_ / "given.csv"));
};

TEST_F(DatasetAtHand, TrainsAsItsFileDoes) {
  (void)train_model(data_, dir_ / "a.safetensors", quick());
  (void)train_model(dir_ / "given.csv", dir_ / "b.safetensors", quick());
  const ClipSource clip = video_of("Rise");
  EXPECT_EQ(Classifier(dir_ / "a.safetensors").classify(clip).probabilities,
            Classifier(dir_ / "b.safetensors").classify(clip).probabilities);
}

TEST_F(DatasetAtHand, IsEvaluated) {
  (void)train_model(data_, dir_ / "m.safetensors", quick());
  EvaluateOptions options;
  options.classifier.machine.cache = dir_ / "cache";
  EXPECT_EQ(evaluate_model(dir_ / "m.safetensors", data_, options).clips, 2U);
}

TEST_F(DatasetAtHand, TellsEachEpoch) {
  std::vector<int> epochs;
  auto options = quick();
  options.on_epoch = [&](const TrainedEpoch& epoch) { epochs.push_back(epoch.epoch); };
  (void)train_model(data_, dir_ / "m.safetensors", options);
  EXPECT_EQ(epochs, (std::vector<int>{1, 2, 3}));
}

TEST_F(DatasetAtHand, IsReadBackAsItWasWritten) {
  write_dataset(data_, dir_ / "out/d.csv");
  const vidclass::Dataset again = read_dataset(dir_ / "out/d.csv");
  ASSERT_EQ(again.clips.size(), data_.clips.size());
  EXPECT_EQ(again.labels, data_.labels);
  EXPECT_EQ(again.clips[3].group, data_.clips[3].group);
}

TEST_F(DatasetAtHand, TakesItsLabelsFromItsClips) {
  data_.labels.clear();
  write_dataset(data_, dir_ / "d.csv");
  EXPECT_EQ(read_dataset(dir_ / "d.csv").labels, (std::vector<std::string>{"Brighten", "Rise"}));
}

TEST_F(DatasetAtHand, KeepsAFileThatIsThere) {
  EXPECT_THROW(write_dataset(data_, dir_ / "given.csv"), UsageError);
}

TEST_F(DatasetAtHand, RefusesAnUnknownLabel) {
  data_.clips[0].label = "Jump";
  EXPECT_TRUE(has(refusal(), "\"Jump\"")) << refusal();
}

TEST_F(DatasetAtHand, RefusesAClipThatIsListedTwice) {
  data_.clips.push_back(data_.clips.front());
  EXPECT_TRUE(has(refusal(), "listed twice")) << refusal();
}

TEST_F(DatasetAtHand, RefusesAnUnknownSplit) {
  data_.clips[0].split = "holdout";
  EXPECT_TRUE(has(refusal(), "holdout")) << refusal();
}

TEST_F(DatasetAtHand, RefusesASpanThatIsNone) {
  data_.clips[0].clip.start = 2;
  data_.clips[0].clip.end = 1;
  EXPECT_TRUE(has(refusal(), "no span")) << refusal();
}

TEST_F(DatasetAtHand, RefusesClipsInMemory) {
  data_.clips[0].clip = ClipSource::from_bytes(std::make_shared<std::vector<std::byte>>(), "a.mp4");
  EXPECT_TRUE(has(refusal(), "a.mp4 is in memory")) << refusal();
}

TEST_F(DatasetAtHand, RefusesOneClass) {
  std::erase_if(data_.clips, [](const auto& clip) { return clip.label == "Rise"; });
  EXPECT_TRUE(has(refusal(), "one class only")) << refusal();
}

class LibraryExplainer : public DatasetAtHand {
protected:
  LibraryExplainer() { (void)train_model(data_, model_, quick()); }
  const fs::path model_ = dir_ / "m.safetensors";
};

TEST_F(LibraryExplainer, GivesAShareForEachFrame) {
  const Explanation found = Explainer(model_).explain(video_of("Rise"), "Rise");
  EXPECT_EQ(found.label, "Rise");
  EXPECT_EQ(found.frames.size(), 4U);
  EXPECT_EQ(found.places.dim(0), 4U);
  EXPECT_EQ(found.pictures.dim(3), 3U);
}

TEST_F(LibraryExplainer, RefusesAnUnknownLabel) {
  Explainer explainer(model_);
  EXPECT_THROW((void)explainer.explain(video_of("Rise"), "Jump"), UsageError);
}

TEST_F(LibraryExplainer, RefusesNoSteps) {
  EXPECT_THROW(Explainer(model_, {.steps = 0}), UsageError);
}

TEST_F(LibraryExplainer, StopsOnRequest) {
  Explainer explainer(model_);
  EXPECT_THROW((void)explainer.explain(video_of("Rise"), "", cancelled()), Cancelled);
}

TEST(LibraryExtractor, TellsItsBlocks) {
  (void)user_cache();
  const FeatureExtractor extractor({.backbone = "mini"});
  std::size_t sum = 0;
  for (const FeatureBlock& block : extractor.blocks()) sum += block.width;
  EXPECT_EQ(sum, extractor.width());
  EXPECT_EQ(extractor.blocks().front().pooling, "avg");
}

TEST(LibraryExtractor, TellsTheTimesOfFrames) {
  (void)user_cache();
  const TempDir dir;
  FeatureExtractor extractor({.backbone = "mini", .frames = 4}, {.cache = dir.path()});
  const std::vector<ClipSource> clips{video_of("Rise")};
  EXPECT_EQ(extractor.extract(clips).front().times.size(), 4U);
}

TEST(LibraryExtractor, WithoutACacheGivesTheSame) {
  (void)user_cache();
  const TempDir dir;
  FeatureExtractor with({.backbone = "mini"}, {.cache = dir.path()});
  FeatureExtractor without = FeatureExtractor::without_cache({.backbone = "mini"});
  EXPECT_TRUE(same_bytes(without.extract(video_of("Rise")), with.extract(video_of("Rise"))));
}

TEST(LibraryExtractor, WithoutACacheKeepsNothing) {
  const TempDir dir;
  const Variable home("XDG_CACHE_HOME", dir.path().string());
  (void)FeatureExtractor::without_cache({.backbone = "mini"}).extract(video_of("Rise"));
  EXPECT_FALSE(fs::exists(dir / "vidclass/features/contents.tsv"));
}

TEST(LibraryChoices, AreReadByName) {
  EXPECT_EQ(sampling_from("dense"), Sampling::dense);
  EXPECT_EQ(pooling_from("avg,motion"), PoolingChoice::avg_motion);
  EXPECT_THROW((void)crop_from("left"), UsageError);
}

class LibraryLinear : public ::testing::Test {
protected:
  const Tensor rows_ = Tensor::from<float>({4, 1}, std::vector<float>{-2, -1, 1, 2});
  const std::vector<std::size_t> labels_{0, 0, 1, 1};
};

TEST_F(LibraryLinear, TellsItsRowsApart) {
  const vidclass::LinearClassifier found = fit_linear(rows_, labels_, 2, {.strength = 10});
  const auto weights = found.weights.data<float>();
  EXPECT_GT(weights[1], weights[0]);
}

TEST_F(LibraryLinear, RefusesAnotherNumberOfLabels) {
  const std::vector<std::size_t> few{0, 1};
  EXPECT_THROW((void)fit_linear(rows_, few, 2), UsageError);
}

TEST_F(LibraryLinear, RefusesAStrengthThatIsNone) {
  EXPECT_THROW((void)fit_linear(rows_, labels_, 2, {.strength = 0}), UsageError);
}

}  // namespace
}  // namespace vidclass::pipeline::testing

// The public headers: train, evaluate, extract, classify, read data sets.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "support/same_bytes.hpp"
#include "vidclass/vidclass.hpp"

namespace vidclass::pipeline::testing {
namespace {

using vidclass::testing::same_bytes;

vidclass::TrainOptions quick_options(const fs::path& cache) {
  (void)user_cache();
  vidclass::TrainOptions options;
  options.features.backbone = "mini";
  options.features.frames = 4;
  options.machine.cache = cache;
  options.head = "mean";
  options.epochs = 3;
  return options;
}

FeatureOptions quick_features() { return {.backbone = "mini", .frames = 4}; }

std::shared_ptr<const std::vector<std::byte>> bytes_of(const fs::path& file) {
  const std::string text = text_of(file);
  const auto* const first = reinterpret_cast<const std::byte*>(text.data());
  return std::make_shared<std::vector<std::byte>>(first, first + text.size());
}

/// A model of videos and one of arrays, made once a process. Only to be read.
struct PublicModels {
  PublicModels() {
    (void)train_model(put_video_csv(dir / "d.csv"), of_clips, quick_options(dir / "cache"));
    (void)train_model(arrays, of_arrays, quick_options(dir / "cache"));
  }
  TempDir dir;
  fs::path of_clips = dir / "clips.safetensors";
  fs::path of_arrays = dir / "arrays.safetensors";
  fs::path arrays = ArraySet::with_splits(dir / "a");
};

const PublicModels& public_models() {
  static const PublicModels models;
  return models;
}

class LibraryTraining : public ::testing::Test {
protected:
  [[nodiscard]] std::string refusal() const {
    return message_of<UsageError>([&] { (void)train_model(data_, model_, options_); });
  }
  const TempDir dir_;
  const fs::path data_ = ArraySet::with_splits(dir_ / "a");
  const fs::path model_ = dir_ / "m.safetensors";
  vidclass::TrainOptions options_ = quick_options(dir_ / "cache");
};

TEST_F(LibraryTraining, ReportsItsClips) {
  const auto report = train_model(data_, model_, options_);
  EXPECT_EQ(report.train_clips, 8U);
  EXPECT_EQ(report.val_clips, 4U);
}

TEST_F(LibraryTraining, WritesAModel) {
  (void)train_model(data_, model_, options_);
  EXPECT_EQ(Classifier(model_).labels(), (std::vector<std::string>{"high", "low"}));
}

TEST_F(LibraryTraining, ReportsClipsThatCannotBeUsed) {
  ArraySet set(dir_ / "b");
  for (const char* split : {"train", "val", "test"}) {
    for (const std::size_t label : {0U, 1U}) set.add(label, "", split);
  }
  const fs::path broken = set.add_broken(0, "train");
  const auto report = train_model(set.csv(), model_, options_);
  ASSERT_EQ(report.unusable.size(), 1U);
  EXPECT_EQ(report.unusable[0].path, broken);
}

TEST_F(LibraryTraining, RefusesAnUnknownHead) {
  options_.head = "lstm";
  EXPECT_TRUE(has(refusal(), "lstm"));
}

TEST_F(LibraryTraining, RefusesAnUnknownEnsemble) {
  options_.ensemble = "all";
  EXPECT_TRUE(has(refusal(), "all"));
}

TEST_F(LibraryTraining, RefusesSharesThatAreNone) {
  options_.split = "most";
  EXPECT_TRUE(has(refusal(), "the split \"most\""));
}

TEST_F(LibraryTraining, RefusesAnUnknownLayout) {
  options_.data.layout = "zip";
  EXPECT_TRUE(has(refusal(), "zip"));
}

TEST_F(LibraryTraining, RefusesNoSeeds) {
  options_.seeds = 0;
  EXPECT_TRUE(has(refusal(), "seeds must be 1 or more, not 0"));
}

TEST_F(LibraryTraining, OfAGruNeedsNoLibTorch) {
  options_.head = "gru";
  const Variable library("VIDCLASS_TORCH_LIBRARY", (dir_ / "none.so").string());
  EXPECT_EQ(train_model(data_, model_, options_).train_clips, 8U);
}

TEST_F(LibraryTraining, StopsOnRequest) {
  EXPECT_THROW((void)train_model(data_, model_, options_, cancelled()), Cancelled);
}

TEST_F(LibraryTraining, ResumesWhatWasStopped) {
  options_.epochs = 200;
  Hooks hooks;
  hooks.progress = [&](const ProgressState& state) {
    if (state.stage == "train mean" && state.done >= 3) hooks.cancel.request();
  };
  EXPECT_TRUE(train_model(data_, model_, options_, hooks).stopped);
  options_.resume = true;
  EXPECT_FALSE(train_model(data_, model_, options_).stopped);
}

class LibraryEvaluation : public ::testing::Test {
protected:
  LibraryEvaluation() { options_.classifier.machine.cache = dir_ / "cache"; }

  const TempDir dir_;
  const fs::path model_ = public_models().of_arrays;
  EvaluateOptions options_;
};

TEST_F(LibraryEvaluation, ReportsTheTestClips) {
  EXPECT_EQ(evaluate_model(model_, public_models().arrays, options_).clips, 4U);
}

TEST_F(LibraryEvaluation, CountsEveryClipInItsConfusion) {
  std::size_t counted = 0;
  for (const auto& row : evaluate_model(model_, public_models().arrays, options_).confusion) {
    for (const std::size_t clips : row) counted += clips;
  }
  EXPECT_EQ(counted, 4U);
}

TEST_F(LibraryEvaluation, KnowsWhatAlwaysTheSameAnswerScores) {
  EXPECT_EQ(evaluate_model(model_, public_models().arrays, options_).majority, 0.5);
}

TEST_F(LibraryEvaluation, WritesWhatItIsAskedFor) {
  options_.predictions = dir_ / "p.csv";
  options_.report = dir_ / "page.html";
  (void)evaluate_model(model_, public_models().arrays, options_);
  EXPECT_TRUE(fs::exists(options_.predictions));
  EXPECT_TRUE(fs::exists(options_.report));
}

TEST_F(LibraryEvaluation, RefusesLabelsThatTheModelDoesNotKnow) {
  ArraySet set(dir_ / "b");
  for (const std::size_t label : {0U, 2U}) set.add(label, "", "test");
  EXPECT_THROW((void)evaluate_model(model_, set.csv(), options_), UsageError);
}

TEST_F(LibraryEvaluation, WarnsOfClipsThatTheModelWasTrainedOn) {
  options_.split = "all";
  EXPECT_TRUE(any_has(evaluate_model(model_, public_models().arrays, options_).warnings,
                      "12 of 16 clips to test on have the content of clips"));
}

TEST_F(LibraryEvaluation, StopsOnRequest) {
  EXPECT_THROW((void)evaluate_model(model_, public_models().arrays, options_, cancelled()),
               Cancelled);
}

class LibraryExtraction : public ::testing::Test {
protected:
  LibraryExtraction() { (void)user_cache(); }

  const TempDir dir_;
  FeatureExtractor extractor_{quick_features(), {.cache = dir_ / "cache"}};
};

TEST_F(LibraryExtraction, GivesFramesByFeatures) {
  EXPECT_EQ(extractor_.extract(video_of("Rise")).shape(), (Shape{4, extractor_.width()}));
}

TEST_F(LibraryExtraction, GivesTheSameOfBytesAsOfTheirFile) {
  FeatureExtractor other(quick_features(), {.cache = dir_ / "other"});
  EXPECT_TRUE(same_bytes(
      extractor_.extract(ClipSource::from_bytes(bytes_of(video_of("Rise")), "upload.avi")),
      other.extract(video_of("Rise"))));
}

TEST_F(LibraryExtraction, ThrowsForAClipThatCannotBeUsed) {
  EXPECT_THROW((void)extractor_.extract(put(dir_ / "broken.avi", "no video")), ClipError);
}

TEST_F(LibraryExtraction, OfSeveralKeepsTheirOrder) {
  const std::vector<ClipSource> clips{video_of("Rise"), video_of("Fall", 2)};
  const auto found = extractor_.extract(clips);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(same_bytes(found[1].values, extractor_.extract(clips[1])));
}

TEST_F(LibraryExtraction, OfSeveralTellsWhichCannotBeUsed) {
  const std::vector<ClipSource> clips{put(dir_ / "a.avi", "no video"), video_of("Rise"),
                                      dir_ / "missing.avi"};
  const auto found = extractor_.extract(clips);
  EXPECT_NE(found[0].error, "");
  EXPECT_EQ(found[1].error, "");
  EXPECT_EQ(found[2].error, "file not found");
}

TEST_F(LibraryExtraction, OfNothingGivesNothing) {
  EXPECT_TRUE(extractor_.extract(std::vector<ClipSource>{}).empty());
}

TEST_F(LibraryExtraction, StopsOnRequest) {
  const std::vector<ClipSource> clips{video_of("Rise")};
  EXPECT_THROW((void)extractor_.extract(clips, cancelled()), Cancelled);
}

TEST_F(LibraryExtraction, RefusesOptionsThatDoNotGoTogether) {
  EXPECT_THROW(FeatureExtractor({.backbone = "mini", .pooling = PoolingChoice::avg_middle}),
               UsageError);
}

TEST_F(LibraryExtraction, RefusesFramesOutOfRange) {
  EXPECT_THROW(FeatureExtractor({.backbone = "mini", .frames = 0}), UsageError);
}

class LibraryClassifier : public ::testing::Test {
protected:
  const TempDir dir_;
  Classifier classifier_{public_models().of_clips};
};

TEST_F(LibraryClassifier, GivesAProbabilityForEachLabel) {
  const auto prediction = classifier_.classify(video_of("Rise"));
  ASSERT_EQ(prediction.probabilities.size(), 2U);
  EXPECT_NEAR(prediction.probabilities[0] + prediction.probabilities[1], 1, 1e-5);
}

TEST_F(LibraryClassifier, GivesTheSameForBytesAsForTheirFile) {
  const fs::path file = video_of("Rise", 5);
  EXPECT_EQ(
      classifier_.classify(ClipSource::from_bytes(bytes_of(file), "upload.avi")).probabilities,
      classifier_.classify(file).probabilities);
}

TEST_F(LibraryClassifier, NamesTheMostProbableLabelFirst) {
  const auto prediction = classifier_.classify(video_of("Rise"));
  const auto top = prediction.top(2);
  EXPECT_GE(top.at(0).probability, top.at(1).probability);
}

TEST_F(LibraryClassifier, NamesNoMoreLabelsThanThereAre) {
  EXPECT_EQ(classifier_.classify(video_of("Rise")).top(10).size(), 2U);
}

TEST_F(LibraryClassifier, TellsTheTimesOfItsFrames) {
  EXPECT_EQ(classifier_.classify(video_of("Rise")).times.size(), 4U);
}

TEST_F(LibraryClassifier, ThrowsForAClipThatCannotBeUsed) {
  EXPECT_THROW((void)classifier_.classify(put(dir_ / "broken.avi", "no video")), ClipError);
}

TEST_F(LibraryClassifier, OfSeveralTellsWhichCannotBeUsed) {
  const std::vector<ClipSource> clips{dir_ / "missing.avi", video_of("Rise")};
  const auto predictions = classifier_.classify(clips);
  EXPECT_EQ(predictions.at(0).error, "file not found");
  EXPECT_TRUE(predictions.at(1).error.empty());
}

TEST_F(LibraryClassifier, RefusesAnArrayForAModelOfClips) {
  const fs::path array = open_data({.data = public_models().arrays}).clips.at(0).path;
  EXPECT_THROW((void)classifier_.classify(array), UsageError);
}

TEST_F(LibraryClassifier, OfArraysRefusesAClip) {
  Classifier of_arrays(public_models().of_arrays);
  EXPECT_THROW((void)of_arrays.classify(video_of("Rise")), UsageError);
}

TEST_F(LibraryClassifier, OfArraysCannotUseBytes) {
  Classifier of_arrays(public_models().of_arrays);
  const auto clip = ClipSource::from_bytes(bytes_of(video_of("Rise")), "upload.avi");
  EXPECT_THROW((void)of_arrays.classify(clip), ClipError);
}

TEST_F(LibraryClassifier, RefusesAModelThatIsNotThere) {
  EXPECT_THROW(Classifier(dir_ / "none.safetensors"), UsageError);
}

TEST_F(LibraryClassifier, FailsForAFileThatIsNoModel) {
  const fs::path file = put(dir_ / "m.safetensors", "no model");
  const auto message = message_of<Error>([&] { Classifier made(file); });
  EXPECT_TRUE(has(message, file.string())) << message;
}

TEST_F(LibraryClassifier, StopsOnRequest) {
  const std::vector<ClipSource> clips{video_of("Rise")};
  EXPECT_THROW((void)classifier_.classify(clips, cancelled()), Cancelled);
}

TEST(LibraryDataset, HasLabelsAndSplitsByName) {
  const TempDir dir;
  const Dataset data = read_dataset(put_video_csv(dir / "d.csv"));
  EXPECT_EQ(data.layout, "csv");
  EXPECT_EQ(data.clips.at(0).label, "Brighten");
  EXPECT_EQ(data.clips.at(0).split, "train");
}

TEST(LibraryDataset, RefusesASpanThatEndsBeforeItStarts) {
  const TempDir dir;
  DatasetOptions options;
  options.start = 2;
  options.end = 1;
  EXPECT_THROW((void)read_dataset(put_video_csv(dir / "d.csv"), options), UsageError);
}

TEST(LibraryDataset, RefusesAnUnknownLayout) {
  const TempDir dir;
  DatasetOptions options;
  options.layout = "zip";
  EXPECT_THROW((void)read_dataset(put_video_csv(dir / "d.csv"), options), UsageError);
}

}  // namespace
}  // namespace vidclass::pipeline::testing

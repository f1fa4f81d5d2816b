#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "classify/explain.hpp"
#include "head/runner.hpp"
#include "support/footage.hpp"
#include "support/head_fixtures.hpp"
#include "support/memory.hpp"
#include "support/motion_fixtures.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_writer.hpp"

namespace vidclass::classify {
namespace {

namespace fs = std::filesystem;
using testing::made_up_head;
using testing::TempDir;

backbone::BackboneOptions mini() {
  backbone::BackboneOptions options;
  options.name = "mini";
  options.precision = backbone::Precision::f32;
  return options;
}

/// An untrained model of three labels on the built-in network.
model::Model small_model() {
  const auto network = backbone::PreparedBackbone(mini()).info();
  const head::HeadSpec gru{.kind = head::HeadKind::gru,
                           .features = network.feature_size,
                           .labels = 3,
                           .projection = 4,
                           .hidden = 5};
  const head::HeadSpec mean{
      .kind = head::HeadKind::mean, .features = network.feature_size, .labels = 3};
  return {.labels = {"jump", "run", "walk"},
          .clip = {.frames = 5, .size = network.size},
          .backbone = "mini",
          .fingerprint = network.fingerprint,
          .precision = backbone::Precision::f32,
          .calibration = {},
          .heads = {made_up_head(gru, 1), made_up_head(gru, 2)},
          .baseline = made_up_head(mean, 3)};
}

class ClassifierTest : public ::testing::Test {
protected:
  fs::path make_clip(const std::string& name, int seed) const {
    constexpr int width = 64;
    constexpr int height = 48;
    video::ClipWriter writer(dir / name, width, height, 10);
    for (int t = 0; t < 8; ++t) {
      std::vector<std::uint8_t> rgb(width * height * 3);
      for (std::size_t i = 0; i < rgb.size(); ++i) {
        rgb[i] = static_cast<std::uint8_t>(i / 97 * static_cast<std::size_t>(seed) + 9U * t);
      }
      writer.write(rgb);
    }
    writer.finish();
    return dir / name;
  }
  fs::path make_junk(const std::string& name) const {
    std::ofstream(dir / name) << "this is no video\n";
    return dir / name;
  }
  static std::vector<ClipResult> classify(const std::vector<video::ClipSource>& clips,
                                          const ClassifierOptions& options = f32()) {
    return Classifier(small_model(), options).classify(clips);
  }
  static ClassifierOptions f32() {
    ClassifierOptions options;
    options.precision = backbone::Precision::f32;
    return options;
  }

  TempDir dir;
};

TEST_F(ClassifierTest, GivesAProbabilityForEachLabel) {
  const auto results = classify({make_clip("a.avi", 1)});
  ASSERT_EQ(results.at(0).probabilities.size(), 3U);
  const auto& p = results[0].probabilities;
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-5);
}

TEST_F(ClassifierTest, GivesTheBaselinesProbabilitiesToo) {
  const auto results = classify({make_clip("a.avi", 1)});
  EXPECT_EQ(results.at(0).baseline.size(), 3U);
  EXPECT_NE(results[0].baseline, results[0].probabilities);
}

TEST_F(ClassifierTest, GivesWhatTheHeadsSayOfTheClipsFeatures) {
  const model::Model model = small_model();
  const auto clip = make_clip("a.avi", 3);
  features::ExtractOptions options;
  options.backbone = mini();
  options.clip = model.clip;
  features::Extractor extractor(options);
  Tensor expected;
  extractor.extract(std::vector<video::ClipSource>{clip},
                    [&](std::size_t, const features::ClipFeatures& features) {
                      expected = head::HeadRunner(model.heads).probabilities(features.at("avg"));
                    });
  const auto results = classify({clip});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_FLOAT_EQ(results.at(0).probabilities.at(i), expected.data<float>()[i]);
  }
}

TEST_F(ClassifierTest, AveragesTheSequencesOfAClip) {
  const model::Model model = small_model();
  const auto clip = make_clip("a.avi", 3);
  features::ExtractOptions options;
  options.backbone = mini();
  options.clip = model.clip;
  options.clip.clips = 3;
  std::vector<Tensor> sequences;
  features::Extractor(options).extract(std::vector<video::ClipSource>{clip},
                                       [&](std::size_t, features::ClipFeatures features) {
                                         sequences = features::joined_views(std::move(features));
                                       });
  ASSERT_EQ(sequences.size(), 3U);
  const Tensor each = head::HeadRunner(model.heads).probabilities(sequences);
  ClassifierOptions averaged = f32();
  averaged.clips = 3;
  const auto results = classify({clip}, averaged);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto values = each.data<float>();
    EXPECT_NEAR(results.at(0).probabilities.at(i), (values[i] + values[3 + i] + values[6 + i]) / 3,
                1e-6);
  }
}

TEST_F(ClassifierTest, KeepsTheOrderOfTheClips) {
  const std::vector<video::ClipSource> clips{make_clip("b.avi", 2), make_clip("a.avi", 1),
                                             make_clip("c.avi", 3)};
  const auto together = classify(clips);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    EXPECT_EQ(together.at(i).path, clips[i].path);
    EXPECT_NEAR(together[i].probabilities.at(0), classify({clips[i]}).at(0).probabilities.at(0),
                1e-5);
  }
}

TEST_F(ClassifierTest, ClassifiesMoreClipsThanTheHeadsTakeAtOnce) {
  const std::vector<video::ClipSource> clips(130, make_clip("a.avi", 1));
  ClassifierOptions options = f32();
  options.cache_dir = dir / "cache";
  const auto results = classify(clips, options);
  EXPECT_EQ(results.back().probabilities.size(), 3U);
}

TEST_F(ClassifierTest, NamesTheReasonOfEachUnusableClip) {
  const auto results =
      classify({make_junk("junk.avi"), make_clip("a.avi", 1), dir / "missing.avi"});
  EXPECT_FALSE(results.at(0).error.empty());
  EXPECT_EQ(results.at(1).error, "");
  EXPECT_EQ(results.at(2).error, "file not found");
}

TEST_F(ClassifierTest, GivesNoProbabilitiesOfAnUnusableClip) {
  const auto results = classify({dir / "missing.avi"});
  EXPECT_TRUE(results.at(0).probabilities.empty());
  EXPECT_TRUE(results.at(0).baseline.empty());
}

TEST_F(ClassifierTest, GivesNothingOfNoClips) { EXPECT_TRUE(classify({}).empty()); }

TEST_F(ClassifierTest, SaysOfBytesWhatItSaysOfTheFile) {
  const auto file = make_clip("a.avi", 1);
  const auto expected = classify({file}).at(0);
  const auto result = classify({testing::in_memory(file)}).at(0);
  EXPECT_EQ(result.path, file);
  EXPECT_EQ(result.times, expected.times);
  EXPECT_EQ(result.probabilities, expected.probabilities);
}

TEST_F(ClassifierTest, ClassifiesGivenFramesBesideFilesAndUnusableBytes) {
  const auto results =
      classify({ClipSource::from_bytes(testing::bytes_from("junk"), "upload.mp4"),
                ClipSource::from_frames(Tensor(DType::u8, {2, 48, 64, 3}), {0, 1}, "frames"),
                make_clip("a.avi", 1)});
  EXPECT_EQ(results.at(0).path, "upload.mp4");
  EXPECT_NE(results.at(0).error, "");
  EXPECT_EQ(results.at(1).path, "frames");
  EXPECT_EQ(results.at(1).times, (std::vector<double>{0, 1}));
  EXPECT_EQ(results.at(1).probabilities.size(), 3U);
  EXPECT_EQ(results.at(2).probabilities.size(), 3U);
}

TEST_F(ClassifierTest, ExplainsBytesAsTheFile) {
  const auto file = make_clip("a.avi", 1);
  ExplainOptions options;
  options.classifier = f32();
  Explainer explainer(small_model(), options);
  const Explanation expected = explainer.explain(file);
  const Explanation result = explainer.explain(testing::in_memory(file));
  EXPECT_EQ(result.probabilities, expected.probabilities);
  EXPECT_EQ(result.frames, expected.frames);
}

TEST_F(ClassifierTest, GivesTheSameFromTheCache) {
  ClassifierOptions options = f32();
  options.cache_dir = dir / "cache";
  const std::vector<video::ClipSource> clips{make_clip("a.avi", 1)};
  const auto first = classify(clips, options);
  EXPECT_EQ(classify(clips, options).at(0).probabilities, first.at(0).probabilities);
}

TEST_F(ClassifierTest, CanBeAskedAgain) {
  Classifier classifier(small_model(), f32());
  const std::vector<video::ClipSource> clips{make_clip("a.avi", 1)};
  const auto first = classifier.classify(clips);
  EXPECT_EQ(classifier.classify(clips).at(0).probabilities, first.at(0).probabilities);
}

TEST_F(ClassifierTest, StopsWhenCancelled) {
  const CancellationToken cancel;
  cancel.request();
  Classifier classifier(small_model(), f32());
  EXPECT_THROW(
      (void)classifier.classify(std::vector<video::ClipSource>{make_clip("a.avi", 1)}, {}, cancel),
      Cancelled);
}

/// The names of the clips whose results were handed on before the classifier was told to stop,
/// which it was when it had read `seen` of five.
std::vector<std::string> handed_on_when_stopped(const std::vector<video::ClipSource>& clips,
                                                std::size_t seen,
                                                const ClassifierOptions& options) {
  Classifier classifier(small_model(), options);
  CancellationToken stop;
  std::vector<std::string> names;
  EXPECT_THROW(classifier.classify_each(
                   clips, [&](const ClipResult& each) { names.push_back(each.path.filename()); },
                   [&](const ProgressState& state) {
                     if (state.done == seen) stop.request();
                   },
                   stop),
               Cancelled);
  return names;
}

TEST_F(ClassifierTest, HandsOnWhatIsKnownWhenItIsStopped) {
  std::vector<video::ClipSource> clips;
  for (int i = 1; i <= 5; ++i) clips.emplace_back(make_clip(std::to_string(i) + ".avi", i));
  const auto names = handed_on_when_stopped(clips, 3, f32());
  EXPECT_GE(names.size(), 3U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ClassifierTest, HandsResultsOnInTheOrderOfTheClips) {
  std::vector<video::ClipSource> clips{make_junk("1"), make_clip("2.avi", 2), make_junk("3"),
                                       make_clip("4.avi", 4), make_clip("5.avi", 5)};
  std::string order;
  Classifier(small_model(), f32()).classify_each(clips, [&](const ClipResult& each) {
    order += each.path.stem().string() + (each.error.empty() ? "" : "!");
  });
  EXPECT_EQ(order, "1!23!45");
}

TEST_F(ClassifierTest, KnowsItsModel) {
  EXPECT_EQ(Classifier(small_model(), f32()).model().labels, small_model().labels);
}

/// What the constructor says of a model; empty if it takes it.
std::string complaint(const model::Model& model) {
  try {
    const Classifier classifier(model, {});
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_F(ClassifierTest, RefusesAModelThatWasTrainedWithOtherWeights) {
  model::Model other = small_model();
  other.fingerprint = std::string(64, '0');
  EXPECT_NE(complaint(other).find("trained with other weights of mini"), std::string::npos);
}

TEST_F(ClassifierTest, RefusesAModelWhoseHeadReadsOtherFeatures) {
  model::Model other = small_model();
  other.baseline = made_up_head({.kind = head::HeadKind::mean, .features = 2048, .labels = 3});
  EXPECT_NE(complaint(other), "");
}

TEST_F(ClassifierTest, RefusesAModelWithMoreLabelsThanItsHeadsKnow) {
  model::Model other = small_model();
  other.labels.emplace_back("sit");
  EXPECT_NE(complaint(other), "");
}

TEST_F(ClassifierTest, RefusesAModelWithoutHeads) {
  model::Model other = small_model();
  other.heads.clear();
  EXPECT_NE(complaint(other), "");
}

TEST_F(ClassifierTest, RefusesAModelOfAnUnknownBackbone) {
  model::Model other = small_model();
  other.backbone = "nonesuch";
  EXPECT_NE(complaint(other), "");
}

/// small_model() with a motion stream beside its heads.
class ClassifierWithMotion : public ClassifierTest {
protected:
  static model::Model joined_model() {
    model::Model model = small_model();
    model.motion = testing::made_up_motion_stream(3);
    return model;
  }
  [[nodiscard]] ClipResult result_of(const fs::path& file, bool follow = false) const {
    ClassifierOptions options = f32();
    options.follow = follow;
    return Classifier(joined_model(), options).classify(std::vector<video::ClipSource>{file}).at(0);
  }
  fs::path clip = testing::film(dir / "clip.mp4", {.seconds = 1});
};

TEST_F(ClassifierWithMotion, JoinsItsStreams) {
  const ClipResult result = result_of(clip);
  const auto row = [](const std::vector<float>& values) {
    return Tensor::from<float>({1, values.size()}, values);
  };
  const Tensor expected = train::joined_probabilities(row(result.appearance), row(result.motion),
                                                      joined_model().motion->weights);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(result.probabilities.at(i), expected.data<float>()[i], 1e-6);
  }
}

TEST_F(ClassifierWithMotion, LeansOnMotionInAPlaceUnlikeThoseTrainedIn) {
  model::Model model = joined_model();
  Tensor looks(DType::f32, {1, model.heads.front().spec.features});
  std::fill(looks.data<float>().begin(), looks.data<float>().end(), -1.F);
  model.motion->places = {.looks = looks, .usual = 0.1, .far = 0.2};
  model.motion->weights.motion_elsewhere = 1;
  const ClipResult result =
      Classifier(model, f32()).classify(std::vector<video::ClipSource>{clip}).at(0);
  EXPECT_EQ(result.novelty, 1);
  EXPECT_EQ(result.motion_weight, 1);
  const auto best = [](const std::vector<float>& values) {
    return std::max_element(values.begin(), values.end()) - values.begin();
  };
  EXPECT_EQ(best(result.probabilities), best(result.motion));
}

TEST_F(ClassifierWithMotion, HasTheAppearanceOfTheModelWithoutIt) {
  const auto without = classify({clip}).at(0).probabilities;
  const auto with = result_of(clip).appearance;
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(with.at(i), without.at(i), 1e-6);
}

TEST_F(ClassifierWithMotion, TellsNoStreamsWithoutIt) {
  EXPECT_TRUE(classify({clip}).at(0).motion.empty());
}

TEST_F(ClassifierWithMotion, FollowsBothStreamsToTheEnd) {
  const ClipResult result = result_of(clip, true);
  ASSERT_EQ(result.so_far.dim(0), result.times.size());
  float sum = 0;
  for (const float p : result.so_far.data<float>().last(3)) sum += p;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(ClassifierWithMotion, AnswersForAClipOfOnePicture) {
  const ClipResult result = result_of(testing::film(dir / "one.mp4", {.seconds = 0.04}));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.probabilities.size(), 3U);
}

TEST_F(ClassifierWithMotion, ExplainsItByShares) {
  const Explanation found =
      Explainer(joined_model(), {.classifier = f32(), .steps = 2}).explain(clip);
  ASSERT_TRUE(found.motion);
  double moments = 0;
  for (const double value : found.motion->moments) moments += value;
  double places = 0;
  for (const float value : found.motion->places.data<float>()) places += value;
  EXPECT_NEAR(moments, found.motion->score, 1e-6);
  EXPECT_NEAR(places, found.motion->score, 1e-3 * std::abs(found.motion->score) + 1e-4);
}

TEST_F(ClassifierWithMotion, ExplainsTheJoinedAnswer) {
  const Explanation found =
      Explainer(joined_model(), {.classifier = f32(), .steps = 2}).explain(clip);
  const ClipResult result = result_of(clip);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(found.probabilities.at(i), result.probabilities.at(i), 1e-5);
  }
}

}  // namespace
}  // namespace vidclass::classify

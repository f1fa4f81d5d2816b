// What the verbs print: one JSON document with the promised keys, or plain text.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

void expect_keys(const Json& document, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) EXPECT_TRUE(document.contains(key)) << key;
}

void expect_fractions(const Json& document, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    ASSERT_TRUE(document.contains(key)) << key;
    const auto value = document.at(key).get<double>();
    EXPECT_GE(value, 0) << key;
    EXPECT_LE(value, 1) << key;
  }
}

void expect_scores(const Json& scores) {
  expect_fractions(scores, {"top1", "top5", "mean_class_accuracy"});
  EXPECT_GE(scores.at("loss").get<double>(), 0);
  EXPECT_GE(scores.at("top5").get<double>(), scores.at("top1").get<double>());
}

/// Clips counted in a confusion matrix.
std::size_t sum_of(const Json& confusion) {
  std::size_t sum = 0;
  for (const Json& row : confusion) {
    for (const Json& count : row) sum += count.get<std::size_t>();
  }
  return sum;
}

/// The document, after a run that must have ended with 0. json() throws if there
/// is anything but one document on stdout.
Json json_of(Arguments words) {
  words.insert(words.begin() + 1, "--json");
  const Result result = run(words);
  EXPECT_EQ(result.status, 0) << result.err;
  return result.json();
}

TEST(JsonOfGenerate, CountsClassesAndClips) {
  const TempDir dir;
  const Json document =
      json_of({"generate", dir / "clips", "--groups", "2", "--clips-per-group", "1"});
  expect_keys(document, {"dir", "seed"});
  EXPECT_EQ(document.at("classes"), 8);
  EXPECT_EQ(document.at("clips"), 16);
}

TEST(JsonOfScan, HasLayoutClassesSplitsAndUnusableClips) {
  const Json document = json_of({"scan", demo_clips()});
  expect_keys(document, {"labels", "unusable", "warnings"});
  EXPECT_EQ(document.at("layout"), "ucf101");
  EXPECT_EQ(document.at("clips"), 32);
  ASSERT_EQ(document.at("classes").size(), 8U);
  for (const Json& entry : document.at("classes")) {
    expect_keys(entry, {"label", "train", "val", "test", "none"});
  }
}

TEST(JsonOfExtract, HasTheKeysThatScriptsRelyOn) {
  const Json document = json_of({"extract", demo_clips(), "--backbone", "mini"});
  expect_keys(document, {"seconds", "frames_per_second", "precision"});
  EXPECT_EQ(document.at("clips"), 32);
  EXPECT_EQ(document.at("frames"), 32 * 20);
  EXPECT_EQ(document.at("cached"), 0);
  EXPECT_TRUE(document.at("unusable").is_array());
}

TEST(JsonOfTrain, HasTheKeysThatScriptsRelyOn) {
  const TempDir dir;
  const Json document = json_of({"train", demo_clips(), "-o", dir / "m.safetensors", "--backbone",
                                 "mini", "--epochs", "2", "--members", "1", "--seed", "7"});
  expect_keys(document, {"seconds", "train_loss"});
  expect_fractions(document, {"val_top1"});
  EXPECT_EQ(document.at("epochs"), 2);
  EXPECT_EQ(document.at("seed"), 7);
  EXPECT_EQ(document.at("model"), (dir / "m.safetensors").string());
}

TEST(JsonOfEvaluate, HasTheKeysThatScriptsRelyOn) {
  const Json document = json_of({"evaluate", demo_model(), demo_clips()});
  expect_scores(document);
  expect_scores(document.at("baseline"));
  EXPECT_TRUE(document.at("unusable").empty());
  EXPECT_EQ(document.at("labels").size(), 8U);
  EXPECT_EQ(document.at("clips"), 8);
  EXPECT_EQ(sum_of(document.at("confusion")), 8U);
}

TEST(JsonOfEvaluate, HasIntervalsClassesCalibrationAndTests) {
  const Json document = json_of({"evaluate", demo_model(), demo_clips()});
  EXPECT_EQ(document.at("classes").size(), 8U);
  expect_fractions(document.at("calibration"), {"ece", "mean_confidence"});
  const Json& top1 = document.at("intervals").at("top1");
  EXPECT_LE(top1.at(0).get<double>(), document.at("top1").get<double>());
  EXPECT_GE(top1.at(1).get<double>(), document.at("top1").get<double>());
  ASSERT_EQ(document.at("tests").size(), 3U);  // the baseline and each stream
  expect_fractions(document.at("tests").at(0).at("mcnemar"), {"p_value"});
}

TEST(JsonOfEvaluate, TellsOfEachStream) {
  const Json document = json_of({"evaluate", demo_model(), demo_clips()});
  EXPECT_EQ(document.at("tests").at(1).at("name"), "appearance alone");
  EXPECT_EQ(document.at("tests").at(2).at("name"), "motion alone");
  EXPECT_EQ(document.at("streams").at("weights").size(), 11U);
}

TEST(JsonOfEvaluate, ComparesAModelWithItselfAsEqual) {
  const Json document = json_of(
      {"evaluate", demo_model(), demo_clips(), "--against", demo_model(), "--also", demo_model()});
  const Json& test = document.at("tests").at(1).at("mcnemar");
  EXPECT_EQ(test.at("only_first"), 0);
  EXPECT_EQ(test.at("only_second"), 0);
  EXPECT_EQ(test.at("p_value"), 1);
  const Json& scores = document.at("heads").at(0).at("top1");
  EXPECT_EQ(scores.at("values").size(), 2U);
  EXPECT_EQ(scores.at("deviation"), 0);
}

TEST(ReportOfEvaluate, IsAPageBesideTheDocument) {
  const TempDir dir;
  const Json document =
      json_of({"evaluate", demo_model(), demo_clips(), "--report", dir / "r.html"});
  EXPECT_EQ(document.at("clips"), 8);
  EXPECT_EQ(files_below(dir.path()).size(), 2U);  // and the list of what vidclass wrote
  EXPECT_GT(std::filesystem::file_size(dir / "r.html"), 100'000U);
}

TEST(JsonOfEvaluate, CountsTheClipsOfEachSplit) {
  const std::vector<std::pair<std::string, int>> splits{
      {"train", 16}, {"val", 8}, {"test", 8}, {"all", 32}};
  for (const auto& [split, clips] : splits) {
    EXPECT_EQ(json_of({"evaluate", demo_model(), demo_clips(), "--split", split}).at("clips"),
              clips)
        << split;
  }
}

TEST(JsonOfPredict, HasProbabilitiesOfEveryLabelThatSumToOne) {
  const Json document =
      json_of({"predict", demo_model(), demo_clip("Rise"), demo_clip("Fall"), "--top", "8"});
  ASSERT_EQ(document.at("clips").size(), 2U);
  for (const Json& clip : document.at("clips")) {
    ASSERT_EQ(clip.at("predictions").size(), 8U);
    double sum = 0;
    for (const Json& prediction : clip.at("predictions")) {
      expect_fractions(prediction, {"probability"});
      sum += prediction.at("probability").get<double>();
    }
    EXPECT_NEAR(sum, 1, 1e-4);
  }
  EXPECT_EQ(document.at("clips")[0].at("path"), demo_clip("Rise").string());
}

TEST(JsonOfPredict, RanksTheMostProbableLabelFirst) {
  const Json document = json_of({"predict", demo_model(), demo_clip("Rise"), "--top", "8"});
  const Json& predictions = document.at("clips")[0].at("predictions");
  for (std::size_t i = 1; i < predictions.size(); ++i) {
    EXPECT_GE(predictions[i - 1].at("probability"), predictions[i].at("probability"));
  }
}

TEST(JsonOfRun, HoldsTheDocumentsOfItsSteps) {
  const TempDir dir;
  const Json document = json_of({"run", demo_clips(), "-o", dir / "out", "--backbone", "mini",
                                 "--epochs", "2", "--members", "1"});
  expect_keys(document, {"scan", "extract", "train", "evaluate", "heads"});
  EXPECT_EQ(document.at("extract").at("clips"), 32);
  expect_fractions(document.at("train"), {"val_top1"});
  expect_scores(document.at("evaluate"));
  expect_scores(document.at("evaluate").at("baseline"));
  EXPECT_EQ(sum_of(document.at("evaluate").at("confusion")), 8U);
  for (const char* head : {"gru", "keras-gru", "mean"}) {
    expect_fractions(document.at("heads").at(head), {"test_top1_mean", "val_top1_mean"});
  }
}

TEST(JsonOfBackboneList, NamesTheNetworks) {
  const Json document = json_of({"backbone", "list"});
  std::vector<std::string> names;
  for (const Json& entry : document.at("backbones")) {
    expect_keys(entry, {"description", "features", "size", "weights"});
    names.push_back(entry.at("name"));
  }
  EXPECT_NE(std::find(names.begin(), names.end(), "xception"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "mini"), names.end());
}

TEST(JsonOfBackboneList, IsAlsoAskedForAfterTheSecondWord) {
  const Result result = run({"backbone", "list", "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.json().contains("backbones"));
}

TEST(TextOfPredict, IsTheClipAndItsLabelsInPerCent) {
  const auto lines = lines_of(run({"predict", demo_model(), demo_clip("Rise")}).out);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], demo_clip("Rise").string());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_TRUE(lines[i].ends_with(" %")) << lines[i];
  }
}

TEST(TextOfPredict, HasAsManyLabelsAsTopAsksFor) {
  EXPECT_EQ(lines_of(run({"predict", demo_model(), demo_clip("Rise"), "--top", "2"}).out).size(),
            3U);
}

TEST(TextOfPredict, WritesControlCharactersOfANameOut) {
  const TempDir dir;
  const fs::path clip = dir / "x\x1b[2J\u202E\nwarning: forged.avi";
  fs::copy_file(demo_clip("Rise"), clip);
  const Result result = run({"predict", demo_model(), clip});
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
  EXPECT_NE(result.out.find("x\\x1b[2J\\u202e\\nwarning: forged.avi\n"), std::string::npos)
      << result.out;
}

TEST(TextOfScan, WritesControlCharactersOfALabelOut) {
  const TempDir dir;
  for (const char* label : {"a", "b\x1b[31m\nwarning: forged"}) {
    fs::create_directories(dir / label);
    fs::copy_file(demo_clip("Rise"), dir / label / "clip.avi");
  }
  const Result result = run({"scan", dir.path(), "--quick"});
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
  EXPECT_NE(result.out.find("  b\\x1b[31m\\nwarning: forged  "), std::string::npos) << result.out;
}

TEST(TextOfPredict, IsPlainWhereNobodyLooks) {
  const Result result = run({"predict", demo_model(), demo_clip("Rise"), demo_clip("Fall")});
  for (const std::string& text : {result.out, result.err}) {
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) {
      return c == '\n' || (c >= ' ' && c <= '~');
    })) << text;
  }
}

TEST(TextOfPredict, LabelsEveryVideoOfAFolder) {
  const auto lines =
      lines_of(run({"predict", demo_model(), demo_clips() / "Rise", "--top", "1"}).out);
  ASSERT_EQ(lines.size(), 8U);
  for (int group = 1; group <= 4; ++group) {
    EXPECT_EQ(lines[2 * (static_cast<std::size_t>(group) - 1)], demo_clip("Rise", group).string());
  }
}

TEST(QuietRuns, SayNothingOnStderr) {
  const TempDir dir;
  for (const Arguments& words : {Arguments{"scan", demo_clips(), "-q"},
                                 Arguments{"extract", demo_clips(), "--backbone", "mini", "-q"},
                                 Arguments{"train", demo_clips(), "-o", dir / "m", "--backbone",
                                           "mini", "--epochs", "1", "--quiet"}}) {
    const Result result = run(words);
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.err, "") << words[0];
  }
}

TEST(FilesOfRun, AreThoseThatHelpNamesAndTheirList) {
  const TempDir dir;
  const Result result = run({"run", demo_clips(), "-o", dir / "out", "--backbone", "mini",
                             "--epochs", "1", "--members", "1", "--no-compare"});
  EXPECT_EQ(result.status, 0) << result.err;
  std::vector<std::string> names;
  for (const auto& file : files_below(dir / "out")) names.push_back(file.filename());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names,
            (std::vector<std::string>{".vidclass-outputs", "evaluation.json", "manifest.csv",
                                      "model.safetensors", "predictions.csv", "report.html"}));
}

}  // namespace
}  // namespace vidclass::cli::testing

// Requests that are wrong in themselves: status 2, one line, nothing done.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

TEST(WrongUse, IsNoVerb) { expect_wrong_use(run({}), {"--help"}); }

TEST(WrongUse, IsAnUnknownVerb) { expect_wrong_use(run({"transcode"}), {"transcode"}); }

TEST(WrongUse, IsAnUnknownOption) {
  expect_wrong_use(run({"scan", demo_clips(), "--colour"}), {"--colour", "vidclass scan --help"});
}

TEST(WrongUse, IsAMissingArgument) { expect_wrong_use(run({"predict", "m"}), {"CLIP"}); }

TEST(WrongUse, IsAMissingOutput) { expect_wrong_use(run({"train", demo_clips()}), {"--output"}); }

struct WrongValue {
  std::string name;
  std::string verb;
  Arguments option;
  std::vector<std::string> said;
};

void PrintTo(const WrongValue& wrong, std::ostream* out) { *out << wrong.name; }

class WrongValueOf : public ::testing::TestWithParam<WrongValue> {
protected:
  /// The verb with all it needs, and the wrong option.
  [[nodiscard]] Arguments arguments() const {
    Arguments words{GetParam().verb};
    if (words[0] == "predict") {
      words.insert(words.end(), {demo_model(), demo_clip("Rise")});
    } else if (words[0] == "evaluate") {
      words.insert(words.end(), {demo_model(), demo_clips()});
    } else if (words[0] == "generate") {
      words.push_back(output());
    } else {
      words.push_back(demo_clips());
    }
    if (words[0] == "train" || words[0] == "run") words.insert(words.end(), {"-o", output()});
    words.insert(words.end(), GetParam().option.begin(), GetParam().option.end());
    return words;
  }
  [[nodiscard]] std::string output() const { return dir_ / "output"; }

private:
  TempDir dir_;
};

TEST_P(WrongValueOf, IsRefusedInOneLineAndNothingIsWritten) {
  expect_wrong_use(run(arguments()), GetParam().said);
  EXPECT_FALSE(std::filesystem::exists(output()));
}

std::vector<WrongValue> wrong_values() {
  return {
      {"FramesOfNone", "extract", {"--frames", "0"}, {"--frames", "0", "10000"}},
      {"FramesInWords", "extract", {"--frames", "many"}, {"--frames", "many"}},
      {"ThreadsBelowZero", "scan", {"--threads", "-1"}, {"--threads", "-1"}},
      {"TopOfNone", "predict", {"--top", "0"}, {"--top", "0"}},
      {"FoldOfZero", "scan", {"--fold", "0"}, {"--fold", "0"}},
      {"FoldThatIsNotThere", "scan", {"--fold", "7"}, {"fold 7", "trainlist07"}},
      {"SplitsThatAreNotThere", "scan", {"--splits", "nowhere"}, {"nowhere"}},
      {"SizeBelowZero", "extract", {"--backbone", "mini", "--size", "-3"}, {"--size", "-3"}},
      {"SizeTooSmallForTheNetwork",
       "extract",
       {"--backbone", "mini", "--size", "5"},
       {"5", "mini", "choose"}},
      {"BackboneUnknown", "extract", {"--backbone", "resnet"}, {"resnet", "xception", "mini"}},
      {"PrecisionUnknown",
       "extract",
       {"--backbone", "mini", "--precision", "fp8"},
       {"fp8", "bf16"}},
      {"PrecisionUnknownToPredict", "predict", {"--precision", "fp8"}, {"fp8", "bf16"}},
      {"PoolingUnknown",
       "extract",
       {"--backbone", "mini", "--pooling", "max"},
       {"max", "avg,motion,middle"}},
      {"PoolingOfAMiddleThatIsNotThere",
       "extract",
       {"--backbone", "mini", "--pooling", "avg,motion,middle"},
       {"no map in the middle", "choose avg,motion"}},
      {"SamplingUnknown",
       "extract",
       {"--backbone", "mini", "--sampling", "random"},
       {"random", "uniform"}},
      {"CropUnknown", "extract", {"--backbone", "mini", "--crop", "left"}, {"left", "motion"}},
      {"CropThatKerasDoesNotMake",
       "extract",
       {"--backbone", "mini", "--preprocess", "keras", "--crop", "motion"},
       {"crop", "keras"}},
      {"PreprocessingUnknown",
       "extract",
       {"--backbone", "mini", "--preprocess", "none"},
       {"none", "standard"}},
      {"HeadUnknown", "train", {"--backbone", "mini", "--head", "lstm"}, {"lstm", "keras-gru"}},
      {"AugmentationUnknown",
       "train",
       {"--backbone", "mini", "--augment", "blurred"},
       {"blurred", "faded"}},
      {"AugmentationThatTheHeadDoesNotDraw",
       "train",
       {"--backbone", "mini", "--head", "keras-gru", "--augment", "faded"},
       {"keras-gru", "plain clips"}},
      {"ViewsByTheirFormerName", "train", {"--views", "scene"}, {"--ensemble", "appearance"}},
      {"LooksByTheirFormerName", "train", {"--looks", "plain"}, {"--augment none"}},
      {"OptimiserByItsFormerName", "run", {"--optimizer", "sgd"}, {"--optimiser"}},
      {"EpochsOfNone", "train", {"--backbone", "mini", "--epochs", "0"}, {"epochs", "0"}},
      {"MembersOfNone", "train", {"--backbone", "mini", "--members", "0"}, {"members", "0"}},
      {"BatchOfNone", "train", {"--backbone", "mini", "--batch-size", "0"}, {"batch", "0"}},
      {"LearningRateBelowZero",
       "train",
       {"--backbone", "mini", "--learning-rate", "-1"},
       {"learning", "-1"}},
      {"FinetuningUnknownBlocks",
       "train",
       {"--backbone", "mini", "--finetune", "block9"},
       {"block9", "block14"}},
      {"FinetuningOptionsAlone",
       "train",
       {"--backbone", "mini", "--finetune-bn"},
       {"--finetune block14"}},
      {"FinetuningMini",
       "train",
       {"--backbone", "mini", "--finetune", "block14"},
       {"mini", "xception"}},
      {"BackboneUnknownToRun", "run", {"--backbone", "resnet"}, {"resnet"}},
      {"PrecisionUnknownToRun", "run", {"--backbone", "mini", "--precision", "fp8"}, {"fp8"}},
      {"HeadUnknownToRun", "run", {"--backbone", "mini", "--head", "lstm"}, {"lstm"}},
      {"EpochsOfNoneInRun", "run", {"--backbone", "mini", "--epochs", "0"}, {"epochs", "0"}},
      {"SeedsOfNone", "run", {"--backbone", "mini", "--seeds", "0"}, {"--seeds"}},
      {"SplitUnknown", "evaluate", {"--split", "holdout"}, {"holdout", "test"}},
      {"GroupsTooFew", "generate", {"--groups", "1"}, {"groups", "2 to 99"}},
  };
}

INSTANTIATE_TEST_SUITE_P(Options, WrongValueOf, ::testing::ValuesIn(wrong_values()),
                         [](const auto& tested) { return tested.param.name; });

TEST(WrongUse, OfASizeIsToldWithoutHugeNumbers) {
  EXPECT_LT(run({"extract", demo_clips(), "--size", "-3"}).err.size(), 200U);
}

TEST(WrongUse, IsDataThatIsNotThere) {
  for (const char* verb : {"scan", "extract"}) {
    expect_wrong_use(run({verb, "no/such/data"}), {"no/such/data", "sub-folder"});
  }
}

TEST(WrongUse, IsPredictingAClipThatIsNotThere) {
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), "no/such/clip.avi"}),
                   {"no/such/clip.avi", "no such file"});
}

TEST(WrongUse, IsOneClipAsData) {
  expect_wrong_use(run({"scan", demo_clip("Rise")}),
                   {demo_clip("Rise").string(), "not a data set"});
}

TEST(WrongUse, IsGeneratingIntoAFolderOfOtherThings) {
  const TempDir dir;
  write_text(dir / "diary.txt", "dear diary");
  expect_wrong_use(run({"generate", dir.path()}), {dir.path().string()});
  EXPECT_EQ(files_below(dir.path()).size(), 1U);
}

TEST(WrongUse, IsPredictingAFolderWithoutVideos) {
  expect_wrong_use(run({"predict", demo_model(), demo_clips() / "splits"}), {"splits"});
}

TEST(WrongUse, IsEvaluatingLabelsThatTheModelDoesNotKnow) {
  const TempDir dir;
  copy_classes(dir.path(), {"Rise"});
  std::filesystem::create_directories(dir / "Somersault");
  std::filesystem::copy(demo_clips() / "Fall", dir / "Somersault");
  expect_wrong_use(run({"evaluate", demo_model(), dir.path()}),
                   {"Somersault", demo_model().string()});
}

TEST(WrongUse, IsEvaluatingASplitWithoutClips) {
  const TempDir dir;
  write_text(dir / "clips.csv", "path,label,split\n" + demo_clip("Rise").string() +
                                    ",Rise,train\n" + demo_clip("Fall").string() + ",Fall,val\n");
  expect_wrong_use(run({"evaluate", demo_model(), dir / "clips.csv", "-q"}),
                   {"clips.csv", "test", "the split \"all\""});
}

}  // namespace
}  // namespace vidclass::cli::testing

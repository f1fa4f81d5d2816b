// What the program tells of itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "core/format.hpp"
#include "dataset/generate.hpp"
#include "pipeline/evaluate.hpp"
#include "pipeline/feature_options.hpp"
#include "pipeline/train.hpp"
#include "pipeline/tune.hpp"
#include "program.hpp"

namespace vidclass::cli::testing {
namespace {

/// The entries of a section of the help text: name and meaning.
struct Entry {
  std::string name;
  std::string meaning;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first);
}

std::vector<Entry> entries_of(const std::string& help, const std::string& section) {
  std::vector<Entry> entries;
  std::istringstream stream(help);
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("  ")) {
      inside = line == section + ":";
    } else if (inside && line[2] != ' ') {
      const auto gap = line.find("  ", 2);
      const bool has_meaning = gap != std::string::npos;
      entries.push_back({line.substr(2, has_meaning ? gap - 2 : gap),
                         has_meaning ? trimmed(line.substr(gap)) : ""});
    } else if (inside && !entries.empty()) {
      entries.back().meaning += trimmed(line);
    }
  }
  return entries;
}

std::vector<std::string> commands() {
  std::vector<std::string> names;
  for (const Entry& entry : entries_of(run({"--help"}).out, "Subcommands")) {
    names.push_back(entry.name);
  }
  return names;
}

/// The headings of a help text: "Data", "Frames", ...
std::vector<std::string> groups_of(const std::string& help) {
  std::vector<std::string> groups;
  std::istringstream stream(help);
  for (std::string line; std::getline(stream, line);) {
    if (line.size() > 1 && line.back() == ':' && line[0] != ' ') {
      groups.push_back(line.substr(0, line.size() - 1));
    }
  }
  return groups;
}

std::size_t options_in(const std::string& help) {
  std::size_t count = 0;
  for (const std::string& group : groups_of(help)) {
    if (group != "Positionals" && group != "Usage" && group != "Subcommands") {
      count += entries_of(help, group).size();
    }
  }
  return count;
}

class HelpOf : public ::testing::TestWithParam<std::string> {};

TEST_P(HelpOf, GoesToStdoutAlone) {
  const Result help = run({GetParam(), "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  EXPECT_NE(help.out.find("vidclass " + GetParam()), std::string::npos) << help.out;
}

TEST_P(HelpOf, TellsTheMeaningOfEveryOption) {
  const std::string help = run({GetParam(), "--help-all"}).out;
  EXPECT_GE(options_in(help), 2U) << help;
  for (const std::string& section : groups_of(help)) {
    for (const Entry& entry : entries_of(help, section)) {
      EXPECT_NE(entry.meaning, "") << entry.name;
    }
  }
}

TEST_P(HelpOf, OffersJson) {
  EXPECT_NE(run({GetParam(), "--help"}).out.find("--json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EveryCommand, HelpOf, ::testing::ValuesIn(commands()),
                         [](const auto& tested) { return tested.param; });

TEST(Help, OfTrainShowsTheCommonOptionsAndAllOnRequest) {
  const std::string common = run({"train", "--help"}).out;
  const std::string all = run({"train", "--help-all"}).out;
  EXPECT_LT(options_in(common), 40U) << common;
  EXPECT_GT(options_in(all), options_in(common) + 20) << all;
  for (const char* option : {"--backbone", "--frames", "--head", "--epochs", "--output"}) {
    EXPECT_NE(common.find(option), std::string::npos) << option;
  }
  EXPECT_EQ(common.find("--nesterov"), std::string::npos);
  EXPECT_NE(all.find("--nesterov"), std::string::npos);
}

TEST(Help, StandsInGroups) {
  const auto groups = groups_of(run({"train", "--help-all"}).out);
  for (const char* group :
       {"Data", "Decoding limits", "Frames", "Backbone", "Head", "Optimiser", "Output"}) {
    EXPECT_NE(std::find(groups.begin(), groups.end(), group), groups.end()) << group;
  }
}

TEST(Help, ShowsNoFormerSpellings) {
  const std::string all = run({"train", "--help-all"}).out;
  for (const char* former : {"--views", "--looks", "--optimizer"}) {
    EXPECT_EQ(all.find(former), std::string::npos) << former;
  }
}

struct ShownDefault {
  std::string command;
  std::string option;
  std::string value;  // of the library
};

/// The words of an option in a help text.
std::string entry_of(const std::string& help, const std::string& option) {
  for (const std::string& group : groups_of(help)) {
    for (const Entry& entry : entries_of(help, group)) {
      const std::string names = entry.name + " ";
      for (const char* after : {" ", ","}) {
        if (names.starts_with(option + after) ||
            names.find("," + option + after) != std::string::npos) {
          return entry.name + " " + entry.meaning;
        }
      }
    }
  }
  return "(none)";
}

class DefaultOf : public ::testing::TestWithParam<ShownDefault> {};

TEST_P(DefaultOf, IsTheLibrarys) {
  const std::string help = run({GetParam().command, "--help-all"}).out;
  const std::string entry = entry_of(help, GetParam().option);
  // As CLI11 writes it up to 2.3, and since.
  const bool shown = entry.find("=" + GetParam().value) != std::string::npos ||
                     entry.find("[" + GetParam().value) != std::string::npos;
  EXPECT_TRUE(shown) << GetParam().option << " should be " << GetParam().value << " in: " << entry;
}

std::string text_of(double value) { return format("{}", value); }

std::vector<ShownDefault> library_defaults() {
  const FeatureOptions features;
  const MachineOptions machine;
  const train::CheckpointOptions checkpoints;
  const pipeline::HeadRequest head;
  const train::Recipe recipe = train::recipe_for(head::HeadKind::gru);
  const pipeline::TrainRequest training;
  const pipeline::EvaluateRequest evaluation;
  const pipeline::TuneRequest tuning;
  const dataset::GenerateOptions generated;
  return {{"train", "--backbone", features.backbone},
          {"train", "--precision", std::string(backbone::to_string(features.precision))},
          {"train", "--device", features.device},
          {"train", "--size", text_of(features.size)},
          {"train", "--pooling", std::string(pipeline::to_string(features.pooling))},
          {"train", "--batch", text_of(features.batch)},
          {"train", "--frames", text_of(features.frames)},
          {"train", "--sampling", std::string(video::to_string(features.sampling))},
          {"train", "--stride", text_of(features.stride)},
          {"train", "--candidates", text_of(features.candidates)},
          {"train", "--fps", text_of(features.fps)},
          {"train", "--crop", features.crop ? "centre" : "auto"},
          {"train", "--preprocess", std::string(video::to_string(features.preprocess))},
          {"train", "--cache-dtype", features.half ? "float16" : "float32"},
          {"train", "--threads", text_of(machine.threads)},
          {"train", "--max-pixels", std::to_string(machine.limits.max_pixels)},
          {"train", "--max-duration", text_of(machine.limits.max_duration)},
          {"train", "--max-stall", text_of(machine.limits.max_stall)},
          {"train", "--checkpoint-seconds", text_of(checkpoints.seconds)},
          {"train", "--checkpoint-epochs", text_of(checkpoints.epochs)},
          {"train", "--head", std::string(head::to_string(head.options.spec.kind))},
          {"train", "--feature-memory", text_of(double(head.most_in_memory) / 1e6)},
          {"train", "--epochs", text_of(recipe.epochs)},
          {"train", "--members", text_of(recipe.members)},
          {"train", "--hidden", text_of(double(head.options.spec.hidden))},
          {"train", "--batch-size", text_of(recipe.batch_size)},
          {"train", "--accumulate", text_of(recipe.accumulate)},
          {"train", "--learning-rate", text_of(recipe.learning_rate)},
          {"train", "--schedule", std::string(train::to_string(recipe.schedule))},
          {"train", "--warm-up", text_of(recipe.warm_up)},
          {"train", "--optimiser", std::string(train::to_string(recipe.optimiser))},
          {"train", "--momentum", text_of(recipe.momentum)},
          {"train", "--weight-decay", text_of(recipe.weight_decay)},
          {"train", "--clip-norm", text_of(recipe.clip_norm)},
          {"train", "--label-smoothing", text_of(recipe.label_smoothing)},
          {"train", "--dropout", text_of(recipe.output_dropout)},
          {"train", "--patience", text_of(recipe.patience)},
          {"train", "--seed", std::to_string(training.seed)},
          {"train", "--seeds", text_of(training.seeds)},
          {"evaluate", "--split", evaluation.split},
          {"evaluate", "--clips", text_of(evaluation.classifier.clips)},
          {"evaluate", "--precision",
           std::string(backbone::to_string(evaluation.classifier.precision))},
          {"tune", "--trials", text_of(tuning.trials)},
          {"generate", "--groups", text_of(generated.groups)},
          {"generate", "--clips-per-group", text_of(generated.clips_per_group)}};
}

INSTANTIATE_TEST_SUITE_P(Options, DefaultOf, ::testing::ValuesIn(library_defaults()),
                         [](const auto& tested) {
                           std::string name = tested.param.command + tested.param.option;
                           std::erase_if(name, [](char c) { return c == '-'; });
                           return name;
                         });

TEST(Help, NamesEveryCommandWithASummary) {
  const Result help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  for (const Entry& entry : entries_of(help.out, "Subcommands")) {
    EXPECT_NE(entry.meaning, "") << entry.name;
  }
}

TEST(Help, TellsWhatTheExitStatusMeans) {
  EXPECT_NE(run({"--help"})
                .out.find("0 done; 1 failed; 2 usage error; 3 done, but some clips were unusable"),
            std::string::npos);
}

TEST(Version, IsOneLineOnStdout) {
  const Result version = run({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.err, "");
  EXPECT_TRUE(version.out.starts_with("vidclass ")) << version.out;
  EXPECT_EQ(version.out.find('\n'), version.out.size() - 1);
}

}  // namespace
}  // namespace vidclass::cli::testing
